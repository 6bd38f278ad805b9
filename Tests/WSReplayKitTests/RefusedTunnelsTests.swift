import HTTPWire
import ModelTestSupport
import ProxyModel
import ReportWriters
import Testing
import Verdicts
import WebSocketWire

@testable import WSReplayKit

@Suite("Sessions inside CONNECT tunnels")
struct RefusedTunnelsTests {
    private static let chat = CapturedChat.session()

    private static let connect = {
        var transcript = chat
        transcript.kind = .http
        transcript.request.head = RequestHead(method: "CONNECT", target: "app.test:80", headers: HeaderFields())
        transcript.response?.head = ResponseHead(status: 200, reason: "OK", headers: HeaderFields())
        transcript.tunnel = nil
        return transcript
    }()

    private static func outcome(_ status: Int) -> ExchangeOutcome {
        var outcome = ExchangeOutcome(proxies: ["nginx.conf"])
        outcome.hops[0].response = OutgoingResponse(
            head: ResponseHead(status: status, reason: "", headers: HeaderFields()), headers: [], lost: [], decided: nil
        )
        return outcome
    }

    /// The judgement of a session behind a CONNECT that is answered so in the replay.
    private static func judgement(behind status: Int, onConnection connection: Int) -> Judgement {
        var tunnels = RefusedTunnels()
        var first = Judgement(of: outcome(status), against: connect)
        tunnels.judge(
            &first, of: InspectedSession(id: SessionID(file: "a.pcap", number: 1), transcript: connect),
            outcome(status),
            onConnection: 0)
        var second = Judgement(of: outcome(426), against: chat)
        #expect(second.verdict == .broken)
        tunnels.judge(
            &second, of: InspectedSession(id: SessionID(file: "a.pcap", number: 2), transcript: chat), outcome(426),
            onConnection: connection)
        return second
    }

    @Test("one is inconclusive when its tunnel does not open in the replay, and says whose tunnel")
    func refused() {
        let judgement = Self.judgement(behind: 400, onConnection: 0)
        #expect(judgement.verdict == .inconclusive)
        #expect(judgement.doubts.last?.because.contains("CONNECT tunnel of a.pcap#1") == true)
    }

    @Test("one keeps its verdict when the tunnel opens, or when it is on another connection")
    func others() {
        #expect(Self.judgement(behind: 200, onConnection: 0).verdict == .broken)
        #expect(Self.judgement(behind: 400, onConnection: 1).verdict == .broken)
    }
}
