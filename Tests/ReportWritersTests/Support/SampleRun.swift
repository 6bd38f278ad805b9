import HTTPWire
import ProxyModel
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

/// A run to report on, built by hand: every verdict, two causes, one doubt.
enum SampleRun {
    static let run = RunResult(
        command: "wsreplay replay chat.pcap --proxy nginx.conf",
        captures: [
            CaptureSummary(
                path: "chat.pcap", format: "pcap",
                sha256: "1f0e3dad99908345f7439f8ffabdffc4b1d37d1a6e1d4a6f3b6c3ad0e1c7b5f2", packets: 4211,
                connections: 9,
                span: CaptureSpan(
                    first: SampleTranscripts.start, last: SampleTranscripts.start + .milliseconds(93_400)), findings: []
            )
        ],
        proxies: [
            ProxySummary(
                name: "nginx.conf", product: "nginx/1.22.1", versionChosenBy: "seen in the capture",
                files: [SampleConfiguration.file],
                findings: [
                    Finding(
                        code: "nginx.read-timeout.default", severity: .hint, blame: .proxyConfig,
                        message: "location /feed waits for 60 s, nginx's default",
                        why: "a WebSocket connection that is silent for longer is closed (proxy_read_timeout)",
                        mend: "set proxy_read_timeout to more than the longest silence that clients have",
                        location: ConfigLocation(file: "nginx.conf", line: 30, column: 9))
                ])
        ],
        sessions: [
            same(1, target: "/ws"), same(2, target: "/ws/rooms"), forgotten(3, client: "10.0.0.7:51544"),
            idle(4), forgotten(5, client: "10.0.0.9:41200"), changed(6), undecided(7), fixed(8),
        ],
        notReplayed: [
            NotReplayed(
                id: SessionID(file: "chat.pcap", number: 9),
                because: "addressed to 127.0.0.1:3000, which is not one of the proxy's listeners")
        ],
        findings: [])

    /// The first line of the sample configuration that reads like this.
    static func line(_ text: String, after: Int = 0) -> ConfigLocation {
        let lines = SampleConfiguration.text.split(separator: "\n", omittingEmptySubsequences: false)
        let index = lines.indices.first { $0 >= after && lines[$0].contains(text) } ?? 0
        return ConfigLocation(
            file: "nginx.conf", line: index + 1, column: lines[index].prefix { $0 == " " }.count + 1)
    }

    // MARK: Sessions

    static func same(_ number: Int, target: ByteString) -> SessionResult {
        let transcript = SampleTranscripts.chat(
            stream: number - 1, client: "10.0.0.\(number):40\(100 + number)", target: target,
            at: Int64(number) * 700, messages: 4)
        var outcome = ExchangeOutcome(proxies: ["nginx.conf"])
        outcome.hops[0] = SampleHops.upgraded(transcript, location: "/ws")
        outcome.clientReceives = SampleTranscripts.switching().bytes
        outcome.tunnel = delivered(transcript, all: true)
        (outcome.closedBy, outcome.closedAt) = (.client, transcript.ending.at)
        return result(number, transcript, outcome, .same)
    }

    /// `/chat` sets a header of its own and so loses the inherited ones.
    static func forgotten(_ number: Int, client: String) -> SessionResult {
        let transcript = SampleTranscripts.chat(
            stream: number - 1, client: client, target: "/chat?room=7&token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2ln",
            at: Int64(number) * 700, messages: 6,
            more: [
                HeaderField("Cookie", "sid=0123456789abcdef0123456789abcdef; theme=dark"),
                HeaderField("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2ln"),
            ])
        var outcome = ExchangeOutcome(proxies: ["nginx.conf"])
        outcome.hops[0] = SampleHops.refused(transcript)
        outcome.clientReceives = outcome.hops[0].response?.head.bytes ?? []
        (outcome.closedBy, outcome.closedAt) = (.proxy, transcript.response?.last.instant)
        let cause = SampleHops.forgottenUpgrade
        return result(
            number, transcript, outcome, .broken,
            [
                Difference(
                    path: "response.status", expected: 101, actual: 426, severity: .error, explanation: cause),
                Difference(
                    path: "upstream.request.header.upgrade", expected: "websocket", actual: nil, severity: .error,
                    explanation: cause),
                Difference(
                    path: "upstream.request.header.connection", expected: "Upgrade", actual: "close", severity: .error,
                    explanation: cause),
                Difference(
                    path: "tunnel.client.delivered", expected: 7, actual: 0, severity: .error, explanation: cause),
            ])
    }

