import Testing
import WireBasics

@testable import ProxyDialects

@Suite("HTTPDate")
struct HTTPDateTests {
    @Test(
        "seconds and their texts",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
            (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"), (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ] as [(Int64, ByteString)])
    func texts(second: Int64, text: ByteString) {
        #expect(HTTPDate.text(second: second) == text)
        #expect(HTTPDate.second(text) == second)
    }

    @Test("what is written is read back, for any second", arguments: 0..<100)
    func roundTrip(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let second = Int64.random(in: 0...253_402_300_799, using: &random)
        #expect(HTTPDate.second(HTTPDate.text(second: second)) == second)
    }

    @Test("an instant before 1970, or at the ends of time, has a text", arguments: [-1, .min, .max] as [Int64])
    func extremes(nanoseconds: Int64) {
        let text = HTTPDate.text(CaptureInstant(nanoseconds: nanoseconds))
        #expect(text.count == 29)
        if nanoseconds == -1 { #expect(text == "Wed, 31 Dec 1969 23:59:59 GMT") }
    }

    @Test(
        "other texts are no dates",
        arguments: [
            "", "yesterday", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC", "Sunday, 06-Nov-94 08:49:37 GMT",
        ] as [ByteString])
    func noDates(text: ByteString) {
        #expect(HTTPDate.second(text) == nil)
    }
}
