package import ProxyModel
package import WireBasics
import HTTPWire

/// The simplest proxy there can be: one backend, heads passed on as they are, a tunnel after a 101.
///
/// It lets the tests of the simulation say what a proxy does without any product's rules in the way.
package struct TransparentProxy: Proxy {
    package let name: String
    package let product = "transparent/1"
    package var listeners = [
        Listener(address: .tcp(Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 8080)), usesTLS: false, source: nil)
    ]
    package let findings: [Finding] = []
    /// Where requests go.
    package var backend = PeerAddress.tcp(Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 3000))
    /// Header fields that are dropped on the way up.
    package var drops: [ByteString] = []
    package var idle: TimeSpan?
    package var laziness = TimeSpan.zero

    private var lastUpstream = 0
    private var requests: [ConnectionID: [UInt8]] = [:]
    private var upstreamOf: [ConnectionID: UpstreamID] = [:]
    private var clientOf: [UpstreamID: ConnectionID] = [:]

    package init(
        name: String = "transparent", drops: [ByteString] = [], idle: TimeSpan? = nil, laziness: TimeSpan = .zero
    ) {
        self.name = name
        self.drops = drops
        self.idle = idle
        self.laziness = laziness
    }

    package mutating func handle(_ event: ProxyEvent, at instant: CaptureInstant) -> [ProxyAction] {
        switch event {
        case .accepted, .deadline, .reloaded: return []
        case .received(let client, let bytes):
            requests[client] = bytes
            lastUpstream += 1
            let upstream = UpstreamID(lastUpstream)
            upstreamOf[client] = upstream
            clientOf[upstream] = client
            return [.connect(upstream, to: backend, for: client, Explanation(because: "there is only one"))]
        case .upstreamConnected(let upstream):
            guard let client = clientOf[upstream], let bytes = requests[client] else { return [] }
            return [.request(upstream, request(bytes), address: backend, for: client)]
        case .upstreamFailed(let upstream, _):
            guard let client = clientOf[upstream] else { return [] }
            return [
                .respond(
                    client,
                    response(status: 502, reason: "Bad Gateway", decided: Explanation(because: "nobody listens")))
            ]
        case .upstreamReceived(let upstream, let bytes):
            guard let client = clientOf[upstream] else { return [] }
            let status = Int(String(decoding: bytes.dropFirst(9).prefix(3), as: UTF8.self)) ?? 0
            let head = OutgoingResponse(
                head: ResponseHead(
                    version: "HTTP/1.1", status: status, reason: "", headers: fields(bytes), bytes: bytes),
                headers: [], lost: [], decided: nil)
            guard status == 101 else { return [.respond(client, head)] }
            let rule = idle.map {
                IdleRule(
                    limit: $0, watch: .either, laziness: laziness, explanation: Explanation(because: "idle for \($0)"))
            }
            return [.respond(client, head), .openTunnel(client, upstream, rule, early: [], late: [])]
        case .tunnelIdle(let client):
            guard let upstream = upstreamOf[client] else { return [] }
            let because = Explanation(because: "idle")
            return [.closeUpstream(upstream, .full), .closeClient(client, .full, because)]
        case .tunnelClosed(let client, let party, let how):
            guard let upstream = upstreamOf[client] else { return [] }
            let because = Explanation(because: "the \(party.rawValue) closed")
            return [.closeUpstream(upstream, how), .closeClient(client, how, because)]
        case .clientClosed(let client, let how):
            guard let upstream = upstreamOf[client] else { return [] }
            return [.closeUpstream(upstream, how)]
        case .upstreamClosed: return []
        }
    }

    private func request(_ bytes: [UInt8]) -> OutgoingRequest {
        let sent = fields(bytes)
        let kept = sent.fields.filter { field in !drops.contains { $0.equalsIgnoringCase(field.name) } }
        let lost = sent.fields.filter { field in drops.contains { $0.equalsIgnoringCase(field.name) } }
        let words = String(decoding: bytes.prefix { $0 != 13 }, as: UTF8.self).split(separator: " ")
        return OutgoingRequest(
            head: RequestHead(
                method: ByteString(String(words[0])), target: ByteString(String(words[1])),
                version: ByteString(String(words[2])), headers: HeaderFields(kept)),
            headers: kept.map { OutgoingHeader($0, origin: .client, explanation: Explanation(because: "as sent")) },
            lost: lost.map {
                LostHeader($0, explanation: Explanation(because: "\($0.name) is dropped", mend: "keep it"))
            },
            version: Explanation(because: "as sent"), target: Explanation(because: "as sent"))
    }

    private func response(status: Int, reason: ByteString, decided: Explanation?) -> OutgoingResponse {
        OutgoingResponse(
            head: ResponseHead(status: status, reason: reason, headers: HeaderFields()), headers: [], lost: [],
            decided: decided)
    }

    private func fields(_ bytes: [UInt8]) -> HeaderFields {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        return HeaderFields(
            lines.dropFirst().prefix { !$0.isEmpty }.compactMap { line in
                line.firstIndex(of: ":").map { colon in
                    HeaderField(
                        ByteString(String(line[..<colon])),
                        ByteString(String(line[line.index(after: colon)...])).trimmingWhitespace)
                }
            })
    }
}
