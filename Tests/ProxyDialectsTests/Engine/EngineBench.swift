import HTTPWire
import ProxyDialects
import ProxyModel
import WireBasics

/// Drives one proxy of the model with raw bytes: what tests need, and nothing of the simulation.
struct EngineBench {
    /// What a backend does with an attempt.
    enum Backend {
        case answers(String)
        case refuses
        case closes
        case isSilent
    }

    /// What came of a client's bytes.
    struct Result {
        /// Every attempt: the address, and the request as text.
        var upstream: [(address: String, request: String)] = []
        /// The new connections to upstreams.
        var connects: [PeerAddress] = []
        /// Everything the client got, the Date line left out.
        var client = ""
        /// Every head that the proxy sent to an upstream, with origins.
        var requests: [OutgoingRequest] = []
        /// Every head that it sent to the client.
        var responses: [OutgoingResponse] = []
        var routes: [Route] = []
        var unmodelled: [Explanation] = []
        var tunnel: (rule: IdleRule?, early: [UInt8], late: [UInt8])?
        var closed: (Closing, Explanation)?
        var timers: [TimerID: CaptureInstant] = [:]

        var status: Int? { responses.first?.head.status }
        var head: [String] { upstream.last.map { $0.request.components("\r\n") } ?? [] }
    }

    private(set) var proxy: any Proxy
    private var connections = 0
    /// What happens next: an event is handed over when all actions of the one before it are carried out.
    private var events: [ProxyEvent] = []
    private var backends: [String: [Backend]]
    /// The virtual clock.
    var now = CaptureInstant.epoch

    /// An nginx with what stands inside `http`, and before it on the same line.
    init(
        http: String, main: String = "", version: String = "1.22.1", files: [String: String] = [:],
        backends: [String: [Backend]] = [:]
    ) throws {
        var all = files.mapValues { Array($0.utf8) }
        all["nginx.conf"] = Array("\(main)events {}\nhttp {\n\(http)\n}\n".utf8)
        proxy = try DialectFixture.load("nginx.conf", all, "nginx", version)
        self.backends = backends
    }

    /// One server with these lines, listening on 127.0.0.1:80.
    init(
        server: String, version: String = "1.22.1", files: [String: String] = [:], backends: [String: [Backend]] = [:]
    ) throws {
        try self.init(
            http: "server { listen 127.0.0.1:80; server_name app.test;\n\(server)\n}", version: version, files: files,
            backends: backends)
    }

    /// A policy.
    init(policy: String, backends: [String: [Backend]] = [:]) throws {
        proxy = try DialectFixture.load("policy.yaml", ["policy.yaml": Array(policy.utf8)], "policy", nil)
        self.backends = backends
    }

    /// Opens a connection, sends these bytes and carries out what comes of it; `then` names further events.
    mutating func send(
        _ text: String, from client: String = "10.1.2.3:5000", at listener: String = "127.0.0.1:80",
        then further: [(inout EngineBench, ConnectionID, inout Result) -> Void] = []
    ) -> Result {
        connections += 1
        let id = ConnectionID(connections)
        var result = Result()
        let ends = [listener, client].compactMap { Endpoint($0).map(PeerAddress.tcp) }
        guard ends.count == 2 else { return result }
        feed(.accepted(id, listener: ends[0], client: ends[1]), &result)
        feed(.received(id, ByteString(text.crlf).bytes), &result)
        for step in further { step(&self, id, &result) }
        return result
    }

    /// Hands an event to the proxy and carries out its actions.
    mutating func feed(_ event: ProxyEvent, _ result: inout Result) {
        events.append(event)
        while !events.isEmpty {
            for action in proxy.handle(events.removeFirst(), at: now) { carryOut(action, &result) }
        }
    }

