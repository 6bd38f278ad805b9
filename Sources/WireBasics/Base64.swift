/// Base64 with the standard alphabet and padding (RFC 4648 §4).
package enum Base64 {
    /// The text of these bytes.
    package static func encode(_ bytes: [UInt8]) -> ByteString {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let second = left > 1 ? bytes[index + 1] : 0
            let third = left > 2 ? bytes[index + 2] : 0
            text.append(alphabet[Int(bytes[index] >> 2)])
            text.append(alphabet[Int((bytes[index] & 0x03) << 4 | second >> 4)])
            text.append(left > 1 ? alphabet[Int((second & 0x0F) << 2 | third >> 6)] : padding)
            text.append(left > 2 ? alphabet[Int(third & 0x3F)] : padding)
            index += 3
        }
        return ByteString(text)
    }

    /// The bytes of that text; nil where it is no canonical base64: a foreign character, missing padding, or bits set
    /// that no byte holds (RFC 4648 §3.5).
    package static func decode(_ text: ByteString) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        var index = 0
        while index < text.count {
            let isLast = index + 4 == text.count
            let quartet = text.bytes[index..<index + 4]
            let pads = isLast ? quartet.reversed().prefix { $0 == padding }.count : 0
            guard pads <= 2 else { return nil }
            var bits: UInt32 = 0
            for character in quartet.dropLast(pads) {
                guard let value = value(of: character) else { return nil }
                bits = bits << 6 | UInt32(value)
            }
            bits <<= 6 * UInt32(pads)
            let three = [
                UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8),
                UInt8(truncatingIfNeeded: bits),
            ]
            guard three.suffix(pads).allSatisfy({ $0 == 0 }) else { return nil }
            bytes += three.dropLast(pads)
            index += 4
        }
        return bytes
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case 65...90: character - 65
        case 97...122: character - 71
        case 48...57: character + 4
        case 43: 62
        case 47: 63
        default: nil
        }
    }
}
