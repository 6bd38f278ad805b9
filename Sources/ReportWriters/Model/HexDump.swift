import WireBasics

/// The start of bytes in hexadecimal, with the ASCII characters among them beside it.
enum HexDump {
    /// `48 65 6c 6c 6f  Hello`, cut to what fits in `room` columns; text alone where the bytes hold a credential.
    static func line(_ preview: [UInt8], of length: Int, room: Int, _ redaction: Redaction) -> String {
        let shown = redaction.show(preview)
        guard !shown.contains("‹redacted") else { return ColumnText.shortened(shown, to: room) }
        // Three columns a byte on the left and one on the right, a blank and the ellipsis between them.
        let fitting = max(1, (room - 2) / 4)
        let bytes = preview.prefix(fitting)
        let hex = bytes.map { Hex.lower([$0]) }.joined(separator: " ")
        let text = String(decoding: bytes.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
        return hex + (length > bytes.count ? "…" : " ") + " " + text
    }
}
