import HTTPWire
import Testing
import WireBasics

@testable import ReportWriters

@Suite struct RedactionTests {
    private let redaction: Redaction = {
        var collector = SecretCollector()
        collector.look(at: HeaderField("Authorization", "Bearer abcdef-0123456789"))
        collector.look(at: HeaderField("Cookie", "mode=websocket"))
        return Redaction(collector, ReportOptions())
    }()

    @Test("equal values get the same letter wherever they come up")
    func letters() {
        #expect(redaction.show(Array("/x?token=abcdef-0123456789".utf8)) == "/x?token=‹redacted #A, 17 bytes›")
        #expect(redaction.value(of: HeaderField("X", "abcdef-0123456789")) == "‹redacted #A, 17 bytes›")
        #expect(redaction.show("the proxy sends abcdef-0123456789.") == "the proxy sends ‹redacted #A, 17 bytes›.")
    }

    @Test("a value that is an ordinary word is hidden in its place and not searched for")
    func words() {
        #expect(redaction.value(of: HeaderField("Cookie", "mode=websocket")) == "mode=‹redacted #B, 9 bytes›")
        #expect(redaction.show("Upgrade: websocket") == "Upgrade: websocket")
    }

    @Test("what is not hidden is made visible")
    func visible() {
        #expect(redaction.show([0x1B, 0x41]) == #"\x1BA"#)
        var options = ReportOptions()
        options.showsSecrets = true
        let open = Redaction(SecretCollector(), options)
        #expect(open.value(of: HeaderField("Cookie", ByteString([0x1B]))) == #"\x1B"#)
    }

    @Test("of a long value the beginning is shown, never half a character or half a secret")
    func limits() {
        var options = ReportOptions()
        options.maximumShownBytes = 17
        var collector = SecretCollector()
        collector.look(at: HeaderField("X-Api-Key", "abcdef-0123456789"))
        let short = Redaction(collector, options)
        #expect(short.show(Array("0123456789012345é7890".utf8)) == "0123456789012345… (6 more bytes)")
        #expect(
            short.show(Array("0123456789 abcdef-0123456789 x".utf8))
                == "0123456789 ‹redacted #A, 17 bytes›… (2 more bytes)")
        #expect(short.show(Array("01234567890123456".utf8)) == "01234567890123456")
    }

    @Test(
        "letters go on after Z",
        arguments: [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")])
    func numbering(_ number: Int, _ letters: String) {
        #expect(Redaction.letters(number) == letters)
    }
}
