import HTTPWire
import ModelTestSupport
@testable import ProxyModel
import Testing
import WebSocketWire
import WireBasics

@Suite("Replaying transcripts")
struct ReplayerTests {
    private func outcome(
        _ transcript: SessionTranscript, _ proxies: [any Proxy], backends: BackendScripts = BackendScripts()
    ) throws -> ExchangeOutcome {
        let results = Replayer(proxies: proxies, backends: backends)
            .run([CapturedExchange(connection: 0, transcript: transcript)])
        guard case .replayed(let outcome)? = results.first else {
            Issue.record("not replayed: \(results)")
            return ExchangeOutcome(proxies: [])
        }
        return outcome
    }

    @Test("a transparent proxy brings every byte and frame through")
    func transparent() throws {
        let session = CapturedChat.session(frames: [0.1, 0.2])
        let outcome = try outcome(session, [TransparentProxy()])
        #expect(outcome.status == 101)
        #expect(outcome.clientReceives == session.response?.head.bytes)
        #expect(outcome.hops[0].attempts[0].sent == session.request.head.bytes)
        #expect(outcome.hops[0].attempts[0].address == "127.0.0.1:3000")
        #expect(outcome.tunnel?.client.delivered == 2)
        #expect(outcome.closedBy == .client)
        #expect(outcome.closedAt == CapturedChat.instant(1))
    }

    @Test("a backend refuses a handshake that lost its Upgrade header, and says why")
    func refused() throws {
        let outcome = try outcome(CapturedChat.session(), [TransparentProxy(drops: ["Upgrade"])])
        #expect(outcome.status == 426)
        #expect(outcome.tunnel == nil)
        #expect(outcome.hops[0].attempts[0].answeredStatus == 426)
        #expect(outcome.hops[0].attempts[0].refusal.contains { $0.contains("Upgrade") })
        #expect(outcome.hops[0].attempts[0].request?.lost.map(\.field.name) == ["Upgrade"])
    }

    @Test("a chain of proxies passes bytes on, and the hop that loses a header is the one that says so")
    func chain() throws {
        let proxies = [TransparentProxy(name: "edge"), TransparentProxy(name: "inner", drops: ["Connection"])]
        let outcome = try outcome(CapturedChat.session(), proxies)
        #expect(outcome.status == 400)
        #expect(outcome.hops.map(\.proxy) == ["edge", "inner"])
        #expect(outcome.hops[0].attempts[0].request?.lost.isEmpty == true)
        #expect(outcome.hops[1].attempts[0].request?.lost.map(\.field.name) == ["Connection"])
    }

