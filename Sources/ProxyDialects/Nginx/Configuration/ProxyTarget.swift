import ProxyModel
import WireBasics

/// The parts of a `proxy_pass` URL.
///
/// Source: nginx `ngx_http_proxy_pass`, `ngx_parse_url`, `ngx_http_proxy_set_vars`.
struct ProxyTarget {
    /// `http` or `https`.
    var scheme: ByteString
    /// The host as written; the path of a Unix socket with `unix:` in front.
    var host: ByteString
    /// Whether the URL names a port.
    var hasPort: Bool
    /// The port, or the scheme's.
    var port: UInt16
    /// The text that `$proxy_host` gives.
    var authority: ByteString
    /// The URI part; empty where there is none.
    var uri: ByteString
    /// Where it leads if no group has that name.
    var address: PeerAddress

    /// What `$proxy_port` gives.
    var portText: ByteString {
        if case .unix = address { return "" }
        return ByteString(String(port))
    }

    /// Reads a URL without variables, or evaluated; nil where nginx would refuse it.
    init?(url: ByteString) {
        let defaultPort: UInt16
        let rest: ByteString
        if url.hasPrefixIgnoringCase("http://") {
            (scheme, defaultPort, rest) = ("http", 80, ByteString(url.bytes.dropFirst(7)))
        } else if url.hasPrefixIgnoringCase("https://") {
            (scheme, defaultPort, rest) = ("https", 443, ByteString(url.bytes.dropFirst(8)))
        } else {
            return nil
        }
        if let path = rest.dropping(prefix: "unix:") {
            let (file, uri) = path.splitOnce(at: UInt8(ascii: ":"))
            guard !file.isEmpty else { return nil }
            (host, hasPort, port, authority) = ("unix:" + file, false, 0, "localhost")
            self.uri = uri ?? ""
            address = .unix(path: file.latin1)
            return
        }
        let end = rest.bytes.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.count
        let hostPort = ByteString(rest.bytes[..<end])
        uri = ByteString(rest.bytes[end...])
        guard let (host, portText) = Self.splitPort(hostPort), !host.isEmpty else { return nil }
        self.host = host
        hasPort = portText != nil
        port = defaultPort
        if let portText {
            guard let number = DirectiveValue.int(portText), let exact = UInt16(exactly: number), exact > 0 else {
                return nil
            }
            port = exact
        }
        authority = hasPort && port != defaultPort ? hostPort : host
        address = Self.address(of: host, port: port)
    }

    private static func splitPort(_ text: ByteString) -> (ByteString, ByteString?)? {
        if text.hasPrefix("[") {
            guard let close = text.bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let host = ByteString(text.bytes[...close])
            let rest = ByteString(text.bytes[(close + 1)...])
            if rest.isEmpty { return (host, nil) }
            return rest.dropping(prefix: ":").map { (host, $0) }
        }
        return text.splitOnce(at: UInt8(ascii: ":"))
    }

    /// Where a host of a configuration leads: an address, or a name that only the machine's resolver knows.
    static func address(of host: ByteString, port: UInt16) -> PeerAddress {
        var text = host.latin1
        if text.hasPrefix("["), text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
        if let address = IPAddress(text) { return .tcp(Endpoint(address: address, port: port)) }
        // The one name that every machine resolves the same way; IPv4 first, as where IPv6 has no loopback name.
        if host.equalsIgnoringCase("localhost") {
            return .tcp(Endpoint(address: IPAddress(v4: 0x7F00_0001), port: port))
        }
        return .name(host: text, port: port)
    }
}
