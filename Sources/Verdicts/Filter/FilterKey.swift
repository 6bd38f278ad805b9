import HTTPWire
import TCPReassembly
import WebSocketWire
import WireBasics

/// What sessions can be chosen by.
///
/// Help and documentation are written from it.
public enum FilterKey: String, CaseIterable, Hashable, Sendable {
    case host, path, target, method, kind, status, upgraded, verdict
    case violation, loss, complete, close, subprotocol, `extension`
    case client, server, address, port, id

    /// What it looks at, in a few words.
    public var summary: String {
        switch self {
        case .host: "Host of the request, with its port where the pattern has one"
        case .path: "the path that is asked for, without its query"
        case .target: "the request target as sent, query included"
        case .method: "the method of the request"
        case .kind: "websocket (the request asks for it) or http"
        case .status: "the captured status"
        case .upgraded: "yes where the connection became a WebSocket"
        case .verdict: "what came of the replay: same, changed, broken, fixed, inconclusive"
        case .violation: "codes of violations"
        case .loss: "codes of what is missing or was given up"
        case .complete: "yes where nothing of the session is missing"
        case .close: "status codes of close frames, of either end"
        case .subprotocol: "the subprotocol that the server chose"
        case .extension: "names of the extensions that the server accepted"
        case .client: "the client's address; also the one that a PROXY protocol header names"
        case .server: "the server's address"
        case .address: "either end's address"
        case .port: "either end's port"
        case .id: "the session's number, or its whole id"
        }
    }

    /// A condition that shows how it is written.
    public var example: String {
        switch self {
        case .host: "host=*.example.test"
        case .path: "path=/chat/*"
        case .target: "target=*token=*"
        case .method: "method!=GET"
        case .kind: "kind=websocket"
        case .status: "status=4xx,500-503"
        case .upgraded: "upgraded=no"
        case .verdict: "verdict=broken,inconclusive"
        case .violation: "violation=ws.close.*"
        case .loss: "loss=tcp.gap"
        case .complete: "complete=no"
        case .close: "close=1011,4xxx"
        case .subprotocol: "subprotocol=mqtt"
        case .extension: "extension=permessage-deflate"
        case .client: "client=10.0.0.0/8"
        case .server: "server=192.0.2.7:8080"
        case .address: "address=[2001:db8::]/32"
        case .port: "port=8080"
        case .id: "id=3,7-9"
        }
    }

    /// What patterns on its values can be.
    var form: Form {
        switch self {
        case .path, .target, .violation, .loss, .subprotocol, .method: .text(ignoresCase: false)
        case .host, .extension: .text(ignoresCase: true)
        case .kind: .word(["websocket", "http"])
        case .verdict: .word(Verdict.allCases.map(\.rawValue))
        case .upgraded, .complete: .truth
        case .status, .close, .port: .number
        case .client, .server, .address: .address
        case .id: .id
        }
    }

    enum Form: Hashable {
        /// A text with `*` and `?`.
        case text(ignoresCase: Bool)
        case word([String])
        case truth
        case number
        case address
        /// A number, a range of them, or a text.
        case id
    }

    /// The values that a session has.
    func values(of id: SessionID, _ transcript: SessionTranscript, _ verdict: Verdict?) -> [FilterValue] {
        let head = transcript.request.head
        switch self {
        case .host: return Self.hosts(head).map { .text($0.lowercased) }
        case .path: return [.text(RequestPlace(head.target).path)]
        case .target: return [.text(head.target)]
        case .method: return [.text(head.method)]
        case .kind: return [.text(ByteString(transcript.kind.rawValue))]
        case .status: return transcript.response.map { [.number($0.head.status)] } ?? []
        case .upgraded: return [.truth(transcript.tunnel != nil)]
        case .verdict: return verdict.map { [.text(ByteString($0.rawValue))] } ?? []
        case .violation: return transcript.violations.map { .text(ByteString($0.code)) }
        case .loss: return transcript.losses.map { .text(ByteString($0.code)) }
        case .complete: return [.truth(transcript.isComplete)]
        case .close:
            let closes = [transcript.tunnel?.client.close, transcript.tunnel?.server.close]
            return closes.compactMap { $0?.code }.map(FilterValue.number)
        case .subprotocol: return Self.agreed(transcript)?.subprotocol.map { [.text($0)] } ?? []
        case .extension: return Self.agreed(transcript)?.extensions.map { .text($0.name.lowercased) } ?? []
        case .client: return Self.clients(transcript).map(FilterValue.endpoint)
        case .server: return [.endpoint(transcript.server)]
        case .address: return (Self.clients(transcript) + [transcript.server]).map(FilterValue.endpoint)
        case .port: return [.number(Int(transcript.client.port)), .number(Int(transcript.server.port))]
        case .id: return [.number(id.number), .text(ByteString(id.description))]
        }
    }

    /// Who connected, and who a load balancer says is behind that.
    private static func clients(_ transcript: SessionTranscript) -> [Endpoint] {
        [transcript.client, transcript.proxyProtocol?.source].compactMap(\.self)
    }

    private static func agreed(_ transcript: SessionTranscript) -> OpeningHandshake? {
        guard transcript.kind == .websocket, let response = transcript.response?.head else { return nil }
        return OpeningHandshake(request: transcript.request.head, response: response)
    }

    /// What the request names as its host, with and without port.
    private static func hosts(_ head: RequestHead) -> [ByteString] {
        guard let host = RequestPlace(head.target).authority ?? head.headers.first(FieldName.host) else { return [] }
        guard let colon = host.bytes.lastIndex(of: UInt8(ascii: ":")), host.bytes.last != UInt8(ascii: "]") else {
            return [host]
        }
        return [ByteString(host.bytes[..<colon]), host]
    }
}

/// A value of a session that patterns are held against.
enum FilterValue: Hashable {
    case text(ByteString)
    case number(Int)
    case endpoint(Endpoint)
    case truth(Bool)

    /// For people: harmless to show anywhere.
    var description: String {
        switch self {
        case .text(let text): text.description
        case .number(let number): String(number)
        case .endpoint(let endpoint): endpoint.description
        case .truth(let isTrue): isTrue ? "yes" : "no"
        }
    }
}

/// The parts of a request target that name a place (RFC 9112 §3.2).
private struct RequestPlace {
    /// Of the absolute form: what stands between `//` and the path.
    let authority: ByteString?
    /// Without query.
    let path: ByteString

    init(_ target: ByteString) {
        let bytes = target.bytes.prefix { $0 != UInt8(ascii: "?") }
        guard bytes.first != UInt8(ascii: "/"), let start = Self.endOfScheme(bytes) else {
            (authority, path) = (nil, ByteString(bytes))
            return
        }
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
        authority = ByteString(bytes[start..<end])
        path = end == bytes.endIndex ? "/" : ByteString(bytes[end...])
    }

    private static func endOfScheme(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
            return nil
        }
        return colon + 3
    }
}
