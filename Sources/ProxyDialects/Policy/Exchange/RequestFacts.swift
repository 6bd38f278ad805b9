import HTTPWire
import ProxyModel
import WireBasics

/// What conditions and templates of a policy can ask about a request.
struct RequestFacts: Sendable {
    /// The request as it came in.
    let head: RequestHead
    let client: PeerAddress
    let listener: PeerAddress
    let usesTLS: Bool
    /// The host that it is for, in lower case, without the port: that of an absolute target, else that of `Host`
    /// (RFC 9112 §3.2.2).
    let host: ByteString
    /// The path of the target, up to the question mark.
    let path: ByteString
    /// What follows the question mark; nil where there is none.
    let query: ByteString?
    /// What the route's expression matched, the whole match first.
    var groups: [ByteString] = []
    /// The server that was chosen.
    var server: PeerAddress?

    /// The facts of a request that came in at a listener.
    init(_ head: RequestHead, client: PeerAddress, listener: Listener) {
        self.head = head
        self.client = client
        self.listener = listener.address
        usesTLS = listener.usesTLS
        let (authority, origin) = Self.split(head.target)
        host = Self.withoutPort(authority ?? head.headers.first(FieldName.host) ?? "").lowercased
        let mark = origin.bytes.firstIndex(of: UInt8(ascii: "?"))
        path = ByteString(origin.bytes[..<(mark ?? origin.bytes.endIndex)])
        query = mark.map { ByteString(origin.bytes[($0 + 1)...]) }
    }

    /// Whether the client asks to switch to another protocol.
    var asksForUpgrade: Bool {
        head.headers.contains(FieldName.upgrade) && head.headers.hasToken("upgrade", in: FieldName.connection)
    }

    /// Whether that protocol is WebSocket.
    var asksForWebSocket: Bool {
        asksForUpgrade && head.headers.hasToken("websocket", in: FieldName.upgrade)
    }

    func value(of variable: PolicyVariable) -> ByteString {
        switch variable {
        case .clientAddress: Self.host(of: client)
        case .clientPort: Self.port(of: client)
        case .listenerAddress: Self.host(of: listener)
        case .listenerPort: Self.port(of: listener)
        case .scheme: usesTLS ? "https" : "http"
        case .host: host
        case .method: head.method
        case .target: head.target
        case .path: path
        case .query: query ?? ""
        case .upstreamAddress: server.map { ByteString($0.description) } ?? ""
        case .header(let name): head.headers.first(name) ?? ""
        case .group(let number): groups.indices.contains(number) ? groups[number] : ""
        }
    }

    /// `http://host/path` in its authority and the rest.
    private static func split(_ target: ByteString) -> (authority: ByteString?, origin: ByteString) {
        for scheme in ["http://", "https://", "ws://", "wss://"] as [ByteString]
        where ByteString(target.bytes.prefix(scheme.count)).equalsIgnoringCase(scheme) {
            let rest = target.bytes.dropFirst(scheme.count)
            let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            let path = ByteString(rest[end...])
            return (ByteString(rest[..<end]), path.hasPrefix("/") ? path : "/" + path)
        }
        return (nil, target)
    }

    private static func withoutPort(_ authority: ByteString) -> ByteString {
        let bytes = authority.bytes
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")),
            bytes[(colon + 1)...].allSatisfy({ (48...57).contains($0) })
        else { return authority }
        return ByteString(bytes[..<colon])
    }

    private static func host(of address: PeerAddress) -> ByteString {
        switch address {
        case .tcp(let endpoint): ByteString(endpoint.address.description)
        case .unix(let path): ByteString("unix:" + path)
        case .name(let host, _): ByteString(host)
        }
    }

    private static func port(of address: PeerAddress) -> ByteString {
        switch address {
        case .tcp(let endpoint): ByteString(String(endpoint.port))
        case .unix: ""
        case .name(_, let port): ByteString(String(port))
        }
    }
}
