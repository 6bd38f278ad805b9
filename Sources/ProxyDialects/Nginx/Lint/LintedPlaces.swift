import HTTPWire
import ProxyModel
import WireBasics

extension LintedPlace {
    /// Beyond this many locations further ones are not asked: a configuration that is written by a program says the
    /// same everywhere.
    static let most = 2000

    /// The places of a configuration that requests can reach by an address, a host and a path.
    ///
    /// A location is left out where no path can be told that leads to it: an expression that is too hard to satisfy,
    /// a named or internal location, a server that another one hides.
    static func all(in configuration: NginxConfiguration) -> [LintedPlace] {
        let probe = HandshakeProbe(configuration)
        var places: [LintedPlace] = []
        for (index, server) in configuration.servers.enumerated() {
            guard let door = Door(to: index, in: configuration) else { continue }
            for location in reachable(from: server.root, in: configuration) where places.count < most {
                guard let path = path(to: location, in: configuration, root: server.root),
                    let handshake = probe.run(path, at: door, asksForWebSocket: true),
                    let plain = probe.run(path, at: door, asksForWebSocket: false)
                else { continue }
                let serving = configuration.location(of: handshake) ?? location
                places.append(
                    LintedPlace(
                        server: index, location: location, serving: serving, path: path, authority: door.authority,
                        listen: door.listen,
                        evidence: WebSocketEvidence(for: location, servedBy: serving, of: index, in: configuration),
                        handshake: handshake, plain: plain))
            }
        }
        return withOuterHops(places, in: configuration)
    }

    /// The locations of a level and of those inside it, in the order of the file.
    private static func reachable(from level: Int, in configuration: NginxConfiguration) -> [Int] {
        let location = configuration.locations[level]
        let inner = (location.prefixes + location.regexes).sorted()
        return [level] + inner.flatMap { reachable(from: $0, in: configuration) }
    }

    /// A path that leads to a location; nil where none can be told.
    ///
    /// For a prefix that a regular expression is asked before, the path is the prefix all the same: that the
    /// expression wins is what a rule wants to see.
    private static func path(to index: Int, in configuration: NginxConfiguration, root: Int) -> ByteString? {
        let location = configuration.locations[index]
        let search = LocationSearch(locations: configuration.locations)
        switch location.kind {
        case .server: return search.find("/", in: index).location == index ? "/" : nil
        case .exact, .prefix, .prefixBeforeRegexes:
            return location.name.hasPrefix("/") ? EscapedURI.path(location.name) : nil
        case .regex(let regex):
            guard let example = RegexExample(of: regex.pattern.text).text, example.hasPrefix("/"),
                search.find(example, in: root).location == index
            else { return nil }
            return EscapedURI.path(example)
        case .named, .condition, .exceptMethods: return nil
        }
    }

    /// A location that leads to a listener of the same configuration is meant for WebSocket where that one is.
    private static func withOuterHops(
        _ places: [LintedPlace], in configuration: NginxConfiguration
    ) -> [LintedPlace] {
        let inner = places.filter { $0.handshake.status == 101 && $0.evidence?.severity == .error }
        guard !inner.isEmpty else { return places }
        return places.map { place in
            guard place.evidence == nil, let address = place.attempt?.address,
                let next = inner.first(where: { configuration.listens[$0.listen].address.description == address })
            else { return place }
            var place = place
            place.evidence = WebSocketEvidence(
                severity: .error, kind: .outerHop,
                because: "it leads to server \(configuration.servers[next.server].title), which takes WebSocket")
            return place
        }
    }
}

/// How a client gets to a server: listener and host.
struct Door {
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
        case .regex(let regex): RegexExample(of: regex.pattern.text).text
        }
    }
}

extension NginxConfiguration {
    /// The location that served an exchange in the end, by its index.
    func location(of outcome: ExchangeOutcome) -> Int? {
        guard let route = outcome.hops.last?.route else { return nil }
        return locations.firstIndex { location in
            guard location.source == route.source else { return false }
            switch location.kind {
            case .condition, .exceptMethods: return false
            default: return true
            }
        }
    }
}
