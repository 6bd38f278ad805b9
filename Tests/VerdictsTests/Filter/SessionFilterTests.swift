import HTTPWire
import ModelTestSupport
import TCPReassembly
import Testing
import WebSocketWire
import WireBasics

@testable import Verdicts

@Suite("SessionFilter")
struct SessionFilterTests {
    static let id = SessionID(file: "chat.pcap", number: 7)

    /// An upgraded session of 127.0.0.1:50000 with 127.0.0.1:8080 that asks for `/chat`, and speaks "chat".
    static func session(_ change: (inout SessionTranscript) -> Void = { _ in }) -> SessionTranscript {
        var transcript = CapturedChat.session()
        transcript.tunnel?.server.close = CloseRecord(
            code: 4001, reason: "", mark: transcript.request.last)
        transcript.violations = [
            Violation(code: "ws.close.utf8", party: .server, packet: 9, message: "", section: "RFC 6455 §5.5.1")
        ]
        change(&transcript)
        return transcript
    }

    private func chooses(
        _ expression: String, _ transcript: SessionTranscript = session(), verdict: Verdict? = .changed
    ) throws -> Bool {
        try SessionFilter([expression]).chooses(Self.id, transcript, verdict: verdict)
    }

    @Test(
        "a session meets a condition that is true of it, and not its opposite",
        arguments: [
            "host=127.0.0.1", "host=127.0.0.1:8080", "host=127.*", "path=/chat", "path=/*", "path=/ch?t",
            "path=/nope,/chat", "target=/chat", "method=GET", "kind=websocket", "kind=ws", "status=101", "status=1xx",
            "status=100-199", "status=404,101", "upgraded=yes", "upgraded", "verdict=changed", "verdict=broken,changed",
            "violation=ws.close.utf8", "violation=ws.*", "violation", "loss=none", "complete=yes", "complete",
            "close=4001", "close=4xxx", "subprotocol=chat", "extension=none", "client=127.0.0.1", "client=127.0.0.0/8",
            "client=127.0.0.1:50000", "server=:8080", "address=127.0.0.1:8080", "address=:50000", "port=8080",
            "port=50000", "port=8000-8999", "id=7", "id=#7", "id=3,5-9", "id=chat.pcap#7", "id=*#7", "PATH=/chat",
            "path==/chat",
        ])
    func meets(expression: String) throws {
        #expect(try chooses(expression))
        let opposite =
            expression.contains("=")
            ? expression.replacing("==", with: "=").replacing("=", with: "!=") : "!" + expression
        #expect(try !chooses(opposite))
    }

    @Test(
        "a session does not meet a condition that is false of it",
        arguments: [
            "host=127.0.0.1:80", "host=*.test", "path=/cha", "path=/chat/*", "path=chat", "method=get", "kind=http",
            "status=10", "status=4xx", "status=none", "upgraded=no", "verdict=same", "violation=ws.close", "loss",
            "violation=none", "complete=no", "close=1000", "close=40xx,none", "subprotocol=Chat", "extension",
            "client=10.0.0.0/8", "client=127.0.0.1:8080", "server=127.0.0.2", "address=[::1]", "port=80", "id=70",
        ].filter { $0 != "close=40xx,none" } + ["close=41xx,none"])
    func misses(expression: String) throws {
        #expect(try !chooses(expression))
    }

    @Test("of several values none may match an unequal condition, and one is enough for an equal one")
    func severalValues() throws {
        let session = Self.session {
            $0.tunnel?.client.close = CloseRecord(code: 1000, reason: "", mark: $0.request.last)
        }
        #expect(try chooses("close=1000", session))
        #expect(try chooses("close=4001", session))
        #expect(try !chooses("close!=1000", session))
        #expect(try chooses("close!=1001", session))
    }

    @Test("a request without answer has no status: it is not equal to any")
    func unanswered() throws {
        let session = Self.session {
            $0.response = nil
            $0.tunnel = nil
        }
        #expect(try chooses("status!=101", session))
        #expect(try chooses("status=none", session))
        #expect(try chooses("!status", session))
        #expect(try !chooses("status", session))
        #expect(try chooses("!upgraded", session))
    }

    @Test("the absolute form of a target names host and path")
    func absoluteForm() throws {
        let session = Self.session {
            $0.request.head = RequestHead(
                target: "http://Chat.Test:81/room?x=1",
                headers: HeaderFields([HeaderField("Host", "other.test")]))
        }
        #expect(try chooses("host=chat.test", session))
        #expect(try chooses("host=chat.test:81", session))
        #expect(try chooses("path=/room", session))
        #expect(try chooses("target=*?x=1", session))
        #expect(try !chooses("host=other.test", session))
    }

