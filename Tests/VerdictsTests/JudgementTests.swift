import HTTPWire
import ModelTestSupport
import ProxyModel
import TCPReassembly
import Testing
import Verdicts
import WebSocketWire
import WireBasics

@Suite("Judging an outcome by the capture")
struct JudgementTests {
    private func judge(
        _ transcript: SessionTranscript, _ proxy: TransparentProxy, backends: BackendScripts = BackendScripts()
    ) throws -> Judgement {
        let results = Replayer(proxies: [proxy], backends: backends)
            .run([CapturedExchange(connection: 0, transcript: transcript)])
        guard case .replayed(let outcome)? = results.first else {
            Issue.record("not replayed")
            return Judgement(of: ExchangeOutcome(proxies: []), against: transcript)
        }
        return Judgement(of: outcome, against: transcript)
    }

    @Test("what comes through as captured is the same")
    func same() throws {
        let judgement = try judge(CapturedChat.session(), TransparentProxy())
        #expect(judgement.verdict == .same)
        #expect(judgement.differences.isEmpty)
    }

    @Test(
        "a lost handshake header breaks the session, with the header's own reason and mend",
        arguments: ["Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version"])
    func lostHandshakeHeader(name: String) throws {
        let judgement = try judge(CapturedChat.session(), TransparentProxy(drops: [ByteString(name)]))
        #expect(judgement.verdict == .broken)
        let status = try #require(judgement.differences.first)
        #expect(status.path == "response.status")
        #expect(status.expected == 101)
        #expect(status.explanation.because.contains("\(name) is dropped"))
        #expect(status.explanation.mend == "keep it")
        #expect(judgement.differences.contains { $0.path == "upstream.request.header.\(name.lowercased())" })
    }

    @Test("in a chain the hop that loses the header is blamed, not the ones behind it")
    func chain() throws {
        let session = CapturedChat.session()
        let hops: [any Proxy] = [
            TransparentProxy(name: "edge"), TransparentProxy(name: "middle", drops: ["Upgrade"]),
            TransparentProxy(name: "inner", drops: ["Connection"]),
        ]
        let results = Replayer(proxies: hops).run([CapturedExchange(connection: 0, transcript: session)])
        guard case .replayed(let outcome)? = results.first else {
            Issue.record("not replayed")
            return
        }
        let because = try #require(Judgement(of: outcome, against: session).differences.first).explanation.because
        #expect(because.hasPrefix("Upgrade is dropped."))
        #expect(!because.contains("Connection is dropped"))
    }

