import ProxyModel
import WireBasics

/// nginx's configuration language: `nginx -t` as a function.
enum NginxLanguage {
    /// Reads a configuration and everything that it includes, and checks it as `nginx -t` of that version would.
    ///
    /// - Parameters:
    ///   - path: the main file, as the user named it; messages repeat it so.
    ///   - source: where files come from.
    ///   - version: the release whose rules hold; nil for the newest modelled one.
    /// - Throws: `ConfigurationError` with nginx's own complaint first and what is wrong behind it after that.
    static func read(
        _ path: String, from source: any ConfigSource, version: NginxVersion?
    )
        throws(ConfigurationError) -> NginxSyntaxTree
    {
        let read = NginxParser.parse(path, from: source)
        var checker = NginxChecker(file: path, version: version ?? .newest)
        let directives =
            if let wrapped = fragment(read, checker.version) {
                checker.checkFragment(wrapped)
            } else {
                checker.checkMain(read.items)
            }
        let complaints = checker.complaints
        guard !complaints.hasStopped else {
            throw ConfigurationError(problems: complaints.problems, nativeOutput: complaints.lines)
        }
        return NginxSyntaxTree(
            file: path, directives: directives, unmodelled: checker.unmodelled, warnings: complaints.warnings,
            findings: complaints.findings, output: complaints.lines)
    }

    /// What stands at the top level, if this is a file for `conf.d` and not a whole configuration: directives of
    /// `http`, and none that belongs outside of it.
    private static func fragment(_ source: NginxSource, _ version: NginxVersion) -> NginxSource? {
        var names: [ByteString] = []
        func collect(_ items: [NginxSource.Item]) {
            for item in items {
                switch item {
                case .directive(let statement): names += statement.words.prefix(1).map(\.text)
                case .include(_, let files): for file in files { collect(file.items) }
                case .failure: break
                }
            }
        }
        collect(source.items)
        let contexts = names.map { name in
            NginxDirectiveTable.rows(name, in: version).reduce(into: NginxContexts()) { $0.formUnion($1.contexts) }
        }
        let isFragment = contexts.contains { $0.contains(.http) && !$0.contains(.main) }
        let isWhole = contexts.contains { $0.contains(.main) && !$0.contains(.http) }
        return isFragment && !isWhole ? source : nil
    }
}

extension NginxChecker {
    /// Checks a whole configuration.
    mutating func checkMain(_ items: [NginxSource.Item]) -> [NginxDirective] {
        let scope = NginxScope(context: .main, main: 0, srv: 0, loc: 0)
        let directives = check(items, in: scope)
        complaints.note("nginx: the configuration file \(complaints.file) syntax is ok")
        if !directives.contains(where: { $0.name.text == "events" }), !complaints.hasStopped {
            let none = ConfigLocation(file: complaints.file, line: 1)
            complaints.stop(
                NginxComplaint(
                    "no \"events\" section in configuration", line: .none, why: "a whole configuration needs one",
                    mend: "add events {}"), at: none)
        }
        checkCycle()
        return directives
    }

    /// Checks a file that belongs into `http`, and puts that block around it.
    mutating func checkFragment(_ source: NginxSource) -> [NginxDirective] {
        let start = ConfigLocation(file: source.file, line: 1, column: 1)
        settings[0].words["http"] = []
        let children = checkHTTP(source.items, close: start)
        complaints.findings.append(
            Finding(
                code: "nginx.fragment", severity: .hint, blame: .proxyConfig,
                message: "read as a part of http { … }",
                why: "the file has directives of http at its top level, as files in conf.d and sites-enabled have",
                mend: "to check it together with everything else, name the nginx.conf that includes it",
                location: start))
        complaints.note("nginx: the configuration file \(complaints.file) syntax is ok")
        checkCycle()
        let http = NginxWord(text: "http", isQuoted: false, location: start)
        return [NginxDirective(name: http, arguments: [], children: children, end: start, close: start)]
    }

    /// What nginx checks when all is read.
    ///
    /// Source: `ngx_init_cycle`, `ngx_event_init_conf`.
    private mutating func checkCycle() {
        let sockets = listeners.ports.reduce(0) { $0 + $1.sockets }
        if let connections = workerConnections, connections.number < sockets + 1 {
            complaints.stop(
                NginxComplaint(
                    "\(connections.number) worker_connections are not enough for \(sockets) listening sockets",
                    line: .none, mend: "raise worker_connections"), at: connections.place)
        }
        for zone in zones where zone.size == 0 {
            let directive = ["limit_conn": "limit_conn_zone", "limit_req": "limit_req_zone"][zone.purpose]
            complaints.stop(
                NginxComplaint(
                    "zero size shared memory zone \"\(zone.name)\"", zone.word, line: .none,
                    why: "the zone is named here and declared nowhere",
                    mend: directive.map {
                        "declare it in http: \($0) $binary_remote_addr zone=\(zone.name):10m"
                            + ($0 == "limit_req_zone" ? " rate=10r/s;" : ";")
                    } ?? ""),
                at: zone.word.location)
        }
        complaints.note("nginx: configuration file \(complaints.file) test is successful")
    }
}