    @Test("a hop comes in at the listener of its port, or the only one; of several none is guessed")
    func chainListeners() throws {
        func listener(_ text: String) throws -> Listener {
            Listener(address: .tcp(try #require(Endpoint(text))), usesTLS: false, source: nil)
        }
        var inner = TransparentProxy(name: "inner")
        inner.listeners = [try listener("127.0.0.1:81")]
        #expect(try outcome(CapturedChat.session(), [TransparentProxy(name: "edge"), inner]).status == 101)
        inner.listeners = [try listener("127.0.0.1:81"), try listener("10.0.0.1:3000")]
        #expect(try outcome(CapturedChat.session(), [TransparentProxy(name: "edge"), inner]).status == 101)
        inner.listeners = [try listener("127.0.0.1:81"), try listener("127.0.0.1:82")]
        let undecided = try outcome(CapturedChat.session(), [TransparentProxy(name: "edge"), inner])
        #expect(undecided.unmodelled.count == 1)
    }

    @Test("a tunnel through a chain opens, and the shortest idle limit ends it")
    func chainTunnel() throws {
        let proxies = [
            TransparentProxy(name: "edge", idle: .seconds(9)), TransparentProxy(name: "inner", idle: .seconds(3)),
        ]
        let outcome = try outcome(CapturedChat.session(frames: [1, 6], end: 7), proxies)
        #expect(outcome.tunnel?.idle?.proxy == "inner")
        #expect(outcome.tunnel?.client.delivered == 1)
        #expect(outcome.closedBy == .proxy)
        #expect(outcome.closedAt == CapturedChat.instant(4))
    }

    @Test(
        "the first silence that is too long ends the tunnel, and what came after it is lost",
        arguments: [
            // frames at, end, limit, delivered, closed at
            ([1, 2, 6, 7], 8, 3.0, 2, 5.0), ([1, 2, 6, 7], 8, 4.5, 4, nil), ([1, 2, 6, 7], 8, 4.0, 2, 6.0),
            ([0.5], 10, 3.0, 1, 3.5), ([], 10, 3.0, 0, 3.0),
        ] as [([Double], Double, Double, Int, Double?)])
    func idle(frames: [Double], end: Double, limit: Double, delivered: Int, closedAt: Double?) throws {
        let proxy = TransparentProxy(idle: .milliseconds(Int64(limit * 1000)))
        let outcome = try outcome(CapturedChat.session(frames: frames, end: end), [proxy])
        #expect(outcome.tunnel?.client.delivered == delivered)
        #expect(outcome.closedBy == (closedAt == nil ? .client : .proxy))
        #expect(outcome.closedAt == CapturedChat.instant(closedAt ?? end))
    }

    @Test(
        "a lazy timer is not moved by bytes that come within its laziness",
        arguments: [([0.2], 1.0), ([0.25], 1.0), ([0.35], 1.35), ([0.2, 0.4, 0.6], 1.4)] as [([Double], Double)])
    func lazyTimer(frames: [Double], closedAt: Double) throws {
        let proxy = TransparentProxy(idle: .seconds(1), laziness: .milliseconds(300))
        let outcome = try outcome(CapturedChat.session(frames: frames, end: 5), [proxy])
        #expect(outcome.closedAt == CapturedChat.instant(closedAt))
    }

    @Test("a backend that refuses connections is an attempt that was refused")
    func refusedConnection() throws {
        let scripts = BackendScripts(byAddress: ["127.0.0.1:3000": BackendScript(.refuse)])
        let outcome = try outcome(CapturedChat.session(), [TransparentProxy()], backends: scripts)
        #expect(outcome.status == 502)
        #expect(outcome.hops[0].attempts.map(\.result) == [.refused])
    }

    @Test("a backend that never answers leaves the client without a status")
    func silentBackend() throws {
        let scripts = BackendScripts(others: BackendScript(.timeOut))
        let outcome = try outcome(CapturedChat.session(), [TransparentProxy()], backends: scripts)
        #expect(outcome.status == nil)
        #expect(outcome.hops[0].attempts.map(\.result) == [.timedOut])
    }

    @Test("a captured subprotocol is not confirmed when the offer did not arrive")
    func negotiation() throws {
        let outcome = try outcome(CapturedChat.session(), [TransparentProxy(drops: ["Sec-WebSocket-Protocol"])])
        #expect(outcome.status == 101)
        #expect(outcome.response?.head.headers.contains("Sec-WebSocket-Protocol") == false)
    }

    @Test("a later answer shifts the tunnel, and the idle limit with it")
    func shifted() throws {
        let scripts = BackendScripts(others: BackendScript(.asCaptured, after: .seconds(2)))
        let outcome = try outcome(
            CapturedChat.session(frames: [1, 9], end: 10), [TransparentProxy(idle: .seconds(3))], backends: scripts)
        #expect(outcome.tunnel?.opened == CapturedChat.instant(1.99))
        #expect(outcome.closedAt == CapturedChat.instant(5.99))
    }

    @Test("sessions for another port are left out when others come in at a listener")
    func upstreamLegs() {
        let exchanges = [
            CapturedExchange(connection: 0, transcript: CapturedChat.session()),
            CapturedExchange(connection: 1, transcript: CapturedChat.session(port: 3000)),
        ]
        let results = Replayer(proxies: [TransparentProxy()]).run(exchanges)
        #expect(results[1] == .notForTheProxy)
    }

    @Test("the only listener takes a capture made elsewhere; of several none is guessed")
    func placement() {
        let elsewhere = [CapturedExchange(connection: 0, transcript: CapturedChat.session(port: 3000))]
        guard case .replayed? = Replayer(proxies: [TransparentProxy()]).run(elsewhere).first else {
            Issue.record("the only listener did not take it")
            return
        }
        var proxy = TransparentProxy()
        proxy.listeners.append(
            Listener(address: .tcp(Endpoint(address: IPAddress(v4: 0), port: 81)), usesTLS: false, source: nil))
        #expect(Replayer(proxies: [proxy]).run(elsewhere) == [.noListener])
        let named = Replayer(proxies: [proxy], listener: CapturedChat.server).run(elsewhere)
        #expect(named != [.noListener])
    }

    @Test("the port tells a capture that was made under another address, and leaves the upstream leg out")
    func placementByPort() {
        var inside = CapturedChat.session()
        inside.server = Endpoint(address: IPAddress(v4: 0xC000_0205), port: 8080)
        let exchanges = [inside, CapturedChat.session(port: 3000)].enumerated().map {
            CapturedExchange(connection: $0.offset, transcript: $0.element)
        }
        let replayer = Replayer(proxies: [TransparentProxy()])
        let results = replayer.run(exchanges)
        if case .replayed = results[0] {} else { Issue.record("the port did not tell the listener") }
        #expect(results[1] == .notForTheProxy)
        let assumed = replayer.assumedListeners(for: exchanges)
        #expect(assumed.map(\.captured) == [inside.server])
        #expect(assumed.map(\.taken) == [CapturedChat.server])
    }

    @Test(
        "what a proxy asks on its own account was not captured: the answer is taken to let pass, and is doubted",
        arguments: [BackendScript.Answer.asCaptured, .conformant, .verbatim])
    func subrequest(answer: BackendScript.Answer) {
        var backend = CapturedBackend(script: BackendScript(answer), transcript: CapturedChat.session())
        let explanation = Explanation(because: "")
        let question = OutgoingRequest(
            head: RequestHead(target: "/auth", headers: HeaderFields([HeaderField("Upgrade", "websocket")])),
            headers: [], lost: [], version: explanation, target: explanation, isSubrequest: true)
        var doubts: [Explanation] = []
        var statuses: [Int] = []
        for command in backend.received([], request: question, at: .epoch) {
            switch command {
            case .assumed(let doubt): doubts.append(doubt)
            case .judged(let status, _, _): statuses.append(status)
            case .send, .close: break
            }
        }
        #expect(statuses == [204])
        #expect(doubts.count == 1)
        #expect(doubts.first?.mend.contains("proxy_set_header Upgrade \"\"") == true)
    }

    @Test("a captured body of gigabytes is not made up in memory, and its end is not judged")
    func giganticBody() {
        var download = CapturedChat.session()
        download.kind = .http
        download.tunnel = nil
        download.response?.head = ResponseHead(
            status: 200, reason: "OK", headers: HeaderFields([HeaderField("Content-Length", "9000000000000")]))
        (download.responseBody.wireLength, download.responseBody.length) = (9_000_000_000_000, 9_000_000_000_000)
        var backend = CapturedBackend(script: BackendScript(.asCaptured), transcript: download)
        let explanation = Explanation(because: "")
        let request = OutgoingRequest(
            head: download.request.head, headers: [], lost: [], version: explanation, target: explanation)
        var sent = 0
        var doubts = 0
        for command in backend.received([], request: request, at: .epoch) {
            switch command {
            case .send(let bytes, _): sent += bytes.count
            case .assumed: doubts += 1
            case .judged, .close: break
            }
        }
        #expect(sent < 9_000_000)
        #expect(doubts == 1)
    }

    @Test("a connection that the capture leaves open has no end")
    func openEnd() throws {
        let outcome = try outcome(CapturedChat.session(end: 2, endedBy: nil), [TransparentProxy(idle: .seconds(60))])
        #expect(outcome.closedBy == .none)
        #expect(outcome.closedAt == nil)
    }

    @Test("the same inputs give the same run")
    func deterministic() {
        let exchanges = (0..<20).map { CapturedExchange(connection: $0, transcript: CapturedChat.session()) }
        let replayer = Replayer(proxies: [TransparentProxy()])
        #expect(replayer.run(exchanges) == replayer.run(exchanges))
    }
}