    @Test("a subprotocol that gets lost breaks the session: a browser would fail the connection")
    func lostSubprotocol() throws {
        let judgement = try judge(CapturedChat.session(), TransparentProxy(drops: ["Sec-WebSocket-Protocol"]))
        #expect(judgement.verdict == .broken)
        #expect(
            judgement.differences.contains {
                $0.path == "response.header.sec-websocket-protocol" && $0.severity == .error
            })
    }

    @Test(
        "credentials and origin that do not arrive are a change that a server can see",
        arguments: ["Cookie", "Authorization", "Origin"])
    func lostCredentials(name: String) throws {
        let session = CapturedChat.session(more: [(name, "http://127.0.0.1:8080")])
        let judgement = try judge(session, TransparentProxy(drops: [ByteString(name)]))
        #expect(judgement.verdict == .changed)
        #expect(judgement.differences.map(\.path) == ["upstream.request.header.\(name.lowercased())"])
    }

    @Test("frames behind a silence that is too long are lost, and the rule says so")
    func idle() throws {
        let judgement = try judge(
            CapturedChat.session(frames: [1, 6], end: 7), TransparentProxy(idle: .seconds(3)))
        #expect(judgement.verdict == .broken)
        let lost = try #require(judgement.differences.first { $0.path == "tunnel.client.delivered" })
        #expect(lost.expected == 2)
        #expect(lost.actual == 1)
        #expect(lost.explanation.because.contains("silence of 5.000 s"))
        #expect(judgement.differences.contains { $0.path == "tunnel.closedAfter" })
    }

    @Test("a session that was refused and is upgraded now is fixed")
    func fixed() throws {
        var session = CapturedChat.session()
        session.tunnel = nil
        session.response?.head = ResponseHead(status: 426, reason: "Upgrade Required", headers: HeaderFields())
        let judgement = try judge(
            session, TransparentProxy(), backends: BackendScripts(others: BackendScript(.conformant)))
        #expect(judgement.verdict == .fixed)
    }

    @Test("a capture without the response says nothing, however the model does")
    func noResponse() throws {
        var session = CapturedChat.session()
        session.response = nil
        session.tunnel = nil
        let judgement = try judge(session, TransparentProxy())
        #expect(judgement.verdict == .inconclusive)
        #expect(!judgement.doubts.isEmpty)
    }

    @Test("a hole hides frames: working is inconclusive, but a refused handshake is broken for certain")
    func hole() throws {
        var session = CapturedChat.session()
        session.losses = [Loss(code: "tcp.gap", party: .client, packet: 9, message: "100 bytes are missing")]
        #expect(try judge(session, TransparentProxy()).verdict == .inconclusive)
        #expect(try judge(session, TransparentProxy(drops: ["Upgrade"])).verdict == .broken)
    }

    @Test("a silence that no hole can have interrupted is too long for certain; how many frames it costs is not said")
    func holeAndSilence() throws {
        var session = CapturedChat.session(frames: [1, 6], end: 7)
        session.losses = [Loss(code: "tcp.gap", party: .client, packet: 9, message: "100 bytes are missing")]
        let judgement = try judge(session, TransparentProxy(idle: .seconds(3)))
        #expect(judgement.verdict == .broken)
        #expect(judgement.differences.map(\.path) == ["tunnel.closedAfter"])
        #expect(!judgement.doubts.isEmpty)
        #expect(try judge(session, TransparentProxy(idle: .seconds(30))).verdict == .inconclusive)
        session.tunnel?.silences = []
        #expect(try judge(session, TransparentProxy(idle: .seconds(3))).verdict == .inconclusive)
    }

    @Test("bytes that came twice and differ leave open what hangs on them: in a head everything, in frames the frames")
    func overlap() throws {
        var session = CapturedChat.session()
        for (packet, party, refused) in [
            (4, Party.client, Verdict.inconclusive), (5, .server, .inconclusive), (6, .client, .broken),
            (6, .server, .broken),
        ] {
            session.losses = [
                Loss(
                    code: "tcp.overlap-conflict", party: party, packet: packet, otherPacket: 20,
                    message: "they differ")
            ]
            let judgement = try judge(session, TransparentProxy())
            #expect(judgement.verdict == .inconclusive)
            #expect(judgement.doubts.map(\.because) == ["packet \(packet) and packet 20: they differ"])
            #expect(try judge(session, TransparentProxy(drops: ["Upgrade"])).verdict == refused)
        }
    }

    @Test("what the model does not know makes the verdict inconclusive, even where things look broken")
    func unmodelled() {
        var outcome = ExchangeOutcome(proxies: ["p"])
        outcome.unmodelled = [Explanation(because: "the line does what is not modelled")]
        let judgement = Judgement(of: outcome, against: CapturedChat.session())
        #expect(judgement.verdict == .inconclusive)
        #expect(judgement.doubts == outcome.unmodelled)
    }

    @Test(
        "a header of the response that an end can see makes the session changed; per-hop fields do not",
        arguments: [("X-Powered-By", Verdict.changed), ("Server", .same), ("Date", .same), ("Keep-Alive", .same)])
    func responseHeaders(name: String, verdict: Verdict) throws {
        var session = CapturedChat.session()
        let captured = try #require(session.response?.head)
        session.response?.head = ResponseHead(
            status: 101, reason: captured.reason,
            headers: HeaderFields(captured.headers.fields + [HeaderField(ByteString(name), "x")]))
        // The backend answers as captured; the outcome is built from a session without the field.
        let results = Replayer(proxies: [TransparentProxy()])
            .run([CapturedExchange(connection: 0, transcript: CapturedChat.session())])
        guard case .replayed(let outcome)? = results.first else {
            Issue.record("not replayed")
            return
        }
        #expect(Judgement(of: outcome, against: session).verdict == verdict)
    }

    @Test("Upgrade sent twice leaves the verdict open: servers that follow RFC 6455 differ about it")
    func repeatedUpgrade() throws {
        let session = CapturedChat.session()
        let results = Replayer(proxies: [TransparentProxy()])
            .run([CapturedExchange(connection: 0, transcript: session)])
        guard case .replayed(var outcome)? = results.first else {
            Issue.record("not replayed")
            return
        }
        let again = OutgoingHeader(
            HeaderField("Upgrade", "websocket"), origin: .directive,
            explanation: Explanation(because: "", source: ConfigLocation(file: "a.conf", line: 7)))
        outcome.hops[0].attempts[0].request?.headers.append(again)
        outcome.hops[0].attempts[0].request?.headers.append(again)
        let judgement = Judgement(of: outcome, against: session)
        #expect(judgement.verdict == .inconclusive)
        #expect(judgement.doubts.first?.because.contains("a.conf:7") == true)
    }

    @Test("what a proxy asked on its own account is not held against the client's request")
    func subrequests() throws {
        let session = CapturedChat.session()
        let results = Replayer(proxies: [TransparentProxy()])
            .run([CapturedExchange(connection: 0, transcript: session)])
        guard case .replayed(var outcome)? = results.first else {
            Issue.record("not replayed")
            return
        }
        var question = Attempt(address: "127.0.0.1:4000", explanation: Explanation(because: ""))
        question.request = OutgoingRequest(
            head: RequestHead(target: "/auth", headers: HeaderFields()), headers: [], lost: [],
            version: Explanation(because: ""), target: Explanation(because: ""), isSubrequest: true)
        outcome.hops[0].attempts.append(question)
        #expect(Judgement(of: outcome, against: session).differences.isEmpty)
    }
}
