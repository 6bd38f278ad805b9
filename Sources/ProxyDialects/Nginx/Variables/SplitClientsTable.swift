import WireBasics

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
