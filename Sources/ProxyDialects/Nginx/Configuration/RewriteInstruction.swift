import WireBasics

/// One line of the rewrite module, in the order it is carried out.
///
/// Source: nginx `ngx_http_rewrite_module.c`; the lines of an `if` run in the same script as those around it.
indirect enum RewriteInstruction: Sendable {
    /// `set $variable value;`
    case set(VariableID, ComplexValue, ConfigLocation)
    /// `if (…) { … }`: the condition, the location whose settings hold inside (by index; nil in a server), its lines.
    case condition(RewriteCondition, settings: Int?, [RewriteInstruction], ConfigLocation)
    /// `rewrite regex replacement flag;`
    case rewrite(RewriteRule)
    /// `return …;`
    case answer(ReturnRule)
    /// `break;`
    case stop(ConfigLocation)
    /// A line of the rewrite module that the model does not know.
    case unmodelled(UnmodelledLine)
}

/// What an `if` asks.
struct RewriteCondition: Sendable {
    /// The question.
    enum Question: Sendable {
        /// `$variable`: neither empty nor `0`.
        case isSet(VariableID)
        /// `$variable = text`.
        case equals(VariableID, ComplexValue)
        /// `$variable ~ regex`.
        case matches(VariableID, RegexWithNames)
        /// `-f`, `-d`, `-e`, `-x` on a path.
        case file(UInt8, ComplexValue)
    }

    /// The question.
    var question: Question
    /// Whether the answer is turned round: `!=`, `!~`, `!-f`.
    var isNegated: Bool
    /// The condition as written.
    var written: String
}

/// A line of `rewrite`.
struct RewriteRule: Sendable {
    /// What follows a match.
    enum Flag: Hashable, Sendable {
        /// Go on with the next line.
        case none
        /// `last`: look for a location again.
        case last
        /// `break`: stay in this location.
        case `break`
        /// `redirect`, `permanent`, or a replacement that is a URL: answer with this status.
        case redirect(Int)
    }

    /// The expression on the URI.
    var regex: RegexWithNames
    /// What takes the URI's place.
    var replacement: ComplexValue
    /// Whether the request's own arguments are added: no `?` at the end.
    var keepsArguments: Bool
    /// What follows a match.
    var flag: Flag
    /// The line.
    var source: ConfigLocation
}

/// A line of `return`.
struct ReturnRule: Sendable {
    /// The status.
    var status: Int
    /// The text or URL; nil where none is given.
    var text: ComplexValue?
    /// The line.
    var source: ConfigLocation
}

/// A regular expression whose named groups become variables.
///
/// Source: nginx `ngx_http_regex_compile`.
struct RegexWithNames: Sendable {
    /// The expression.
    var pattern: PCRE2Pattern
    /// The variables of its named groups.
    var variables: [(group: Int, variable: VariableID)]

    /// Compiles an expression and enters the names of its groups in the table.
    init(_ text: ByteString, ignoresCase: Bool, variables table: inout VariableTable) throws(PCRE2CompileError) {
        pattern = try PCRE2Pattern(text, ignoresCase: ignoresCase)
        var variables: [(group: Int, variable: VariableID)] = []
        for (name, group) in pattern.names {
            variables.append((group, table.define(name, as: .assigned, isCacheable: true)))
        }
        self.variables = variables
    }
}
