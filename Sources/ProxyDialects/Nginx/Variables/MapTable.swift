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

/// A `geo` block.
///
/// Source: nginx `ngx_http_geo_module.c`: the longest network that holds the address; `ranges` where that stands.
struct GeoTable: Sendable {
    /// A row: the network and its value.
    struct Row: Sendable {
        /// The network.
        var range: AddressRange
        /// The value.
        var value: ByteString
    }

    /// A row of `ranges`.
    struct Span: Sendable {
        /// The first address.
        var first: UInt64
        /// The last address.
        var last: UInt64
        /// The value.
        var value: ByteString
    }

    /// The text that holds the address; nil for the client's.
    var subject: ComplexValue?
    /// Rows.
    var rows: [Row] = []
    /// Rows of `ranges`.
    var spans: [Span] = []
    /// `default`.
    var defaultValue: ByteString = ""
    /// Whether there are lines that the model does not know: `proxy`, `delete`, binary bases.
    var isIncomplete = false
    /// The block.
    var source: ConfigLocation

    /// The value for an address.
    func value(for address: IPAddress?) -> ByteString {
        guard let address else { return defaultValue }
        if !address.isV6, let span = spans.last(where: { $0.first <= address.low && address.low <= $0.last }) {
            return span.value
        }
        var best: (bits: Int, value: ByteString)?
        for row in rows where row.range.contains(address) {
            let bits = if case .network(_, let bits) = row.range { bits } else { 0 }
            if bits >= (best?.bits ?? -1) { best = (bits, row.value) }
        }
        return best?.value ?? defaultValue
    }
}

/// A `split_clients` block.
///
/// Source: nginx `ngx_http_split_clients_module.c`: MurmurHash2 of the text, shares of 32 bits in order.
struct SplitClientsTable: Sendable {
    /// The text that is hashed.
    var subject: ComplexValue
    /// Where each share ends, and its value; nil for the rest.
    var shares: [(end: UInt32?, value: ByteString)] = []
    /// The block.
    var source: ConfigLocation

    /// The value for a text.
    func value(for text: ByteString) -> ByteString? {
        let hash = MurmurHash2.hash(text.bytes)
        return shares.first { share in share.end.map { hash < $0 } ?? true }?.value
    }
}

/// The hash that `split_clients` uses.
///
/// Source: nginx `ngx_murmur_hash2`; Austin Appleby's MurmurHash2 with the seed 0.
enum MurmurHash2 {
    /// The hash of these bytes.
    static func hash(_ bytes: [UInt8]) -> UInt32 {
        let multiplier: UInt32 = 0x5BD1_E995
        var hash = UInt32(truncatingIfNeeded: bytes.count)
        var index = 0
        while bytes.count - index >= 4 {
            var word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[index + $1]) << UInt32(8 * $1) }
            word = word &* multiplier
            word ^= word >> 24
            word = word &* multiplier
            hash = (hash &* multiplier) ^ word
            index += 4
        }
        let rest = bytes[index...]
        if !rest.isEmpty {
            for (offset, byte) in rest.enumerated() { hash ^= UInt32(byte) << UInt32(8 * offset) }
            hash = hash &* multiplier
        }
        hash ^= hash >> 13
        hash = hash &* multiplier
        return hash ^ hash >> 15
    }
}
