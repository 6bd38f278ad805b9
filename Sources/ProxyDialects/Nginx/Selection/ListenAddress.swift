import ProxyModel
import WireBasics

/// An address that is listened at, and the servers behind it.
///
/// Source: nginx `ngx_http_add_listen`, `ngx_http_init_connection`.
struct ListenAddress: Sendable {
    /// The address; a wildcard takes every address of the machine.
    var address: PeerAddress
    /// The servers, by index, in order.
    var servers: [Int]
    /// The server for names that none has: `default_server`, or the first.
    var defaultServer: Int
    /// Whether it expects TLS.
    var usesTLS: Bool
    /// Whether it expects the PROXY protocol.
    var usesProxyProtocol: Bool
    /// Whether `http2` stands on the line.
    var usesHTTP2: Bool
    /// The line; nil where the server has no `listen`.
    var source: ConfigLocation?
    /// Whether `default_server` says which server that is.
    var hasExplicitDefault: Bool

    /// Reads the address of a `listen`: `80`, `127.0.0.1:80`, `*:80`, `[::]:80`, `localhost:80`, `unix:/path`.
    static func parse(_ text: ByteString) -> PeerAddress? {
        if let path = text.dropping(prefix: "unix:") { return .unix(path: path.latin1) }
        if let port = DirectiveValue.int(text) {
            return UInt16(exactly: port).map { .tcp(Endpoint(address: IPAddress(v4: 0), port: $0)) }
        }
        let string = text.latin1
        if string.hasPrefix("[") {
            if let endpoint = Endpoint(string) { return .tcp(endpoint) }
            guard string.hasSuffix("]"), let address = IPAddress(String(string.dropFirst().dropLast())) else {
                return nil
            }
            return .tcp(Endpoint(address: address, port: 80))
        }
        let (host, port) = text.splitOnce(at: UInt8(ascii: ":"))
        var number: UInt16 = 80
        if let port {
            guard let value = DirectiveValue.int(port), let exact = UInt16(exactly: value) else { return nil }
            number = exact
        }
        let address: IPAddress? =
            switch host {
            case "*": IPAddress(v4: 0)
            case "localhost": IPAddress(v4: 0x7F00_0001)
            default: IPAddress(host.latin1)
            }
        if let address { return .tcp(Endpoint(address: address, port: number)) }
        return .name(host: host.latin1, port: number)
    }

    /// The most exact of the addresses for a connection that came in at `listener`; nil where none takes it.
    static func index(of listener: PeerAddress, in listens: [ListenAddress]) -> Int? {
        if let exact = listens.firstIndex(where: { $0.address == listener }) { return exact }
        guard case .tcp(let endpoint) = listener else { return nil }
        let wildcards = listens.indices.filter {
            guard case .tcp(let own) = listens[$0].address else { return false }
            return own.address.isWildcard && own.port == endpoint.port
        }
        // A `[::]` that is not `ipv6only` would take IPv4 as well; since 1.3.4 it is `ipv6only` unless told otherwise.
        let sameFamily = wildcards.first {
            guard case .tcp(let own) = listens[$0].address else { return false }
            return own.address.isV6 == endpoint.address.isV6
        }
        return sameFamily ?? wildcards.first
    }
}