    private mutating func carryOut(_ action: ProxyAction, _ result: inout Result) {
        switch action {
        case .connect(let upstream, let address, _, _):
            result.connects.append(address)
            if case .refuses = next(address, keeping: true) {
                _ = next(address)
                result.upstream.append((text(address), ""))
                events.append(.upstreamFailed(upstream, .refused))
            } else {
                events.append(.upstreamConnected(upstream))
            }
        case .request(let upstream, let request, let address, _):
            let bytes = request.head.bytes + request.body
            result.upstream.append((text(address), ByteString(bytes).latin1))
            result.requests.append(request)
            switch next(address) {
            case .answers(let answer): events.append(.upstreamReceived(upstream, ByteString(answer.crlf).bytes))
            case .closes: events.append(.upstreamClosed(upstream, .full))
            case .refuses, .isSilent, nil: break
            }
        case .forward(_, let bytes):
            if !result.upstream.isEmpty {
                result.upstream[result.upstream.count - 1].request += ByteString(bytes).latin1
            }
        case .respond(_, let response):
            result.responses.append(response)
            let lines = ByteString(response.head.bytes).latin1.components("\r\n").filter { !$0.hasPrefix("Date: ") }
            result.client += lines.joined(separator: "\n")
        case .send(_, let bytes): result.client += ByteString(bytes).latin1
        case .openTunnel(_, _, let rule, let early, let late): result.tunnel = (rule, early, late)
        case .closeClient(_, let how, let explanation): result.closed = (how, explanation)
        case .route(_, let route): result.routes.append(route)
        case .unmodelled(_, let explanation): result.unmodelled.append(explanation)
        case .arm(let timer, let instant): result.timers[timer] = instant
        case .disarm(let timer): result.timers[timer] = nil
        case .closeUpstream, .trace: break
        }
    }

    private mutating func next(_ address: PeerAddress, keeping: Bool = false) -> Backend? {
        let name = text(address)
        guard let first = backends[name]?.first else { return .answers(Self.switching) }
        if !keeping, (backends[name]?.count ?? 0) > 1 { backends[name]?.removeFirst() }
        return first
    }

    private func text(_ address: PeerAddress) -> String {
        switch address {
        case .tcp(let endpoint): endpoint.description
        case .unix(let path): "unix:\(path)"
        case .name(let host, let port): "\(host):\(port)"
        }
    }

    /// A handshake as a browser makes it.
    static func handshake(_ target: String = "/ws", _ lines: String = "", host: String = "app.test") -> String {
        """
        GET \(target) HTTP/1.1
        Host: \(host)
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13
        \(lines)

        """ + (lines.isEmpty ? "" : "\n")
    }

    /// The answer that accepts it.
    static let switching = """
        HTTP/1.1 101 Switching Protocols
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=


        """
}

/// The lines that a handshake needs on its way through nginx.
let recipe = """
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    """
let recipeMap = "map $http_upgrade $connection_upgrade { default upgrade; '' close; }"

extension String {
    /// Line feeds as CRLF, as on a wire.
    var crlf: String {
        var out = ""
        for character in unicodeScalars {
            if character == "\n" { out.unicodeScalars.append("\r") }
            out.unicodeScalars.append(character)
        }
        return out
    }

    /// Parts between a separator.
    func components(_ separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}

enum DialectFixture {
    static func load(
        _ path: String, _ files: [String: [UInt8]], _ dialect: String, _ version: String?
    ) throws -> any Proxy {
        guard let dialect = DialectRegistry.named(dialect) else { throw ConfigurationError(problems: []) }
        return try dialect.load(path, from: MemoryFiles(files: files), version: version)
    }

    private struct MemoryFiles: ConfigSource {
        let files: [String: [UInt8]]

        func contents(of path: String) throws(ConfigSourceError) -> [UInt8] {
            guard let bytes = files[path] else {
                throw ConfigSourceError(path: path, number: 2, text: "No such file or directory")
            }
            return bytes
        }

        func paths(matching pattern: String) -> [String] { files.keys.filter { $0 == pattern }.sorted() }
    }
}
