/// SHA-1 (RFC 3174), which RFC 6455 §4.2.2 and `{SHA}` of user files ask for; nothing here relies on its strength.
///
/// Of our own: what is hashed fits into a block or two, and libcrypto takes longer to find its SHA-1 than to compute it.
package enum SHA1 {
    private static let initial: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
    private static let blockLength = 64

    /// The 20 bytes of the digest.
    package static func digest(of bytes: [UInt8]) -> [UInt8] {
        // A bit, zeros, and the length in bits at the end of a block (§4).
        var padded = bytes + [0x80]
        let zeros = (2 * blockLength - 8 - padded.count % blockLength) % blockLength
        padded += [UInt8](repeating: 0, count: zeros)
        for shift in stride(from: 56, through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: (UInt64(bytes.count) &* 8) >> UInt64(shift)))
        }
        var state = initial
        for start in stride(from: 0, to: padded.count, by: blockLength) { add(padded, from: start, to: &state) }
        return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * UInt32($0))) } }
    }

    /// §6.1, steps a to e.
    private static func add(_ bytes: [UInt8], from start: Int, to state: inout [UInt32]) {
        var words = InlineArray<80, UInt32>(repeating: 0)
        let block = bytes.span.bytes
        for index in 0..<16 { words[index] = block.uint32(at: start + 4 * index) }
        for index in 16..<80 {
            words[index] = rotated(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], 1)
        }
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for index in 0..<80 {
            let (mixed, constant): (UInt32, UInt32) =
                switch index {
                case ..<20: (b & c | ~b & d, 0x5A82_7999)
                case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                case ..<60: (b & c | b & d | c & d, 0x8F1B_BCDC)
                default: (b ^ c ^ d, 0xCA62_C1D6)
                }
            let next = rotated(a, 5) &+ mixed &+ e &+ words[index] &+ constant
            (a, b, c, d, e) = (next, a, rotated(b, 30), c, d)
        }
        for (index, word) in [a, b, c, d, e].enumerated() { state[index] &+= word }
    }

    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word << count | word >> (32 - count)
    }
}