    /// `/feed` is silent for 75 s.
    static func idle(_ number: Int) -> SessionResult {
        let transcript = SampleTranscripts.chat(
            stream: number - 1, client: "10.0.0.8:40100", target: "/feed", at: Int64(number) * 700, messages: 3,
            silence: 75_000)
        let ends = (transcript.tunnel?.silences.first?.lastByte ?? SampleTranscripts.start) + .seconds(60)
        var outcome = ExchangeOutcome(proxies: ["nginx.conf"])
        outcome.hops[0] = SampleHops.upgraded(transcript, location: "/feed")
        outcome.clientReceives = SampleTranscripts.switching().bytes
        var tunnel = delivered(transcript, all: false)
        tunnel.client.delivered = 1
        tunnel.server.delivered = 1
        tunnel.idle = IdleEnding(
            proxy: "nginx.conf", limit: .seconds(60), silence: .seconds(75), at: ends)
        outcome.tunnel = tunnel
        let cause = Explanation(
            because: "nothing was sent for 75.000 s, and proxy_read_timeout is 60 s unless it is set",
            source: line("location /feed"),
            mend: "in location /feed: proxy_read_timeout 90s; or let an end send a ping more often than every 60 s")
        (outcome.closedBy, outcome.closedAt, outcome.closedBecause) = (.proxy, ends, cause)
        return result(
            number, transcript, outcome, .broken,
            [
                Difference(
                    path: "tunnel.client.delivered", expected: 4, actual: 1, severity: .error, explanation: cause),
                Difference(
                    path: "close.by", expected: "client", actual: "proxy", severity: .error, explanation: cause),
            ])
    }

    static func changed(_ number: Int) -> SessionResult {
        var session = same(number, target: "/ws/compressed")
        session.verdict = .changed
        session.differences = [
            Difference(
                path: "response.header.server", expected: "uvicorn", actual: "nginx/1.22.1", severity: .warning,
                explanation: Explanation(
                    because: "nginx replaces the upstream's Server line by its own",
                    mend: "proxy_pass_header Server; passes the upstream's line on"))
        ]
        return session
    }

    static func undecided(_ number: Int) -> SessionResult {
        var session = same(number, target: "/ws/gap")
        session.verdict = .inconclusive
        session.transcript.losses = [
            Loss(
                code: "tcp.gap", party: .server, packet: 712,
                message: "1,448 bytes of the server are not in the capture")
        ]
        session.transcript.violations = [
            Violation(
                code: "ws.frame.unmasked", party: .client, packet: 708,
                message: "the client sent a frame without a mask", section: "RFC 6455 §5.1")
        ]
        session.doubts = [
            Explanation(
                because: "1,448 bytes of the server are missing from packet 712 on: what followed is not known",
                mend: "capture with a larger kernel buffer (tcpdump -B 65536)")
        ]
        return session
    }

    static func fixed(_ number: Int) -> SessionResult {
        var session = same(number, target: "/ws/again")
        session.verdict = .fixed
        session.transcript.response?.head = ResponseHead(
            status: 400, reason: "Bad Request", headers: HeaderFields([HeaderField("Content-Length", "0")]))
        session.transcript.tunnel = nil
        return session
    }

    // MARK: Parts

    private static func delivered(_ transcript: SessionTranscript, all: Bool) -> TunnelOutcome {
        var tunnel = TunnelOutcome(opened: transcript.tunnel?.opened ?? SampleTranscripts.start)
        tunnel.client.frames = transcript.tunnel?.client.frames ?? 0
        tunnel.server.frames = transcript.tunnel?.server.frames ?? 0
        if all {
            tunnel.client.delivered = tunnel.client.frames
            tunnel.server.delivered = tunnel.server.frames
        }
        return tunnel
    }

    private static func result(
        _ number: Int, _ transcript: SessionTranscript, _ outcome: ExchangeOutcome, _ verdict: Verdict,
        _ differences: [Difference] = []
    ) -> SessionResult {
        SessionResult(
            id: SessionID(file: "chat.pcap", number: number), transcript: transcript, outcome: outcome,
            verdict: verdict, differences: differences, doubts: [])
    }
}
