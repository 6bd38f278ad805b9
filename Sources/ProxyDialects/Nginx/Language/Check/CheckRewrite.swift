import WireBasics

extension NginxChecker {
    /// `rewrite REGEX REPLACEMENT [FLAG]`.
    ///
    /// Source: `ngx_http_rewrite`.
    mutating func checkRewrite(_ arguments: [NginxWord]) throws(NginxComplaint) {
        guard !arguments[1].text.isEmpty else { throw NginxComplaint("empty replacement", arguments[1]) }
        try compileRegex(arguments[0].text, of: arguments[0])
        if arguments.count > 2 {
            let flags = ["last", "break", "redirect", "permanent"]
            guard flags.contains(arguments[2].text.latin1) else {
                var complaint = NginxMends.invalidParameter(arguments[2])
                complaint.why = "a rewrite ends with \(NginxMends.list(flags)), or nothing"
                throw complaint
            }
        }
        var replacement = arguments[1].text
        if replacement.bytes.last == NginxByte.question { replacement = ByteString(replacement.bytes.dropLast()) }
        try compile(replacement, of: arguments[1])
    }

    /// `return CODE [TEXT]` or `return URL`.
    ///
    /// Source: `ngx_http_rewrite_return`.
    mutating func checkReturn(_ arguments: [NginxWord]) throws(NginxComplaint) {
        let word = arguments[0]
        let invalid = NginxComplaint(
            "invalid return code \"\(word.text)\"", word,
            why: "return takes a status from 0 to 999, or a URL that begins with http://, https:// or $scheme")
        guard let code = NginxNumbers.number(word.text) else {
            let isURL = ["http://", "https://", "$scheme"].contains { word.text.hasPrefix(ByteString($0)) }
            guard arguments.count == 1, isURL else { throw invalid }
            return try compile(word)
        }
        guard code <= 999 else { throw invalid }
        if arguments.count > 1 { try compile(arguments[1]) }
    }

    /// `set $NAME VALUE` and `auth_request_set $NAME VALUE`.
    ///
    /// Source: `ngx_http_rewrite_set`, `ngx_http_auth_request_set`.
    mutating func checkSet(_ arguments: [NginxWord], isFirstValue: Bool) throws(NginxComplaint) {
        let name = try variableName(arguments[0])
        try variables.define(name, in: arguments[0])
        try variables.use(name, in: arguments[0])
        try compile(arguments[1])
    }

    /// The name behind the `$` that must be there.
    func variableName(_ word: NginxWord) throws(NginxComplaint) -> ByteString {
        guard word.text.bytes.first == NginxByte.dollar else {
            throw NginxComplaint(
                "invalid variable name \"\(word.text)\"", word, why: "the name of a variable begins with \"$\"",
                mend: "write $\(word.text)")
        }
        return ByteString(word.text.bytes.dropFirst())
    }

    /// The condition of an `if`.
    ///
    /// Source: `ngx_http_rewrite_if_condition`.
    mutating func checkCondition(_ arguments: [NginxWord]) throws(NginxComplaint) {
        var words = arguments
        guard let open = words.first, open.text.bytes.first == UInt8(ascii: "(") else {
            throw invalidCondition(words.first, mend: "put the condition in parentheses: if ($variable) { … }")
        }
        words[0].text = ByteString(open.text.bytes.dropFirst())
        if open.text.count == 1 { words.removeFirst() }
        guard words.count > 1 || words.first?.text != ")" else { throw invalidCondition(words.first) }
        guard let last = words.last, last.text.bytes.last == NginxByte.closeParenthesis else {
            throw invalidCondition(words.last ?? arguments.last, mend: "end the condition with \")\"")
        }
        words[words.count - 1].text = ByteString(last.text.bytes.dropLast())
        if last.text.count == 1 { words.removeLast() }
        guard let first = words.first else { throw invalidCondition(arguments.last) }

        if first.text.count > 1, first.text.bytes.first == NginxByte.dollar {
            return try checkComparison(words, first)
        }
        let isTest = first.text.count == 2 && first.text.bytes.first == NginxByte.dash
        let isNegated = first.text.count == 3 && first.text.hasPrefix("!-")
        guard isTest || isNegated, words.count == 2 else { throw invalidCondition(first) }
        try compile(words[1])
        guard let letter = first.text.bytes.last, [0x66, 0x64, 0x65, 0x78].contains(letter) else {
            throw invalidCondition(first, mend: "the tests are -f, -d, -e and -x")
        }
    }

    private mutating func checkComparison(_ words: [NginxWord], _ first: NginxWord) throws(NginxComplaint) {
        guard words.count == 1 || words.count == 3 else {
            throw invalidCondition(first, mend: "a condition is $variable, or $variable OPERATOR VALUE with spaces")
        }
        try variables.use(ByteString(first.text.bytes.dropFirst()), in: first)
        guard words.count == 3 else { return }
        switch words[1].text.latin1 {
        case "=", "!=": try compile(words[2])
        case "~", "!~": try compileRegex(words[2].text, of: words[2])
        case "~*", "!~*": try compileRegex(words[2].text, of: words[2], isCaseless: true)
        default:
            throw NginxComplaint(
                "unexpected \"\(words[1].text)\" in condition", words[1],
                why: "the operators are =, !=, ~, ~*, !~, !~*",
                mend: words[1].text == "==" ? "write = for a comparison" : "")
        }
    }

    private func invalidCondition(_ word: NginxWord?, mend: String = "") -> NginxComplaint {
        NginxComplaint("invalid condition \"\(word?.text ?? "")\"", word, mend: mend)
    }
}
