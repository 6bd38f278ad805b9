extension UInt8 {
    /// Whether the byte may stand in a token (RFC 9110 §5.6.2): letters, digits, and ``!#$%&'*+-.^_`|~``.
    @inlinable @inline(__always)
    package var isTokenCharacter: Bool {
        // A bit for each character below 128: it is asked for every byte of every header name.
        let bits: UInt64 = self < 64 ? 0x03FF_6CFA_0000_0000 : self < 128 ? 0x57FF_FFFF_C7FF_FFFE : 0
        return bits >> UInt64(self & 63) & 1 != 0
    }
}
