import Testing
import Verdicts
import WebSocketWire
import WireBasics

@testable import ReportWriters

@Suite struct SessionFlowTests {
    private func flow(_ session: SessionResult, frames: Int = 40) -> SessionFlow {
        SessionFlow(
            session, redaction: Redaction(SecretCollector(), ReportOptions()), places: PacketPlaces([]), frames: frames)
    }

    @Test("frames after the proxy gave up are only in the capture")
    func idle() throws {
        let steps = flow(SampleRun.idle(4)).steps
        let end = try #require(steps.firstIndex { $0.label == "closes: idle for 60.000 s" })
        #expect(steps[end].time?.description == "60.549 s")
        #expect(steps[end - 1].label == "silence of 75.000 s, allowed: 60.000 s")
        #expect(steps[..<end].allSatisfy { $0.tone != .lost })
        #expect(steps[(end + 2)...].allSatisfy { $0.tone == .lost })
        #expect(steps.last?.label == "close  2 bytes  1000")
    }

    @Test("without an upgrade the captured answer and its frames are marked as not happening")
    func refused() {
        let steps = flow(SampleRun.forgotten(3, client: "10.0.0.7:51544")).steps
        #expect(steps.filter { $0.tone == .bad }.map(\.label) == ["426", "HTTP/1.1 426 Upgrade Required"])
        #expect(
            steps.filter { $0.tone == .lost }.map(\.label) == [
                "captured: HTTP/1.1 101 Switching Protocols", "14 frames of the capture have no tunnel to go through",
            ])
    }

    @Test("of many frames the first and the last are shown, and how many were left out is said")
    func limit() {
        let flow = flow(SampleRun.same(1, target: "/"), frames: 3)
        #expect(flow.omittedFrames == 7)
        #expect(flow.steps.count { $0.packet != nil } == 1 + 3)
        #expect(flow.steps.contains { $0.kind == .remark && $0.label == "7 frames left out" })
    }
}
