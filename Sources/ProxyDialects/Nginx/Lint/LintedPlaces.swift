import HTTPWire
import ProxyModel
import WireBasics

extension LintedPlace {
    /// The places of a configuration that requests can reach by an address, a host and a path.
    ///
    /// A location is left out where no path can be told that leads to it: an expression that is too hard to satisfy,
    /// a named or internal location, a server that another one hides.
    static func all(in configuration: NginxConfiguration, atMost most: Int) -> [LintedPlace] {
        let probe = HandshakeProbe(configuration)
        var places: [LintedPlace] = []
        for (index, server) in configuration.servers.enumerated() {
            guard let door = Door(to: index, in: configuration) else { continue }
            for location in reachable(from: server.root, in: configuration) where places.count < most {
                let paths = paths(to: location, in: configuration, root: server.root)
                let ways = paths.lazy.compactMap { path in
                    probe.run(path, at: door, asksForWebSocket: true).map { Way(path: path, handshake: $0) }
                }
                guard let way = ways.first(where: { !$0.isRedirected }) ?? ways.first,
                    let plain = probe.run(way.path, at: door, asksForWebSocket: false)
                else { continue }
                let (path, handshake) = (way.path, way.handshake)
                let serving = configuration.location(of: handshake, aimedAt: location, in: server)
                places.append(
                    LintedPlace(
                        server: index, location: location, serving: serving, path: path, door: door,
                        evidence: WebSocketEvidence(for: location, servedBy: serving, of: index, in: configuration),
                        handshake: handshake, plain: plain))
            }
        }
        return sharpened(places, in: configuration)
    }

    /// A path and what becomes of a handshake to it.
    private struct Way {
        var path: ByteString
        var handshake: ExchangeOutcome

        /// Whether nginx itself sends the client elsewhere: what lies below a bare prefix then tells more.
        var isRedirected: Bool {
            !handshake.reachesUpstream && handshake.status.map((300..<400).contains) ?? false
        }
    }

    /// The locations of a level and of those inside it, in the order of the file.
    private static func reachable(from level: Int, in configuration: NginxConfiguration) -> [Int] {
        let location = configuration.locations[level]
        let inner = (location.prefixes + location.regexes).sorted()
        return [level] + inner.flatMap { reachable(from: $0, in: configuration) }
    }

    /// Paths that lead to a location, the plainest first; none where none can be told.
    ///
    /// For a prefix that a regular expression is asked before, the path is the prefix all the same: that the
    /// expression wins is what a rule wants to see.
    private static func paths(to index: Int, in configuration: NginxConfiguration, root: Int) -> [ByteString] {
        let location = configuration.locations[index]
        let search = LocationSearch(locations: configuration.locations)
        switch location.kind {
        case .server: return search.find("/", in: index).location == index ? ["/"] : []
        case .exact: return location.name.hasPrefix("/") ? [EscapedURI(asRFC3986: true).path(location.name)] : []
        case .prefix, .prefixBeforeRegexes:
            guard location.name.hasPrefix("/") else { return [] }
            let path = EscapedURI(asRFC3986: true).path(location.name)
            let isTaken = search.find(location.name, in: root).location != index
            return location.name.hasSuffix("/") || isTaken ? [path] : [path, path + "/"]
        case .regex(let regex):
            // nginx merges slashes before it looks for a location.
            let example = RegexExamples(of: regex.pattern.text).texts.first { text in
                text.hasPrefix("/") && !text.latin1.contains("//") && search.find(text, in: root).location == index
            }
            return example.map { [EscapedURI(asRFC3986: true).path($0)] } ?? []
        case .named, .condition, .exceptMethods: return []
        }
    }

    /// What the places of a configuration say of each other.
    ///
    /// A location that leads to a listener of the same configuration is meant for WebSocket where that one is. A recipe
    /// that is cancelled wherever it would hold was not meant to be.
    private static func sharpened(_ places: [LintedPlace], in configuration: NginxConfiguration) -> [LintedPlace] {
        let inner = places.filter { $0.handshake.status == 101 && $0.evidence?.severity == .error }
        let served = Set(places.filter(\.asksUpstream).map(\.server))
        return places.map { place in
            var place = place
            if place.evidence == nil, let address = place.attempt?.address,
                let next = inner.first(where: { configuration.listens[$0.listen].address.description == address })
            {
                place.evidence = WebSocketEvidence(
                    severity: .error, kind: .outerHop,
                    because: "it leads to server \(configuration.servers[next.server].title), which takes WebSocket")
            }
            if place.evidence?.kind == .cancelledRecipe, !served.contains(place.server) {
                place.evidence?.severity = .error
            }
            return place
        }
    }
}

/// How a client gets to a server: listener and host.
struct Door: Sendable {
    /// The listener, by its index.
    let listen: Int
    /// The address that a client connects to.
    let place: Endpoint
    /// What `Host` says.
    let authority: ByteString
    /// `ws` and `http` become `wss` and `https` there.
    let usesTLS: Bool

    /// The first way that leads to a server; nil where there is none.
    init?(to server: Int, in configuration: NginxConfiguration) {
        for (index, listen) in configuration.listens.enumerated() where listen.servers.contains(server) {
            guard case .tcp(let endpoint) = listen.address else { continue }
            let selection = ServerSelection(listen: listen, servers: configuration.servers)
            let names = configuration.servers[server].names.compactMap(Self.example)
            guard let host = (names + ["example.test"]).first(where: { selection.server(for: $0).server == server })
            else { continue }
            let usual: UInt16 = listen.usesTLS ? 443 : 80
            self.listen = index
            usesTLS = listen.usesTLS
            authority = endpoint.port == usual ? host : host + ByteString(":\(endpoint.port)")
            let loopback = endpoint.address.isV6 ? IPAddress(v6High: 0, low: 1) : IPAddress(v4: 0x7F00_0001)
            place = endpoint.address.isWildcard ? Endpoint(address: loopback, port: endpoint.port) : endpoint
            return
        }
        return nil
    }

    /// A host that a name takes.
    private static func example(of name: ServerName) -> ByteString? {
        switch name {
        case .exact(let text): text.isEmpty || text == "_" ? nil : text
        case .suffix(let suffix, let includesBase):
            includesBase ? ByteString(suffix.bytes.dropFirst()) : "app" + suffix
        case .prefix(let prefix): prefix + "test"
        case .regex(let regex): RegexExamples(of: regex.pattern.text).texts.first
        }
    }
}

extension ExchangeOutcome {
    /// Whether the client's own request gets as far as an upstream.
    var reachesUpstream: Bool {
        hops.last?.attempts.contains { $0.request?.isSubrequest == false } ?? false
    }
}

extension NginxConfiguration {
    /// The location that served an exchange in the end, by its index; the one aimed at where none did.
    func location(
        of outcome: ExchangeOutcome, aimedAt aim: Int, in server: ServerConfiguration
    ) -> Int {
        guard let route = outcome.hops.last?.route else { return aim }
        let found = locations.firstIndex { location in
            guard location.source == route.source else { return false }
            switch location.kind {
            case .condition, .exceptMethods: return false
            default: return true
            }
        }
        // The question of auth_request has a way of its own, and the request goes on where it was.
        if let question = locations[aim].settings.access.subrequest?.value,
            LocationSearch(locations: locations).find(question, in: server.root).location == found
        {
            return aim
        }
        return found ?? aim
    }
}
