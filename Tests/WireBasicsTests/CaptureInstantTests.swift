import Testing
import WireBasics

@Suite("Instants and spans")
struct CaptureInstantTests {
    @Test(
        "an instant is written as decimal seconds and read back to the nanosecond",
        arguments: [0, 1, 1_700_000_000_000_000_001, -1, .max, -1_500_000_000] as [Int64])
    func decimalSecondsRoundTrip(nanoseconds: Int64) throws {
        let instant = CaptureInstant(nanoseconds: nanoseconds)
        #expect(CaptureInstant(instant.description) == instant)
    }

    @Test(
        "what is no decimal number of seconds is refused",
        arguments: ["", "1.", ".5", "1.0000000001", "1e9", "9223372036854775807", "1.2.3", "--1", "٣"])
    func nonsenseIsRefused(text: String) {
        #expect(CaptureInstant(text) == nil)
    }

    @Test("hostile numbers saturate and never trap")
    func arithmeticSaturates() {
        #expect(CaptureInstant(seconds: .max, nanoseconds: 999).nanoseconds == .max)
        #expect(CaptureInstant(seconds: .min, nanoseconds: 0).nanoseconds == .min)
        #expect((CaptureInstant.distantFuture + .seconds(1)).nanoseconds == .max)
        #expect((CaptureInstant(nanoseconds: .min) - CaptureInstant(nanoseconds: .max)).nanoseconds == .min)
        #expect(TimeSpan.seconds(.max).nanoseconds == .max)
        #expect(TimeSpan.milliseconds(.min).nanoseconds == .min)
    }

    @Test(
        "a span is shown in seconds, rounded to the millisecond",
        arguments: [(4_003_600_000, "4.004 s"), (0, "0.000 s"), (-1_500_000_000, "-1.500 s"), (-1, "0.000 s")])
    func spanDescription(nanoseconds: Int64, text: String) {
        #expect(TimeSpan(nanoseconds: nanoseconds).description == text)
    }
}
