import WireBasics

/// A `map` block.
///
/// Source: nginx `ngx_http_map_module.c`, `ngx_http_map_find`: exact text without case, wildcards where `hostnames`
/// stands, regular expressions in order, the default.
struct MapTable: Sendable {
    /// A value of a row, and its line.
    struct Row: Sendable {
        /// The key as written.
        var key: ByteString
        /// The value with variables.
        var value: ComplexValue
        /// The line.
        var source: ConfigLocation
    }

    /// A row with a regular expression.
    struct RegexRow: Sendable {
        var regex: RegexWithNames
        var row: Row
    }

    /// The text that is looked up.
    var subject: ComplexValue
    /// The variable that gets the value.
    var variable: VariableID
    /// Rows of plain text, keys in lower case.
    var exact: [ByteString: Row] = [:]
    /// Rows with a wildcard, where `hostnames` stands.
    var wildcards: [(ServerName, Row)] = []
    /// Rows with a regular expression, in order.
    var regexes: [RegexRow] = []
    /// The row `default`.
    var defaultRow: Row?
    /// `hostnames`.
    var areHostnames = false
    /// `volatile`.
    var isVolatile = false
    /// The block.
    var source: ConfigLocation

    /// The row for a text, with the match of a regular expression; nil where there is none and no default.
    func row(for text: ByteString) throws(PCRE2MatchError) -> (Row, (RegexWithNames, PCRE2Match)?)? {
        var key = text.lowercased
        if areHostnames, key.hasSuffix(".") { key = ByteString(key.bytes.dropLast()) }
        if let row = exact[key] { return (row, nil) }
        if areHostnames, let row = wildcard(key) { return (row, nil) }
        for candidate in regexes {
            if let match = try candidate.regex.pattern.firstMatch(in: text) {
                return (candidate.row, (candidate.regex, match))
            }
        }
        return defaultRow.map { ($0, nil) }
    }

    private func wildcard(_ host: ByteString) -> Row? {
        guard !host.isEmpty else { return nil }
        var best: (length: Int, row: Row)?
        for (name, row) in wildcards {
            guard case .suffix(let suffix, let includesBase) = name else { continue }
            let matches =
                host.hasSuffix(suffix) && host.count > suffix.count
                || includesBase && ByteString(suffix.bytes.dropFirst()) == host
            if matches, suffix.count > (best?.length ?? 0) { best = (suffix.count, row) }
        }
        if let best { return best.row }
        for (name, row) in wildcards {
            guard case .prefix(let prefix) = name, host.hasPrefix(prefix), host.count > prefix.count,
                prefix.count > (best?.length ?? 0)
            else { continue }
            best = (prefix.count, row)
        }
        return best?.row
    }
}
