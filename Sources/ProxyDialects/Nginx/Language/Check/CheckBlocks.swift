import WireBasics

extension NginxChecker {
    /// Carries out a directive with a block, and gives what stands in it.
    mutating func checkBlock(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, in scope: NginxScope
    )
        throws(NginxComplaint) -> [NginxDirective]
    {
        let body = statement.body ?? []
        switch row.value {
        case .http: return try checkHTTP(statement, body)
        case .server: return checkServer(statement, body, in: scope)
        case .location: return checkLocation(statement, body, in: scope)
        case .if, .limitExcept: return checkNoname(statement, row, body, in: scope)
        case .upstream: return try checkUpstream(statement, body, in: scope)
        case .map:
            let set = scope.main
            let word = settings[set].words["map_hash_bucket_size"]?.last
            let size = word.flatMap { NginxNumbers.number($0.text) } ?? 64
            return try checkMap(statement, body, bucketSize: (min(size, 1 << 20) + 63) / 64 * 64)
        case .geo: return try checkGeo(statement, body)
        case .splitClients: return try checkSplitClients(statement, body)
        case .typesBlock: return checkTypes(body, set: scope.loc)
        case .charsetMap:
            return rows(body) { (_, row) throws(NginxComplaint) in
                guard row.words.count == 2 else { throw NginxComplaint("invalid parameters number", row.words[0]) }
            }
        default: return try checkForeign(statement, row, body, in: scope)
        }
    }

    /// `events`, `stream`, `mail` and the blocks in them.
    private mutating func checkForeign(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, _ body: [NginxSource.Item], in scope: NginxScope
    ) throws(NginxComplaint) -> [NginxDirective] {
        if scope.context == .main {
            guard settings[scope.main].words[row.name] == nil else { throw directive(statement, "is duplicate") }
            settings[scope.main].words[row.name] = statement.words
            noteSeparateModule(row.name, statement.end)
        }
        let inner: NginxContexts =
            switch (row.name, scope.context) {
            case ("events", _): .events
            case ("stream", _): .stream
            case ("mail", _): .mail
            case ("upstream", .stream): .streamUpstream
            case ("server", .stream): .streamServer
            case ("server", .mail): .mailServer
            default: []
            }
        guard !inner.isEmpty else { return rows(body) { _, _ in } }
        var scope = scope
        scope.context = inner
        let set = newSettings()
        if row.name != "server", row.name != "upstream" { scope.main = set }
        (scope.srv, scope.loc) = (set, set)
        return check(body, in: scope)
    }

    /// nginx.org's packages have `stream` and `mail` built in, Debian's have them as modules to load.
    private mutating func noteSeparateModule(_ name: String, _ place: ConfigLocation) {
        let module = "ngx_\(name)_module"
        let isLoaded = assumesModules || loadedModules.contains { $0.contains(module) }
        guard name == "stream" || name == "mail", !isLoaded else { return }
        complaints.findings.append(
            Finding(
                code: "nginx.module.not-loaded", severity: .hint, blame: .proxyConfig,
                message: "\(name) may need \(module)",
                why: "where the module is not built in, nginx says: unknown directive \"\(name)\"",
                mend: "there, put at the top of the file: load_module modules/\(module).so;", location: place))
    }

    private mutating func checkHTTP(
        _ statement: NginxSource.Statement, _ body: [NginxSource.Item]
    )
        throws(NginxComplaint) -> [NginxDirective]
    {
        guard settings[0].words["http"] == nil else { throw directive(statement, "is duplicate") }
        settings[0].words["http"] = statement.words
        return checkHTTP(body, close: statement.close ?? statement.end)
    }

    /// What stands in `http`, then what nginx checks when it closes.
    mutating func checkHTTP(_ body: [NginxSource.Item], close: ConfigLocation) -> [NginxDirective] {
        let set = newSettings()
        let scope = NginxScope(context: .http, main: set, srv: set, loc: set)
        let directives = check(body, in: scope)
        checkEndOfHTTP(set, close)
        return directives
    }

