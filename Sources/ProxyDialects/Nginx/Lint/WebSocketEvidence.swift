import WireBasics

/// Why a location is thought to be meant for WebSocket, and how sure that is.
///
/// A linter that cries wolf is switched off: a name that may mean something else makes a finding milder.
struct WebSocketEvidence: Hashable, Sendable {
    /// What speaks for it.
    enum Kind: Hashable, Sendable {
        /// Lines of its own, a part of the recipe.
        case ownRecipe
        /// The recipe of a level around it.
        case inheritedRecipe
        /// The recipe of a level around it, which lines of its own cancel.
        case cancelledRecipe
        /// Its name, or that of its upstream or server.
        case name
        /// Another server of the configuration, which it leads to.
        case outerHop
    }

    /// The most that a finding may be called which rests on it.
    var severity: Finding.Severity
    /// What speaks for it.
    var kind: Kind
    /// The same in words.
    var because: String

    /// Evidence with all its parts.
    init(severity: Finding.Severity, kind: Kind, because: String) {
        self.severity = severity
        self.kind = kind
        self.because = because
    }

    /// What speaks for a location, the surest first; nil where nothing does.
    init?(for location: Int, servedBy serving: Int, of server: Int, in configuration: NginxConfiguration) {
        let found =
            Self.recipe(at: location, in: configuration) ?? Self.recipe(at: serving, in: configuration)
        let named = Self.name(of: location, servedBy: serving, of: server, in: configuration)
        switch (found, named) {
        case (var found?, let named?):
            // Two that agree are surer than either.
            if found.kind == .cancelledRecipe {
                found.severity = max(found.severity, named.isLikely ? .error : .warning)
            }
            self = found.severity >= named.severity ? found : named
        case (let only?, nil), (nil, let only?): self = only
        case (nil, nil): return nil
        }
    }

    private var isLikely: Bool { severity >= .warning }

    // MARK: The recipe

    private static func recipe(at index: Int, in configuration: NginxConfiguration) -> WebSocketEvidence? {
        let location = configuration.locations[index]
        let lines = location.settings.proxy.setHeaders
        let isProxied = if case .proxy? = location.settings.handler { true } else { false }
        let isOwn = lines.level == "location \(location.title)"
        if let line = lines.lines.first(where: isPartOfRecipe) {
            if isOwn {
                return WebSocketEvidence(
                    severity: .error, kind: .ownRecipe, because: "it sets \(line.name) for WebSocket")
            }
            guard isProxied else { return nil }
            return WebSocketEvidence(
                severity: .warning, kind: .inheritedRecipe,
                because: "\(line.name) is set for WebSocket in \(lines.level)")
        }
        guard isProxied, isOwn, let line = lines.cancelled.first(where: isPartOfRecipe) else { return nil }
        return WebSocketEvidence(
            severity: .warning, kind: .cancelledRecipe,
            because: "\(line.name) is set for WebSocket in \(lines.cancelledLevel)")
    }

    /// Whether a line helps a handshake through: `Upgrade`, or a `Connection` that may say so.
    private static func isPartOfRecipe(_ line: SetHeader) -> Bool {
        let name = line.name.hasSuffix(":") ? ByteString(line.name.bytes.dropLast()) : line.name
        let value = line.value.written.latin1.lowercased()
        if name.equalsIgnoringCase("Upgrade") { return !value.isEmpty }
        return name.equalsIgnoringCase("Connection") && (value.contains("upgrade") || value == "$http_connection")
    }

    // MARK: Names

    /// Words that hardly mean anything else.
    private static let sure: Set<String> = ["wss", "sockjs", "signalr", "actioncable"]
    /// Words that mostly mean it.
    private static let likely: Set<String> = ["ws", "socket", "sockets", "cable"]
    /// Words that may mean it.
    private static let possible: Set<String> = ["hub", "hubs", "live", "realtime", "mqtt"]

    /// How sure a name is; nil where it says nothing.
    private static func severity(of name: ByteString) -> Finding.Severity? {
        let text = name.latin1.lowercased()
        if ["websocket", "socket.io", "socketio", "engine.io"].contains(where: text.contains) { return .error }
        let words = Set(text.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.map(String.init))
        if !words.isDisjoint(with: sure) { return .error }
        if !words.isDisjoint(with: likely) { return .warning }
        return words.isDisjoint(with: possible) ? nil : .hint
    }

    /// The path itself, else the upstream's name, else the server's: the further away, the less it says.
    private static func name(
        of location: Int, servedBy serving: Int, of server: Int, in configuration: NginxConfiguration
    ) -> WebSocketEvidence? {
        let isProxied = [location, serving].contains { index in
            if case .proxy? = configuration.locations[index].settings.handler { true } else { false }
        }
        guard isProxied else { return nil }
        let own = configuration.locations[location]
        var regexes = own.name
        if case .regex = own.kind { regexes = ByteString(own.name.bytes.filter { $0 != UInt8(ascii: "\\") }) }
        // What is cut out of a socket's path has its name from there.
        let isCutOut = configuration.wider(than: location, of: server).contains { wider in
            Self.severity(of: wider.name) != nil
                && wider.settings.proxy.setHeaders.lines.contains { $0.name.equalsIgnoringCase("Upgrade") }
        }
        if !isCutOut, let severity = severity(of: regexes) {
            return WebSocketEvidence(
                severity: severity, kind: .name, because: "its path \(own.name) looks like one for WebSocket")
        }
        if let group = configuration.locations[serving].settings.proxy.pass?.fixed.map({
            configuration.groups[$0.group]
        }),
            let severity = severity(of: group.name)
        {
            return WebSocketEvidence(
                severity: min(severity, .warning), kind: .name,
                because: "its upstream \"\(group.name)\" looks like one for WebSocket")
        }
        let title = configuration.servers[server].primaryName
        guard let severity = severity(of: title) else { return nil }
        return WebSocketEvidence(
            severity: min(severity, .warning), kind: .name,
            because: "its server \(title) looks like one for WebSocket")
    }
}

extension NginxConfiguration {
    /// Every block of a server, its own level and named locations included.
    func blocks(of server: Int) -> ArraySlice<LocationConfiguration> {
        let end = server + 1 < servers.count ? servers[server + 1].root : locations.count
        return locations[servers[server].root..<end]
    }

    /// The prefix locations of a server that would take a location's name if it were not there.
    func wider(than index: Int, of server: Int) -> [LocationConfiguration] {
        let location = locations[index]
        guard location.kind.comparesText else { return [] }
        return locations[servers[server].root].prefixes.map { locations[$0] }.filter { other in
            !other.kind.isExact && other.name != location.name && location.name.hasPrefix(other.name)
        }
    }
}

extension LocationConfiguration.Kind {
    /// Whether it takes one URI alone.
    var isExact: Bool {
        if case .exact = self { true } else { false }
    }
}
