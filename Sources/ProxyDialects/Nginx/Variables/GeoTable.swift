import WireBasics

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
