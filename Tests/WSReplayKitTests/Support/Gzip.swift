/// Compressed data without a compressor: deflate blocks that hold their bytes as they are (RFC 1951 §3.2.4).
enum Gzip {
    /// A gzip member of these bytes.
    static func stored(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        var member: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        for start in stride(from: 0, to: max(1, bytes.count), by: 0xFFFF) {
            let end = min(bytes.count, start + 0xFFFF)
            let length = UInt16(end - start)
            member.append(end == bytes.count ? 1 : 0)
            member += littleEndian(length) + littleEndian(~length) + bytes[start..<end]
        }
        return member + littleEndian(crc32(bytes)) + littleEndian(UInt32(truncatingIfNeeded: bytes.count))
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { register, byte in
            (0..<8).reduce(register ^ UInt32(byte)) { word, _ in word >> 1 ^ (word & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }

    private static func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
