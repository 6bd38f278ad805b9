import WebSocketWire
import WireBasics

/// The start of a payload, as text where it is text, in hexadecimal otherwise.
struct PayloadPreview {
    /// What to show.
    let text: String
    /// Whether it is hexadecimal.
    let isHex: Bool
    /// Bytes that are not shown.
    let omitted: Int

    /// A preview of the first bytes of a payload of that length.
    init(_ preview: [UInt8], length: Int, opcode: UInt8, compressed: Bool, limit: Int, redaction: Redaction) {
        if opcode == 8, preview.count >= 2 {
            // A close frame: status code and reason (RFC 6455 §5.5.1).
            let code = Int(preview[0]) << 8 | Int(preview[1])
            let reason = redaction.show(Array(preview.dropFirst(2)))
            let name = CloseCode(rawValue: code).name.map { " " + $0 } ?? ""
            text = ColumnText.shortened("\(code)\(name)" + (reason.isEmpty ? "" : ": \(reason)"), to: max(1, limit))
            isHex = false
            omitted = max(0, length - preview.count)
            return
        }
        let shown = Array(preview.prefix(max(0, limit)))
        let omitted = max(0, length - shown.count)
        self.omitted = omitted
        // A preview may end inside a character: up to three bytes of a cut sequence are no reason to show hexadecimal.
        let isText =
            opcode != 2 && !compressed
            && (0...3).contains { cut in
                (cut == 0 || omitted > 0) && cut <= shown.count
                    && String(validating: shown.dropLast(cut), as: UTF8.self) != nil
            }
        isHex = !isText && !shown.isEmpty
        // Credentials are looked for before the text is cut: half a token is not recognised, and still a secret.
        text = isHex ? Self.hex(shown) : ColumnText.shortened(redaction.show(preview), to: max(1, limit))
    }

    /// `48 65 6c 6c 6f`.
    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { Hex.lower([$0]) }.joined(separator: " ")
    }
}