    private mutating func checkServer(
        _ statement: NginxSource.Statement, _ body: [NginxSource.Item], in scope: NginxScope
    ) -> [NginxDirective] {
        var inner = scope
        inner.context = .server
        inner.srv = newSettings(parent: scope.srv)
        inner.loc = newSettings(parent: scope.loc)
        inner.location = newLocation(.root, "", statement, loc: inner.loc)
        servers.append(NginxServerEntry(srv: inner.srv, location: inner.location, end: statement.end))
        let server = servers.count - 1
        inner.server = server
        let directives = check(body, in: inner)
        if !servers[server].hasListen {
            // As root; another user gets port 8000.
            let problem = listeners.add(
                "0.0.0.0:80", port: "inet 80", isWildcard: true, server: server, .init(),
                checksProtocols: version >= NginxVersion(1, 25, 1))
            if let problem, problem.isWarning { complaints.warn(problem.message, at: statement.close) }
        }
        return directives
    }

    /// `location [MODIFIER] NAME { … }`.
    ///
    /// Source: `ngx_http_core_location`.
    private mutating func checkLocation(
        _ statement: NginxSource.Statement, _ body: [NginxSource.Item], in scope: NginxScope
    ) -> [NginxDirective] {
        var inner = scope
        inner.context = .location
        inner.loc = newSettings(parent: scope.loc)
        inner.location = newLocation(.plain, "", statement, loc: inner.loc)
        do throws(NginxComplaint) {
            let (kind, name) = try locationName(statement)
            locations[inner.location].kind = kind
            locations[inner.location].name = name
            if scope.context == .location { try checkNesting(statement, kind, name, in: locations[scope.location]) }
            locations[scope.location].children.append(inner.location)
        } catch {
            complaints.stop(error, at: statement.end)
        }
        return check(body, in: inner)
    }

    private mutating func locationName(
        _ statement: NginxSource.Statement
    ) throws(NginxComplaint)
        -> (NginxLocationNode.Kind, ByteString)
    {
        var modifier = ByteString()
        var name = statement.words[statement.words.count - 1]
        if statement.words.count == 3 {
            modifier = statement.words[1].text
            guard ["=", "^~", "~", "~*"].contains(modifier) else {
                throw NginxComplaint(
                    "invalid location modifier \"\(modifier)\"", statement.words[1],
                    why: "the modifiers are =, ^~, ~ and ~*")
            }
        } else {
            modifier = (["=", "^~", "~*", "~"] as [ByteString]).first { name.text.hasPrefix($0) } ?? ""
            name.text = ByteString(name.text.bytes.dropFirst(modifier.count))
        }
        switch modifier {
        case "=": return (.exact, name.text)
        case "^~": return (.noRegex, name.text)
        case "~", "~*":
            try compileRegex(name.text, of: name, isCaseless: modifier == "~*")
            return (.regex, name.text)
        default: return (name.text.bytes.first == NginxByte.at ? .named : .plain, name.text)
        }
    }

    private func checkNesting(
        _ statement: NginxSource.Statement, _ kind: NginxLocationNode.Kind, _ name: ByteString,
        in outer: NginxLocationNode
    ) throws(NginxComplaint) {
        let word = statement.words[statement.words.count - 1]
        if outer.kind == .exact {
            throw NginxComplaint("location \"\(name)\" cannot be inside the exact location \"\(outer.name)\"", word)
        }
        if outer.kind == .named {
            throw NginxComplaint("location \"\(name)\" cannot be inside the named location \"\(outer.name)\"", word)
        }
        if kind == .named {
            throw NginxComplaint("named location \"\(name)\" can be on the server level only", word)
        }
        guard kind == .regex || name.hasPrefix(outer.name) else {
            throw NginxComplaint(
                "location \"\(name)\" is outside location \"\(outer.name)\"", word,
                why: "a location in a location must begin with its name",
                mend: "write \(outer.name)…, or move it out of location \(outer.name)")
        }
    }

