import ProxyModel
import WireBasics

/// Turns a syntax tree into what it means.
///
/// Blocks are read in two passes, as nginx does: first everything that a level says, then the blocks inside it, which
/// inherit from it wherever they stand.
struct ConfigurationBuilder {
    /// Where user files come from.
    let source: any ConfigSource
    /// What has been read so far.
    var parts: NginxConfiguration.Parts
    /// Lines that the language knows as not modelled, by place.
    let notModelled: Set<ConfigLocation>
    /// What is wrong after all.
    var problems: [ConfigurationProblem] = []

    /// Builds a configuration.
    ///
    /// - Throws: `ConfigurationError` with what only shows when the parts are put together.
    static func build(
        _ tree: NginxSyntaxTree, from source: any ConfigSource, version: NginxVersion
    ) throws(ConfigurationError) -> NginxConfiguration {
        var builder = ConfigurationBuilder(
            source: source, parts: .init(file: tree.file, version: version),
            notModelled: Set(tree.unmodelled.map(\.location)))
        builder.parts.findings = tree.findings
        builder.readMain(tree.directives)
        guard builder.problems.isEmpty else { throw ConfigurationError(problems: builder.problems) }
        return NginxConfiguration(builder.parts)
    }

    private mutating func readMain(_ directives: [NginxDirective]) {
        let blocks = directives.filter { $0.name.text == "http" }
        var settings = LocationSettings()
        // What the main level leaves unmodelled holds everywhere.
        for directive in directives where notModelled.contains(directive.location) { note(directive, in: &settings) }
        if NginxBehaviour(parts.version).keepaliveRequestsDefault != 1000 {
            settings.core.keepaliveRequests = Setting(NginxBehaviour(parts.version).keepaliveRequestsDefault)
        }
        for block in blocks {
            let children = block.children ?? []
            // Groups and tables may be used before they are written.
            for child in children { readTable(child) }
            var server = ServerConfiguration(
                names: [], primaryName: "", root: 0, named: [:], source: block.location, title: "http")
            for child in children { readServerSetting(child, &server) }
            let level = ConfigurationLevel(title: "http", kind: .http, locationName: "")
            readLevel(children, &settings, level)
            for child in children where child.name.text == "server" {
                readServer(child, inheriting: settings, server)
            }
        }
        for directive in directives {
            switch directive.name.text {
            case "events":
                if let line = directive.child("worker_connections") { count(line, &parts.workerConnections) }
            case "worker_processes":
                parts.workerProcesses =
                    directive.arguments.first.flatMap { DirectiveValue.int($0.text) }.flatMap(Int.init(exactly:))
            case "worker_shutdown_timeout":
                var timeout = Setting(TimeSpan.zero)
                time(directive, &timeout)
                parts.workerShutdownTimeout = timeout.value > .zero ? timeout : nil
            default: break
            }
        }
    }

    /// Reads everything that one level says, blocks apart.
    mutating func readLevel(
        _ directives: [NginxDirective], _ settings: inout LocationSettings, _ level: ConfigurationLevel
    ) {
        for directive in directives {
            let isKnown =
                readCore(directive, &settings, level) || readProxy(directive, &settings, level)
                || readAccess(directive, &settings, level) || readHeaders(directive, &settings, level)
                || readHandler(directive, &settings)
            if !isKnown, notModelled.contains(directive.location) { note(directive, in: &settings) }
            settings.bodyFilters.read(directive)
        }
        switch settings.headers.inheritance {
        case .standard: break
        case .off: settings.headers.addHeaders.dropInherited()
        case .merge: settings.headers.addHeaders.restoreCancelled()
        }
        finishProxy(&settings, level)
    }

    private func note(_ directive: NginxDirective, in settings: inout LocationSettings) {
        // Switched off, it is as if it were not there; what an outer level switched on is off as well.
        if directive.arguments.first?.text == "off" {
            settings.unmodelled.removeAll { $0.name == directive.name.text }
            return
        }
        settings.unmodelled.append(UnmodelledLine(name: directive.name.text, source: directive.location))
    }

    private mutating func readServer(
        _ block: NginxDirective, inheriting outer: LocationSettings, _ defaults: ServerConfiguration
    ) {
        let children = block.children ?? []
        var server = defaults
        server.source = block.location
        server.names = []
        for child in children { readServerSetting(child, &server) }
        if server.names.isEmpty { server.names = [.exact("")] }
        let index = parts.servers.count
        readListens(children, server: index, block, usesTLS: server.usesTLS)
        server.title =
            server.primaryName.isEmpty
            ? parts.listens.first { $0.servers.contains(index) }?.address.title ?? "server"
            : "\(server.primaryName)"
        var settings = outer.entering(isConditional: false)
        let level = ConfigurationLevel(title: "server \(server.title)", kind: .server, locationName: "")
        readLevel(children, &settings, level)
        server.root = parts.locations.count
        parts.locations.append(
            LocationConfiguration(
                kind: .server, name: "", title: "", settings: settings, source: block.location))
        parts.locations[server.root].settings.script = readScript(children, settings, level, owner: server.root)
        parts.servers.append(server)
        readLocations(children, inside: server.root, settings, server: index)
    }

