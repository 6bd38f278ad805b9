import WireBasics

/// CRC-32 as zlib, gzip and PNG compute it (ISO 3309), 16 bytes at a step.
///
/// Of our own, because most messages are short, and there zlib's `crc32` goes byte by byte: two to three times as long.
/// Method: "slicing" (Kounavis and Berry, 2005). Table k holds what a byte contributes from k places before the end of a
/// step, so that the bytes of a step are looked up independently of each other.
package enum CRC32 {
    private static let step = 16
    /// 16 tables of 256 words.
    private static let tables: [UInt32] = {
        var words = (0..<UInt32(256)).map { byte in
            (0..<8).reduce(byte) { rest, _ in rest & 1 == 0 ? rest >> 1 : rest >> 1 ^ 0xEDB8_8320 }
        }
        for index in 256..<256 * step {
            let before = words[index - 256]
            words.append(before >> 8 ^ words[Int(before & 0xFF)])
        }
        return words
    }()

    /// The digest of what came before and these bytes; 0 is that of nothing.
    @inline(never)
    package static func update(_ digest: UInt32, _ bytes: RawSpan) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            var rest = ~digest
            var offset = 0
            while offset + step <= bytes.byteCount {
                let first = word(bytes, offset) ^ rest
                rest = contribution(of: first, tables, 12)
                rest ^= contribution(of: word(bytes, offset + 4), tables, 8)
                rest ^= contribution(of: word(bytes, offset + 8), tables, 4)
                rest ^= contribution(of: word(bytes, offset + 12), tables, 0)
                offset += step
            }
            if offset + 8 <= bytes.byteCount {
                let first = word(bytes, offset) ^ rest
                rest = contribution(of: first, tables, 4) ^ contribution(of: word(bytes, offset + 4), tables, 0)
                offset += 8
            }
            while offset < bytes.byteCount {
                rest = rest >> 8 ^ tables[Int((rest ^ UInt32(bytes.byte(at: offset))) & 0xFF)]
                offset += 1
            }
            return ~rest
        }
    }

    @inline(__always)
    private static func word(_ bytes: RawSpan, _ offset: Int) -> UInt32 {
        bytes.uint32(at: offset).byteSwapped
    }

    /// What four bytes contribute of which the last stands that many places before the end of the step.
    @inline(__always)
    private static func contribution(of word: UInt32, _ tables: UnsafeBufferPointer<UInt32>, _ places: Int) -> UInt32 {
        tables[(places + 3) << 8 | Int(word & 0xFF)] ^ tables[(places + 2) << 8 | Int(word >> 8 & 0xFF)]
            ^ tables[(places + 1) << 8 | Int(word >> 16 & 0xFF)] ^ tables[places << 8 | Int(word >> 24)]
    }
}
