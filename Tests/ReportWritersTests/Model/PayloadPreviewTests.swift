import Testing

@testable import ReportWriters

@Suite struct PayloadPreviewTests {
    private func preview(
        _ bytes: [UInt8], length: Int? = nil, opcode: UInt8 = 1, compressed: Bool = false
    ) -> PayloadPreview {
        PayloadPreview(
            bytes, length: length ?? bytes.count, opcode: opcode, compressed: compressed, limit: 40,
            redaction: Redaction(SecretCollector(), ReportOptions()))
    }

    @Test("text is shown as text, the rest as hexadecimal, a close frame as code and reason")
    func forms() {
        #expect(preview(Array("grüße".utf8)).text == "grüße")
        #expect(preview([1, 0xAB], opcode: 2).text == "01 ab")
        #expect(preview([0x0A], compressed: true).text == "0a")
        #expect(preview([0x03, 0xE8] + Array("bye".utf8), opcode: 8).text == "1000 normal closure: bye")
        #expect(preview([], opcode: 8).text == "")
    }

    @Test("a preview that ends inside a character is still text")
    func cut() {
        let bytes = Array("grü".utf8).dropLast()
        #expect(!preview(Array(bytes), length: 100).isHex)
        #expect(preview(Array(bytes)).isHex, "at the end of the payload it is broken UTF-8")
    }

    @Test("a token inside a message is hidden")
    func secret() {
        #expect(preview(Array(#"{"token":"abc"}"#.utf8)).text == #"{"token":"‹redacted, 3 bytes›"}"#)
    }
}