    /// `if (CONDITION) { … }` and `limit_except METHOD… { … }`.
    private mutating func checkNoname(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, _ body: [NginxSource.Item], in scope: NginxScope
    ) -> [NginxDirective] {
        var inner = scope
        inner.loc = newSettings(parent: scope.loc)
        let name = locations.indices.contains(scope.location) ? locations[scope.location].name : ""
        inner.location = newLocation(.noname, name, statement, loc: inner.loc)
        do throws(NginxComplaint) {
            if row.value == .if {
                inner.context = scope.context == .server ? .serverIf : .locationIf
                try checkCondition(Array(statement.words.dropFirst()))
            } else {
                inner.context = .limitExcept
                guard settings[scope.loc].words["limit_except"] == nil else {
                    throw directive(statement, "is duplicate")
                }
                settings[scope.loc].words["limit_except"] = statement.words
                for word in statement.words.dropFirst() where !Self.methods.contains(word.text.latin1.uppercased()) {
                    throw NginxComplaint("invalid method \"\(word.text)\"", word)
                }
            }
        } catch {
            complaints.stop(error, at: statement.end)
        }
        locations[scope.location].children.append(inner.location)
        return check(body, in: inner)
    }

    private static let methods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "MKCOL", "COPY", "MOVE", "OPTIONS", "PROPFIND", "PROPPATCH", "LOCK",
        "UNLOCK", "PATCH",
    ]

    /// `upstream NAME { … }`.
    ///
    /// Source: `ngx_http_upstream`.
    private mutating func checkUpstream(
        _ statement: NginxSource.Statement, _ body: [NginxSource.Item], in scope: NginxScope
    ) throws(NginxComplaint) -> [NginxDirective] {
        var inner = scope
        inner.context = .upstream
        inner.upstream = try addUpstream(
            host: statement.words[1].text, port: 0, hasNoPort: true, isBlock: true, hasAddress: false,
            word: statement.words[1], at: statement.end)
        inner.srv = newSettings(parent: nil)
        inner.loc = newSettings(parent: nil)
        let problems = complaints.problems.count
        let directives = check(body, in: inner)
        guard let index = inner.upstream, upstreams[index].servers == 0, complaints.problems.count == problems else {
            return directives
        }
        throw NginxComplaint(
            "no servers are inside upstream", statement.words[1], line: statement.close.map { .at($0) } ?? .directive,
            mend: "add a line such as: server 127.0.0.1:3000;")
    }

    /// `types { … }`.
    private mutating func checkTypes(_ body: [NginxSource.Item], set: Int) -> [NginxDirective] {
        rows(body) { (checker, row) throws(NginxComplaint) in
            let type = row.words[0].text
            if type == "include" {
                throw NginxComplaint("invalid number of arguments in \"include\" directive", row.words[0])
            }
            for word in row.words.dropFirst() {
                let key = word.text.lowercased
                if let old = checker.settings[set].types["types"]?[key] {
                    checker.complaints.warn(
                        "duplicate extension \"\(key)\", content type: \"\(type)\", previous content type: \"\(old)\"",
                        at: row.end)
                }
                checker.settings[set].types["types", default: [:]][key] = type
            }
        }
    }

    /// A new set of settings inside of another.
    mutating func newSettings(parent: Int? = nil) -> Int {
        settings.append(NginxSettings(parent: parent))
        return settings.count - 1
    }

    private mutating func newLocation(
        _ kind: NginxLocationNode.Kind, _ name: ByteString, _ statement: NginxSource.Statement, loc: Int
    ) -> Int {
        let place = statement.words.first?.location ?? statement.end
        locations.append(NginxLocationNode(kind: kind, name: name, end: statement.end, place: place, loc: loc))
        return locations.count - 1
    }
}