    /// Reads `location` and `limit_except` blocks of a level.
    mutating func readLocations(
        _ directives: [NginxDirective], inside outer: Int, _ inherited: LocationSettings, server: Int
    ) {
        for block in directives {
            switch block.name.text {
            case "location": readLocation(block, inside: outer, inherited, server: server)
            case "limit_except": readExcept(block, inside: outer, inherited)
            default: break
            }
        }
    }

    private mutating func readLocation(
        _ block: NginxDirective, inside outer: Int, _ inherited: LocationSettings, server: Int
    ) {
        guard let (kind, name) = locationKind(block) else { return }
        let title = block.arguments.map { "\($0.text)" }.joined(separator: " ")
        let index = parts.locations.count
        var settings = inherited.entering(isConditional: false)
        let level = ConfigurationLevel(title: "location \(title)", kind: .location, locationName: name, parent: kind)
        readLevel(block.children ?? [], &settings, level)
        var location = LocationConfiguration(
            kind: kind, name: name, title: title, settings: settings, source: block.location)
        let handles = if case nil = settings.handler { false } else { true }
        location.redirectsToSlash = handles && name.hasSuffix("/") && kind.comparesText
        parts.locations.append(location)
        switch kind {
        case .named: parts.servers[server].named[name] = index
        case .regex: parts.locations[outer].regexes.append(index)
        default: parts.locations[outer].prefixes.append(index)
        }
        parts.locations[index].settings.script = readScript(block.children ?? [], settings, level, owner: index)
        readLocations(block.children ?? [], inside: index, settings, server: server)
    }

    private mutating func readExcept(_ block: NginxDirective, inside outer: Int, _ inherited: LocationSettings) {
        var methods = Set(block.arguments.map { ByteString($0.text.latin1.uppercased()) })
        if methods.contains("GET") { methods.insert("HEAD") }
        var settings = inherited.entering(isConditional: true)
        let level = ConfigurationLevel(
            title: "limit_except", kind: .conditional, locationName: parts.locations[outer].name)
        readLevel(block.children ?? [], &settings, level)
        if settings.handler == nil, settings.proxy.pass != nil { settings.handler = .proxy }
        let index = parts.locations.count
        parts.locations.append(
            LocationConfiguration(
                kind: .exceptMethods, name: parts.locations[outer].name, title: parts.locations[outer].title,
                settings: settings, source: block.location))
        parts.locations[outer].exceptMethods = (methods, index)
    }

    private mutating func locationKind(_ block: NginxDirective) -> (LocationConfiguration.Kind, ByteString)? {
        guard let first = block.arguments.first?.text else { return nil }
        if let second = block.arguments.dropFirst().first?.text {
            switch first {
            case "=": return (.exact, second)
            case "^~": return (.prefixBeforeRegexes, second)
            case "~": return regexKind(second, ignoresCase: false, block)
            case "~*": return regexKind(second, ignoresCase: true, block)
            default: return nil
            }
        }
        if let rest = first.dropping(prefix: "=") { return (.exact, rest) }
        if let rest = first.dropping(prefix: "^~") { return (.prefixBeforeRegexes, rest) }
        if let rest = first.dropping(prefix: "~*") { return regexKind(rest, ignoresCase: true, block) }
        if let rest = first.dropping(prefix: "~") { return regexKind(rest, ignoresCase: false, block) }
        return (first.hasPrefix("@") ? .named : .prefix, first)
    }

    private mutating func regexKind(
        _ text: ByteString, ignoresCase: Bool, _ block: NginxDirective
    ) -> (LocationConfiguration.Kind, ByteString)? {
        regex(text, ignoresCase: ignoresCase, block).map { (.regex($0), text) }
    }

    /// Compiles an expression; a faulty one becomes a problem.
    mutating func regex(_ text: ByteString, ignoresCase: Bool, _ directive: NginxDirective) -> RegexWithNames? {
        do {
            return try RegexWithNames(text, ignoresCase: ignoresCase, variables: &parts.variables)
        } catch {
            problems.append(ConfigurationProblem(message: error.nginxText, location: directive.end))
            return nil
        }
    }

    /// Reads text with variables in it.
    mutating func complex(_ text: ByteString) -> ComplexValue {
        ComplexValue(text, variables: &parts.variables)
    }
}

/// The level that lines stand at.
struct ConfigurationLevel {
    /// What kind of block it is.
    enum Kind {
        case http, server, location
        /// `if` or `limit_except`.
        case conditional
    }

    /// As a sentence names it: `server`, `location /ws`.
    var title: String
    /// What kind of block it is.
    var kind: Kind
    /// The location's name; empty outside.
    var locationName: ByteString
    /// The kind of location.
    var parent: LocationConfiguration.Kind?
}

extension LocationConfiguration.Kind {
    /// Whether its name is compared as text.
    var comparesText: Bool {
        switch self {
        case .prefix, .prefixBeforeRegexes, .exact: true
        default: false
        }
    }
}

extension PeerAddress {
    /// The address as reports write it.
    var title: String {
        switch self {
        case .tcp(let endpoint): endpoint.description
        case .unix(let path): "unix:\(path)"
        case .name(let host, let port): "\(host):\(port)"
        }
    }
}
