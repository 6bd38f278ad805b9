import Testing
import WireBasics

@Suite("Bytes as text")
struct TextTests {
    @Test(
        "what could mislead a reader is made visible",
        arguments: [
            ("plain é 漢", "plain é 漢"), ("a\r\nb\tc", "a\\r\\nb\\tc"), ("\u{1B}[31m", "\\x1B[31m"), ("\u{0}", "\\x00"),
            ("\u{202E}evil", "\\u{202E}evil"), ("a\u{200B}b", "a\\u{200B}b"), ("\u{85}", "\\x85"),
            ("\u{2028}", "\\u{2028}"), ("\u{7F}", "\\x7F"), ("\u{9F}", "\\x9F"), ("a\u{FEFF}", "a\\u{FEFF}"),
            ("\u{61C}", "\\u{61C}"), ("\u{200E}\u{200F}", "\\u{200E}\\u{200F}"),
            ("\u{202A}\u{202C}", "\\u{202A}\\u{202C}"), ("\u{2066}\u{2069}", "\\u{2066}\\u{2069}"),
            ("\u{200D}", "\\u{200D}"), ("x\u{FE0F}", "x\\u{FE0F}"), ("\u{3164}", "\\u{3164}"),
            ("\u{34F}", "\\u{34F}"), ("\u{E0041}", "\\u{E0041}"), ("\u{AD}", "\\u{AD}"),
        ])
    func escapes(text: String, visible: String) {
        #expect(VisibleText.escape(text) == visible)
        #expect(VisibleText.escape(Array(text.utf8)) == visible)
    }

    @Test(
        "bytes that are no UTF-8 are shown one by one, and the rest as text",
        arguments: [
            ([0xFF, 0x61], "\\xFFa"), ([0xC3], "\\xC3"), ([0xE2, 0x82, 0x41], "\\xE2\\x82A"),
            ([0xC0, 0x80], "\\xC0\\x80"), ([0x61, 0xC3, 0xA9, 0x80], "aé\\x80"),
            ([0xED, 0xA0, 0x80], "\\xED\\xA0\\x80"),
        ] as [([UInt8], String)])
    func invalidUTF8(bytes: [UInt8], visible: String) {
        #expect(VisibleText.escape(bytes) == visible)
    }

    @Test("ISO-8859-1 loses no byte")
    func latin1RoundTrip() {
        let all = ByteString((0...255).map { UInt8($0) })
        #expect(ByteString(latin1: all.latin1) == all)
        #expect(ByteString(latin1: "\u{100}") == nil)
    }

    @Test("names compare without the case of ASCII letters only")
    func caseFolding() {
        #expect(ByteString("Sec-WebSocket-Key").equalsIgnoringCase("sec-websocket-KEY"))
        #expect(!ByteString([0xC4]).equalsIgnoringCase(ByteString([0xE4])))
        #expect(!ByteString("[").equalsIgnoringCase("{"))
    }

    @Test(
        "only spaces and tabs are trimmed, not line breaks",
        arguments: [(" \ta b\t ", "a b"), ("", ""), (" \t", ""), ("\ra\n", "\ra\n")])
    func trimming(text: String, trimmed: String) {
        #expect(ByteString(text).trimmingWhitespace == ByteString(trimmed))
    }
}
