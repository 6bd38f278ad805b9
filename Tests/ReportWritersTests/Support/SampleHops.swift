import HTTPWire
import ProxyModel
import Verdicts
import WebSocketWire
import WireBasics

/// What the sample proxy does with a request.
enum SampleHops {
    static let forgottenUpgrade = Explanation(
        because: "proxy_set_header in location /chat cancels the three lines inherited from the server block, "
            + "so Upgrade is not passed on and Connection is nginx's own",
        source: SampleRun.line("proxy_set_header X-Real-IP"),
        mend: "in location /chat: proxy_set_header Upgrade $http_upgrade; "
            + "proxy_set_header Connection $connection_upgrade;")

    private static let pass = Explanation(because: "passed on as the client sent it")

    /// A hop that forwards the handshake as it should.
    static func upgraded(_ transcript: SessionTranscript, location: String) -> HopOutcome {
        var headers: [OutgoingHeader] = [
            set("Host", "a.test", "proxy_set_header Host"), set("Upgrade", "websocket", "proxy_set_header Upgrade"),
            set("Connection", "upgrade", "proxy_set_header Connection"),
        ]
        let own: [ByteString] = ["host", "upgrade", "connection"]
        headers += transcript.request.head.headers.fields.filter { !own.contains($0.name.lowercased) }.map {
            OutgoingHeader($0, origin: .client, explanation: pass)
        }
        var hop = hop(transcript, location, headers, lost: [], version: "HTTP/1.1")
        let answer = SampleTranscripts.switching()
        hop.attempts[0].answeredStatus = 101
        hop.response = OutgoingResponse(
            head: ResponseHead(
                status: 101, reason: "Switching Protocols",
                headers: HeaderFields([HeaderField("Server", "nginx/1.22.1")] + answer.headers.fields)),
            headers: [
                OutgoingHeader(
                    HeaderField("Server", "nginx/1.22.1"), origin: .default,
                    explanation: Explanation(because: "nginx names itself (server_tokens on)"))
            ]
                + answer.headers.fields.map {
                    OutgoingHeader($0, origin: .backend, explanation: Explanation(because: "passed on"))
                }, lost: [], decided: nil)
        return hop
    }

    /// A hop that forgets the upgrade; the backend answers 426.
    static func refused(_ transcript: SessionTranscript) -> HopOutcome {
        let connection = Explanation(because: "nginx sends Connection: close unless told otherwise (1.22.1)")
        var headers: [OutgoingHeader] = [
            OutgoingHeader(
                HeaderField("Host", "backend"), origin: .default,
                explanation: Explanation(
                    because: "nginx sends $proxy_host unless told otherwise", source: SampleRun.line("proxy_pass"))),
            OutgoingHeader(HeaderField("Connection", "close"), origin: .default, explanation: connection),
            set("X-Real-IP", ByteString(transcript.client.address.description), "proxy_set_header X-Real-IP"),
            set("X-Api-Key", "s3cr3t-of-the-proxy-0001", "proxy_set_header X-Api-Key"),
        ]
        let own: [ByteString] = ["host", "upgrade", "connection"]
        headers += transcript.request.head.headers.fields.filter { !own.contains($0.name.lowercased) }.map {
            OutgoingHeader($0, origin: .client, explanation: pass)
        }
        let lost = [LostHeader(HeaderField("Upgrade", "websocket"), explanation: forgottenUpgrade)]
        var hop = hop(transcript, "/chat", headers, lost: lost, version: "HTTP/1.1")
        hop.attempts[0].answeredStatus = 426
        hop.attempts[0].refusal = ["the request does not ask for Upgrade: websocket (RFC 6455 §4.2.1)"]
        let fields = [
            HeaderField("Server", "nginx/1.22.1"), HeaderField("Content-Length", "35"),
            HeaderField("Connection", "keep-alive"), HeaderField("Sec-WebSocket-Version", "13"),
        ]
        hop.response = OutgoingResponse(
            head: ResponseHead(status: 426, reason: "Upgrade Required", headers: HeaderFields(fields)),
            headers: [
                OutgoingHeader(
                    fields[0], origin: .default, explanation: Explanation(because: "nginx names itself (server_tokens)")
                ),
                OutgoingHeader(fields[1], origin: .backend, explanation: Explanation(because: "passed on")),
                OutgoingHeader(
                    fields[2], origin: .default, explanation: Explanation(because: "nginx keeps the connection")),
                OutgoingHeader(fields[3], origin: .backend, explanation: Explanation(because: "passed on")),
            ],
            lost: [
                LostHeader(
                    HeaderField("Upgrade", "websocket"),
                    explanation: Explanation(because: "nginx passes Upgrade on only with a 101"))
            ], decided: nil)
        return hop
    }

    private static func set(_ name: ByteString, _ value: ByteString, _ line: String) -> OutgoingHeader {
        OutgoingHeader(
            HeaderField(name, value), origin: .directive,
            explanation: Explanation(because: "\(line) \(value)", source: SampleRun.line(line)))
    }

    private static func hop(
        _ transcript: SessionTranscript, _ location: String, _ headers: [OutgoingHeader], lost: [LostHeader],
        version: ByteString
    ) -> HopOutcome {
        var hop = HopOutcome(proxy: "nginx.conf")
        let source = SampleRun.line("location \(location)")
        hop.route = Route(server: "a.test", location: location, source: source)
        let request = OutgoingRequest(
            head: RequestHead(
                target: transcript.request.head.target, version: version, headers: HeaderFields(headers.map(\.field))),
            headers: headers, lost: lost,
            version: Explanation(because: "proxy_http_version 1.1", source: SampleRun.line("proxy_http_version")),
            target: Explanation(because: "proxy_pass has no URI: the target goes on as it came"))
        var attempt = Attempt(
            address: "127.0.0.1:3000",
            explanation: Explanation(
                because: "the only server of upstream backend", source: SampleRun.line("server 127.0.0.1:3000")))
        attempt.request = request
        attempt.sent = request.head.bytes
        attempt.result = .answered
        hop.attempts = [attempt]
        hop.trace = [
            TraceStep(
                phase: "find_config", what: "server a.test by name, location \(location) by prefix", source: source),
            TraceStep(
                phase: "upstream", what: "round robin: 127.0.0.1:3000 of 1", source: SampleRun.line("upstream backend")),
            TraceStep(phase: "header_filter", what: "status passed on"),
        ]
        return hop
    }
}
