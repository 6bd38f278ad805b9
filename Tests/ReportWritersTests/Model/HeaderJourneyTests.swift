import HTTPWire
import ProxyModel
import Testing
import Verdicts
import WebSocketWire
import WireBasics

@testable import ReportWriters

@Suite struct HeaderJourneyTests {
    @Test("a request has a column a stretch and a row a line, with the reason where it is lost")
    func request() throws {
        let session = SampleRun.forgotten(3, client: "10.0.0.7:51544")
        let journey = HeaderJourney(request: session.transcript, session.outcome)
        #expect(journey.stretches == ["client → proxy", "proxy → upstream"])
        let upgrade = try #require(journey.rows.first { $0.name == "Upgrade" })
        #expect(upgrade.fields == [HeaderField("Upgrade", "websocket"), nil])
        #expect(upgrade.explanations[1] == SampleHops.forgottenUpgrade)
        let added = try #require(journey.rows.first { $0.name == "X-Real-IP" })
        #expect(added.fields[0] == nil && added.origins[1] == .directive)
        let kept = try #require(journey.rows.first { $0.name == "Origin" })
        #expect(kept.isUnchanged)
    }

    @Test("a second line of the same name has a row of its own")
    func repetition() {
        var session = SampleRun.same(1, target: "/")
        session.transcript.request.head.headers.fields += [HeaderField("X", "1"), HeaderField("x", "2")]
        session.outcome.hops[0].attempts[0].request?.headers.append(
            OutgoingHeader(HeaderField("X", "1"), origin: .client, explanation: Explanation(because: "passed on")))
        session.outcome.hops[0].attempts[0].request?.lost = [
            LostHeader(HeaderField("x", "2"), explanation: Explanation(because: "only one"))
        ]
        let rows = HeaderJourney(request: session.transcript, session.outcome).rows.suffix(2)
        #expect(rows.map { $0.fields.map { $0?.value } } == [["1", "1"], ["2", nil]])
        #expect(rows.map { $0.explanations[1]?.because } == ["passed on", "only one"])
    }

    @Test("through a chain there is a column for each proxy, responses the other way round")
    func chain() throws {
        var session = SampleRun.same(1, target: "/")
        session.outcome.hops.append(session.outcome.hops[0])
        session.outcome.hops[0].proxy = "edge.conf"
        session.outcome.hops[0].attempts[0].answeredStatus = nil
        session.outcome.hops[1].proxy = "app.conf"
        let request = HeaderJourney(request: session.transcript, session.outcome)
        #expect(request.stretches == ["client → edge.conf", "edge.conf → app.conf", "app.conf → upstream"])
        let response = try #require(HeaderJourney(response: session.outcome))
        #expect(response.stretches == ["upstream → app.conf", "app.conf → edge.conf", "edge.conf → client"])
        #expect(
            response.startLines.map { $0.map { String(decoding: $0, as: UTF8.self) } }
                == ["status 101", "HTTP/1.1 101 Switching Protocols", "HTTP/1.1 101 Switching Protocols"])
        let flow = SessionFlow(
            session, redaction: Redaction(SecretCollector(), ReportOptions()), places: PacketPlaces([]), frames: 0)
        #expect(flow.lanes == ["client", "edge.conf", "app.conf", "backend"])
        #expect(
            flow.steps.prefix(6).map { [$0.from, $0.to] } == [[0, 1], [1, 2], [2, 3], [3, 2], [2, 1], [1, 0]])
    }

    @Test("a proxy that answers nothing leaves no response to show")
    func silence() {
        #expect(HeaderJourney(response: ExchangeOutcome(proxies: ["nginx.conf"])) == nil)
    }
}
