import HTTPWire
import ProxyModel
import WebSocketWire
import WireBasics

/// The request that a URL and some header lines mean.
struct TypedRequest {
    /// `ws` or `http`.
    let asksForWebSocket: Bool
    /// The host as the URL writes it, brackets of IPv6 included.
    let host: String
    /// The port that the URL names or that its scheme stands for.
    let port: UInt16
    private let head: RequestHead

    init(url: String, headers: [String]) throws(UserError) {
        guard let scheme = url.firstRange(of: "://") else { throw Self.badURL(url, "there is no scheme") }
        switch url[..<scheme.lowerBound].lowercased() {
        case "ws": asksForWebSocket = true
        case "http": asksForWebSocket = false
        case "wss", "https":
            throw Self.badURL(url, "the model starts behind TLS; write ws:// or http:// and the port of the listener")
        default: throw Self.badURL(url, "the scheme is neither ws nor http")
        }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        // A fragment never leaves the client (RFC 6455 §3).
        var target = String(rest[authority.endIndex...].prefix { $0 != "#" })
        if !target.hasPrefix("/") { target = "/" + target }
        guard !authority.isEmpty, !authority.contains("@"), !(authority + target).contains(where: \.isWhitespace) else {
            throw Self.badURL(url, "host or path cannot be read")
        }
        (host, port) = try Self.hostAndPort(authority, url)
        var fields = [HeaderField("Host", ByteString(String(authority)))]
        if asksForWebSocket {
            fields += [
                HeaderField("Upgrade", "websocket"), HeaderField("Connection", "Upgrade"),
                HeaderField("Sec-WebSocket-Key", SessionTranscript.exampleKey),
                HeaderField("Sec-WebSocket-Version", "13"),
            ]
        }
        for line in headers { try Self.apply(line, to: &fields) }
        head = RequestHead(target: ByteString(target), headers: HeaderFields(fields))
    }

    private static func hostAndPort(_ authority: Substring, _ url: String) throws(UserError) -> (String, UInt16) {
        guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else {
            return (String(authority), 80)
        }
        guard let port = UInt16(authority[authority.index(after: colon)...]), port > 0 else {
            throw badURL(url, "the port is not a number from 1 to 65535")
        }
        guard colon > authority.startIndex else { throw badURL(url, "host or path cannot be read") }
        return (String(authority[..<colon]), port)
    }

    /// As curl does: `Name: value` replaces or adds, `Name:` removes, `Name;` sends an empty value.
    private static func apply(_ line: String, to fields: inout [HeaderField]) throws(UserError) {
        let isEmptyValue = !line.contains(":") && line.hasSuffix(";")
        guard let end = isEmptyValue ? line.lastIndex(of: ";") : line.firstIndex(of: ":"), end > line.startIndex,
            !line.contains(where: \.isNewline)
        else {
            throw UserError(
                message: "`\(VisibleText.escape(line))` is no header line",
                mend: "write -H 'Name: value', -H 'Name:' to leave one out, -H 'Name;' for an empty one")
        }
        let name = ByteString(String(line[..<end]))
        let value = ByteString(String(line[line.index(after: end)...])).trimmingWhitespace
        let first = fields.firstIndex { $0.name.equalsIgnoringCase(name) }
        if value.isEmpty, !isEmptyValue {
            fields.removeAll { $0.name.equalsIgnoringCase(name) }
        } else if let first, !isEmptyValue {
            fields[first] = HeaderField(name, value)
        } else {
            fields.append(HeaderField(name, value))
        }
    }

    private static func badURL(_ url: String, _ why: String) -> UserError {
        UserError(
            message: "`\(VisibleText.escape(url))` cannot be tried: \(why)",
            mend: "write for example ws://example.com/chat or http://127.0.0.1:8080/")
    }

    /// The listener that a client of this URL would reach: by address, else by port, else the only one.
    func listener(among listeners: [Listener], of proxy: String) throws(UserError) -> Endpoint {
        let places = listeners.compactMap { listener -> Endpoint? in
            guard case .tcp(let endpoint) = listener.address else { return nil }
            return endpoint
        }
        if let place = Endpoint("\(host):\(port)"),
            places.contains(where: {
                $0 == place || ($0.port == port && $0.address.isWildcard && $0.address.isV6 == place.address.isV6)
            })
        {
            return place
        }
        let samePort = places.filter { $0.port == port }
        let candidates = samePort.isEmpty ? places : samePort
        let distinct = candidates.reduce(into: [Endpoint]()) { if !$0.contains($1) { $0.append($1) } }
        guard let only = distinct.first, distinct.count == 1 || !samePort.isEmpty else {
            let names = listeners.map(\.address.description).joined(separator: ", ")
            throw UserError(
                message: "\(proxy) does not listen at port \(port)\(names.isEmpty ? "" : "; it listens at \(names)")",
                mend: "put the port into the URL, or name the listener with --at")
        }
        guard only.address.isWildcard else { return only }
        let loopback = only.address.isV6 ? IPAddress(v6High: 0, low: 1) : IPAddress(v4: 0x7F00_0001)
        return Endpoint(address: loopback, port: only.port)
    }

    /// The exchange as it would be if nothing stood between client and server: what the outcome is compared with.
    func transcript(from client: Endpoint, to server: Endpoint) -> SessionTranscript {
        .direct(head, asksForWebSocket: asksForWebSocket, from: client, to: server)
    }
}