    @Test(
        "a network is as long as its prefix says",
        arguments: [
            ("10.1.2.3/32", "10.1.2.3:1", true), ("10.1.2.0/24", "10.1.2.3:1", true),
            ("10.1.2.2/31", "10.1.2.3:1", true), ("10.1.2.0/31", "10.1.2.3:1", false),
            ("0.0.0.0/0", "10.1.2.3:1", true), ("0.0.0.0/0", "[::1]:1", false), ("::/0", "[::1]:1", true),
            ("2001:db8::/32", "[2001:db8:ffff::1]:1", true), ("[2001:db8::]/33", "[2001:db8:ffff::1]:1", false),
            ("::1", "[::1]:1", true), ("[::1]:2", "[::1]:1", false),
        ])
    func networks(pattern: String, endpoint: String, isIn: Bool) throws {
        let pattern = try #require(AddressPattern(pattern))
        #expect(pattern.contains(try #require(Endpoint(endpoint))) == isIn)
    }

    @Test("whom a load balancer speaks for is a client too")
    func proxied() throws {
        let session = Self.session {
            $0.proxyProtocol = ProxyProtocolHeader(Array("PROXY TCP4 203.0.113.7 127.0.0.1 4000 80\r\n".utf8))
        }
        #expect(try chooses("client=203.0.113.0/24", session))
        #expect(try chooses("address=127.0.0.1:50000", session))
    }

    @Test("all conditions must be met")
    func together() throws {
        let both = try SessionFilter(["path=/chat", "status=404"])
        #expect(!both.chooses(Self.id, Self.session()))
        #expect(try SessionFilter([]).chooses(Self.id, Self.session()))
    }

    @Test(
        "a filter that cannot be read says where and what is meant",
        arguments: [
            ("", 0, "keys are host"), ("=x", 0, "keys are host"), ("hots=a", 0, "did you mean host?"),
            ("stat=101", 0, "did you mean status?"), ("nonsense=1", 0, "keys are host"), ("path~x", 4, "path=/chat/*"),
            ("path!x", 4, "path=/chat/*"), ("status=", 7, "status=4xx"), ("status=101,,404", 11, "status=4xx"),
            ("status=4x4", 7, "status=4xx"), ("status=xxx", 7, "status=4xx"), ("status=500-400", 7, "status=4xx"),
            ("status=99999999999999999999", 7, "status=4xx"), ("client=10.0.0.0/33", 7, "10.0.0.0/8"),
            ("client=host", 7, "10.0.0.0/8"), ("verdict=brocken", 8, "did you mean verdict=broken?"),
            ("complete=maybe", 9, "complete=no"), ("!status=1", 0, "status=4xx"), ("port=8x8", 5, "port=8080"),
        ])
    func errors(expression: String, offset: Int, mend: String) {
        let error = #expect(throws: FilterError.self) { try SessionFilter([expression]) }
        #expect(error?.offset == offset)
        #expect(error?.mend.contains(mend) == true, "\(error?.mend ?? "")")
    }

    @Test("without a replay there is no verdict to choose by")
    func noVerdict() {
        #expect(throws: FilterError.self) { try SessionFilter(["verdict=same"], knowsVerdicts: false) }
    }

    @Test("when nothing is chosen, the condition that nothing meets is named with what there is")
    func nothing() throws {
        let candidates = [SessionFilter.Candidate(Self.id, Self.session(), verdict: .same)]
        #expect(
            try SessionFilter(["path=/nope", "status=101"]).reasonsForNothing(in: candidates)
                == ["path=/nope is met by none: the path is /chat"])
        #expect(
            try SessionFilter(["loss"]).reasonsForNothing(in: candidates)
                == ["loss is met by none: no session has a loss"])
        let other = SessionFilter.Candidate(Self.id, Self.session { $0.request.head.target = "/other" })
        #expect(
            try SessionFilter(["path=/other", "verdict=same"]).reasonsForNothing(in: candidates + [other])
                == ["no session meets all conditions at once (path=/other by 1, verdict=same by 1)"])
    }

    @Test("every key's example can be read", arguments: FilterKey.allCases)
    func examples(key: FilterKey) throws {
        let filter = try SessionFilter([key.example])
        #expect(filter.conditions.map(\.key) == [key])
        #expect(!key.summary.isEmpty)
    }
}
