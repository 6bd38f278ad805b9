/// Text that is safe and honest to show: what came from a capture cannot move a cursor, hide, or turn text round.
///
/// Shape: printable characters as they are; C0 and C1 controls, DEL, bidirectional controls, zero-width and other
/// characters that show nothing, and bytes that are no UTF-8 as visible escapes (`\r`, `\x1B`, `\u{202E}`).
public enum VisibleText {
    /// Bytes of unknown encoding, shown as UTF-8 where they are, escaped where they are not.
    public static func escape(_ bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        if bytes.allSatisfy(isPlain) { return String(decoding: bytes, as: UTF8.self) }
        if let text = String(validating: bytes, as: UTF8.self) { return escape(text) }
        var out = ""
        var index = 0
        while index < bytes.count {
            let end = min(bytes.count, index + sequenceLength(bytes[index]))
            if let text = String(validating: bytes[index..<end], as: UTF8.self) {
                out += escape(text)
                index = end
            } else {
                out += hex(bytes[index])
                index += 1
            }
        }
        return out
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte <= 0x7E
    }

    /// How many bytes a UTF-8 sequence that starts with this one has; 1 for a byte that cannot start any.
    private static func sequenceLength(_ lead: UInt8) -> Int {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }

    /// Text with everything in it that could mislead made visible.
    public static func escape(_ text: String) -> String {
        // Most text is plain ASCII, which needs no look at the properties of its characters.
        if text.utf8.allSatisfy(isPlain) { return text }
        var out = ""
        for scalar in text.unicodeScalars { append(scalar, to: &out) }
        return out
    }

    private static func append(_ scalar: Unicode.Scalar, to out: inout String) {
        switch scalar {
        case "\t": out += "\\t"
        case "\r": out += "\\r"
        case "\n": out += "\\n"
        default:
            switch scalar.properties.generalCategory {
            case .control where scalar.value < 0x100: out += hex(UInt8(scalar.value))
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                out += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            // Fillers and variation selectors have other categories and show nothing all the same.
            case _ where scalar.properties.isDefaultIgnorableCodePoint:
                out += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: out.unicodeScalars.append(scalar)
            }
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "\\x" + (digits.count == 1 ? "0" : "") + digits
    }
}
