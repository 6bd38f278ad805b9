import WireBasics

/// The variables that a configuration makes and uses.
///
/// Source: `ngx_http_add_variable`, `ngx_http_get_variable_index`, `ngx_http_variables_init_vars` in
/// `src/http/ngx_http_variables.c`.
struct NginxVariableTable {
    /// A variable that is used somewhere.
    struct Use: Hashable {
        /// Its name in lower case.
        var name: ByteString
        /// The word that uses it first.
        var word: NginxWord
    }

    /// The uses, each name once, in the order in which nginx numbers them.
    private(set) var uses: [Use] = []
    private var used: Set<ByteString> = []
    /// The variables that there are; true for one that a directive may define again.
    private var defined: [ByteString: Bool]
    private let prefixes: [ByteString]

    /// The variables of that release's own modules.
    init(version: NginxVersion) {
        defined = NginxBuiltInVariables.names(in: version)
        prefixes = NginxBuiltInVariables.prefixes
    }

    /// Whether there is a variable of that name.
    func isDefined(_ name: ByteString) -> Bool {
        defined[name] != nil || prefixes.contains { name.hasPrefix($0) }
    }

    /// The names of all variables, sorted.
    var all: [ByteString] {
        defined.keys.sorted()
    }

    /// Notes that a word uses a variable.
    mutating func use(_ name: ByteString, in word: NginxWord) throws(NginxComplaint) {
        guard !name.isEmpty else { throw NginxComplaint("invalid variable name \"$\"", word) }
        let name = name.lowercased
        if used.insert(name).inserted { uses.append(Use(name: name, word: word)) }
    }

    /// Makes a variable: `set`, `map`, `geo`, a named capture.
    mutating func define(_ name: ByteString, in word: NginxWord) throws(NginxComplaint) {
        guard !name.isEmpty else { throw NginxComplaint("invalid variable name \"$\"", word) }
        let key = name.lowercased
        guard defined[key] != false else {
            throw NginxComplaint(
                "the duplicate \"\(name)\" variable", word, why: "$\(key) is one of nginx's own variables",
                mend: "choose another name, for example $my_\(key)")
        }
        defined[key] = true
    }
}

extension NginxChecker {
    /// Looks at a value as nginx compiles it, and notes the variables in it.
    ///
    /// Source: `ngx_http_script_compile`.
    mutating func compile(_ word: NginxWord) throws(NginxComplaint) {
        try compile(word.text, of: word)
    }

    /// The same for a part of a word.
    mutating func compile(_ text: ByteString, of word: NginxWord) throws(NginxComplaint) {
        let bytes = text.bytes
        var index = 0
        while index < bytes.count {
            guard bytes[index] == NginxByte.dollar else {
                index += 1
                continue
            }
            index += 1
            guard index < bytes.count else { throw invalidVariableName(word) }
            if (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(bytes[index]) {
                index += 1
                continue
            }
            let isBraced = bytes[index] == NginxByte.openBrace
            if isBraced { index += 1 }
            guard index < bytes.count else { throw invalidVariableName(word) }
            let start = index
            while index < bytes.count, bytes[index].isNginxNameByte { index += 1 }
            let name = ByteString(bytes[start..<index])
            if isBraced {
                guard index < bytes.count, bytes[index] == NginxByte.closeBrace else {
                    throw NginxComplaint(
                        "the closing bracket in \"\(name)\" variable is missing", word,
                        mend: "write ${\(name)}")
                }
                index += 1
            }
            guard !name.isEmpty else { throw invalidVariableName(word) }
            try variables.use(name, in: word)
        }
    }

    private func invalidVariableName(_ word: NginxWord) -> NginxComplaint {
        NginxComplaint(
            "invalid variable name", word, why: "a \"$\" must be followed by the name of a variable",
            mend: "nginx knows no escape for \"$\" here; leave it out, or take it from a geo or map variable")
    }

    /// Compiles a regular expression, and makes variables of its named captures.
    @discardableResult
    mutating func compileRegex(
        _ pattern: ByteString, of word: NginxWord, isCaseless: Bool = false
    )
        throws(NginxComplaint) -> NginxRegexSyntax
    {
        let syntax: NginxRegexSyntax
        do throws(NginxRegexSyntax.Fault) {
            syntax = try NginxRegexSyntax(pattern, isCaseless: isCaseless)
        } catch {
            // nginx links PCRE2 since 1.21.5.
            let text =
                version < NginxVersion(1, 21, 5)
                ? "pcre_compile()" + error.text.dropFirst("pcre2_compile()".count) : error.text
            throw NginxComplaint(text, word, why: "the regular expression is wrong: \(error.reason)")
        }
        for name in syntax.names {
            try variables.define(name, in: word)
            try variables.use(name, in: word)
        }
        return syntax
    }
}

extension UInt8 {
    /// Whether the byte may be in the name of a variable: letters, digits, `_`.
    var isNginxNameByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
