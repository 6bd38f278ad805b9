import ProxyModel
import WireBasics

extension ConfigurationBuilder {
    /// Reads the lines of the rewrite module of a level, `if` blocks included.
    ///
    /// - Parameter owner: the location, by its index, that the lines belong to.
    mutating func readScript(
        _ directives: [NginxDirective], _ settings: LocationSettings, _ level: ConfigurationLevel, owner: Int
    ) -> [RewriteInstruction] {
        directives.compactMap { directive in
            let words = directive.arguments.map(\.text)
            switch directive.name.text {
            case "set":
                guard words.count == 2, let name = words[0].dropping(prefix: "$") else { return nil }
                let variable = parts.variables.define(name, as: .assigned, isCacheable: true)
                return .set(variable, complex(words[1]), directive.location)
            case "break": return .stop(directive.location)
            case "return": return readReturn(directive, words).map { .answer($0) }
            case "rewrite": return readRewrite(directive, words).map { .rewrite($0) }
            case "if": return readIf(directive, settings, level, owner: owner)
            default: return nil
            }
        }
    }

    private mutating func readReturn(_ directive: NginxDirective, _ words: [ByteString]) -> ReturnRule? {
        guard let first = words.first else { return nil }
        guard let status = DirectiveValue.int(first), let code = Int(exactly: status), code <= 999 else {
            return ReturnRule(status: 302, text: complex(first), source: directive.location)
        }
        return ReturnRule(
            status: code, text: words.count > 1 ? complex(words[1]) : nil, source: directive.location)
    }

    private mutating func readRewrite(_ directive: NginxDirective, _ words: [ByteString]) -> RewriteRule? {
        guard words.count >= 2, !words[1].isEmpty,
            let regex = regex(words[0], ignoresCase: false, directive)
        else { return nil }
        var replacement = words[1]
        let keepsArguments = !replacement.hasSuffix("?")
        if !keepsArguments { replacement = ByteString(replacement.bytes.dropLast()) }
        var flag = RewriteRule.Flag.none
        if ["http://", "https://", "$scheme"].contains(where: { replacement.hasPrefix($0) }) { flag = .redirect(302) }
        switch words.count > 2 ? words[2] : "" {
        case "last": if flag == .none { flag = .last }
        case "break": if flag == .none { flag = .break }
        case "redirect": flag = .redirect(302)
        case "permanent": flag = .redirect(301)
        default: break
        }
        let isRedirect = if case .redirect = flag { true } else { false }
        let value = ComplexValue(replacement, variables: &parts.variables, splittingArguments: !isRedirect)
        return RewriteRule(
            regex: regex, replacement: value, keepsArguments: keepsArguments, flag: flag,
            source: directive.location)
    }

    private mutating func readIf(
        _ block: NginxDirective, _ outer: LocationSettings, _ level: ConfigurationLevel, owner: Int
    ) -> RewriteInstruction? {
        guard let condition = readCondition(block) else {
            return .unmodelled(UnmodelledLine(name: "if", source: block.location))
        }
        let children = block.children ?? []
        let inner = ConfigurationLevel(
            title: "if (\(condition.written))", kind: .conditional, locationName: level.locationName)
        guard level.kind != .server else {
            // In a server an `if` only runs its lines; other settings in it are refused or without effect.
            return .condition(
                condition, settings: nil, readScript(children, outer, level, owner: owner), block.location)
        }
        var settings = outer.entering(isConditional: true)
        readLevel(children, &settings, inner)
        let index = parts.locations.count
        var location = parts.locations[owner]
        location.kind = .condition
        location.settings = settings
        location.prefixes = []
        location.regexes = []
        location.exceptMethods = nil
        location.redirectsToSlash = false
        location.source = block.location
        parts.locations.append(location)
        let script = readScript(children, settings, inner, owner: index)
        return .condition(condition, settings: index, script, block.location)
    }

    /// Reads `($variable operator text)`, however the blanks fell.
    ///
    /// Source: nginx `ngx_http_rewrite_if_condition`.
    private mutating func readCondition(_ block: NginxDirective) -> RewriteCondition? {
        var words = block.arguments.map(\.text)
        guard let first = words.first, first.hasPrefix("(") else { return nil }
        words[0] = ByteString(first.bytes.dropFirst())
        if words[0].isEmpty { words.removeFirst() }
        guard let last = words.last, last.hasSuffix(")") else { return nil }
        words[words.count - 1] = ByteString(last.bytes.dropLast())
        if words.last?.isEmpty == true, words.count != 3 { words.removeLast() }
        let written = words.map { "\($0)" }.joined(separator: " ")
        guard let subject = words.first else { return nil }
        if let name = subject.dropping(prefix: "$"), !name.isEmpty {
            let variable = parts.variables.id(of: name)
            if words.count == 1 {
                return RewriteCondition(question: .isSet(variable), isNegated: false, written: written)
            }
            guard words.count == 3 else { return nil }
            let isNegated = words[1].hasPrefix("!")
            switch isNegated ? ByteString(words[1].bytes.dropFirst()) : words[1] {
            case "=":
                return RewriteCondition(
                    question: .equals(variable, complex(words[2])), isNegated: isNegated, written: written)
            case "~", "~*":
                guard let regex = regex(words[2], ignoresCase: words[1].hasSuffix("*"), block) else { return nil }
                return RewriteCondition(
                    question: .matches(variable, regex), isNegated: isNegated, written: written)
            default: return nil
            }
        }
        guard words.count == 2, let test = subject.bytes.last, subject.hasPrefix("-") || subject.hasPrefix("!-") else {
            return nil
        }
        return RewriteCondition(
            question: .file(test, complex(words[1])), isNegated: subject.hasPrefix("!"), written: written)
    }
}
