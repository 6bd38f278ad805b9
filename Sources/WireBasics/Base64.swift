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
        let pads = text.bytes.suffix(2).reversed().prefix { $0 == padding }.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var known: UInt32 = 0
        for character in text.bytes.dropLast(pads) {
            guard let value = value(of: character) else { return nil }
            bits = bits << 6 | UInt32(value)
            known += 6
            guard known >= 8 else { continue }
            known -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> known))
        }
        // What is left over belongs to no byte.
        return bits & (1 << known - 1) == 0 ? bytes : nil
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
