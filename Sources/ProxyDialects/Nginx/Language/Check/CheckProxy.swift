import WireBasics

extension NginxChecker {
    /// `proxy_pass URL`.
    ///
    /// Source: `ngx_http_proxy_pass`.
    mutating func checkProxyPass(
        _ statement: NginxSource.Statement, _ arguments: [NginxWord], in scope: NginxScope, isFirst: Bool
    ) throws(NginxComplaint) {
        try once(isFirst, statement)
        let word = arguments[0]
        if word.text.bytes.contains(NginxByte.dollar) {
            hasVariablePass = true
            return try compile(word)
        }
        let lowercased = word.text.lowercased
        guard let scheme = ["http://", "https://"].first(where: { lowercased.hasPrefix(ByteString($0)) }) else {
            throw NginxComplaint(
                "invalid URL prefix", word, why: "proxy_pass begins with http:// or https://",
                mend: lowercased.hasPrefix("ws://") || lowercased.hasPrefix("wss://")
                    ? "WebSocket is proxied over HTTP: write \(lowercased.hasPrefix("wss") ? "https" : "http")://…"
                    : "write proxy_pass http://\(word.text);")
        }
        let text = ByteString(word.text.bytes.dropFirst(scheme.utf8.count))
        let url = try upstreamURL(text, defaultPort: scheme == "http://" ? 80 : 443, word)
        _ = try addUpstream(
            host: url.host, port: url.port, hasNoPort: url.hasNoPort, isBlock: false,
            hasAddress: url.family != .name, word: word, at: statement.end)
        let kind = locations.indices.contains(scope.location) ? locations[scope.location].kind : .plain
        guard [.named, .regex, .noname].contains(kind), !url.uri.isEmpty else { return }
        let bare = ByteString(word.text.bytes.dropLast(url.uri.count))
        throw NginxComplaint(
            "\"proxy_pass\" cannot have URI part in location given by regular expression, or inside named location,"
                + " or inside \"if\" statement, or inside \"limit_except\" block", word,
            why: "nginx would not know which part of the request to replace by \"\(url.uri)\"",
            mend: "write proxy_pass \(bare); (and rewrite … break; above it if the path must change)")
    }

    private func upstreamURL(
        _ text: ByteString, defaultPort: Int, _ word: NginxWord
    ) throws(NginxComplaint)
        -> NginxURL
    {
        do throws(NginxURL.Fault) {
            return try NginxURL(text, defaultPort: defaultPort, hasURI: true)
        } catch {
            throw NginxComplaint(
                "\(error.text) in upstream \"\(text)\"", word,
                why: error.text == "invalid port" ? "a port is a number from 1 to 65535" : "")
        }
    }

    /// `fastcgi_pass` and its like: another handler answers.
    mutating func checkOtherPass(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, _ arguments: [NginxWord], isFirst: Bool
    ) throws(NginxComplaint) {
        try once(isFirst, statement)
        guard let word = arguments.first, row.name != "tunnel_pass" else { return }
        if row.name == "memcached_pass" { try variables.use("memcached_key", in: word) }
        if word.text.bytes.contains(NginxByte.dollar) { return try compile(word) }
        let schemes: [String: [ByteString]] = [
            "grpc_pass": ["grpc://", "grpcs://"], "uwsgi_pass": ["uwsgi://", "suwsgi://"],
        ]
        let prefix = schemes[row.name]?.first { word.text.lowercased.hasPrefix($0) } ?? ""
        let text = ByteString(word.text.bytes.dropFirst(prefix.count))
        let url: NginxURL
        do throws(NginxURL.Fault) {
            url = try NginxURL(text, defaultPort: 0)
        } catch {
            throw NginxComplaint("\(error.text) in upstream \"\(text)\"", word)
        }
        let hasAddress = url.family == .unix || url.family != .name && url.port != 0
        _ = try addUpstream(
            host: url.host, port: url.port, hasNoPort: url.hasNoPort, isBlock: false, hasAddress: hasAddress,
            word: word, at: statement.end)
    }

    /// `proxy_redirect off | default | FROM TO`.
    ///
    /// Source: `ngx_http_proxy_redirect`.
    mutating func checkProxyRedirect(
        _ statement: NginxSource.Statement, _ arguments: [NginxWord], set: Int
    )
        throws(NginxComplaint)
    {
        let words = settings[set].words
        guard words["proxy_redirect off"] == nil else { throw directive(statement, "is duplicate") }
        if arguments.count == 1 {
            if arguments[0].text == "off" {
                guard words["proxy_redirect rows"] == nil else { throw directive(statement, "is duplicate") }
                settings[set].words["proxy_redirect off"] = statement.words
                return
            }
            guard arguments[0].text == "default" else { throw NginxMends.invalidParameter(arguments[0]) }
            settings[set].words["proxy_redirect rows"] = statement.words
            guard let pass = words["proxy_pass"], pass.count > 1 else {
                throw NginxComplaint(
                    "\"proxy_redirect default\" should be placed after the \"proxy_pass\" directive", arguments[0],
                    mend: "move it below proxy_pass, or remove it: it is the default")
            }
            guard !pass[1].text.bytes.contains(NginxByte.dollar) else {
                throw NginxComplaint(
                    "\"proxy_redirect default\" cannot be used with \"proxy_pass\" directive with variables",
                    arguments[0])
            }
            return
        }
        settings[set].words["proxy_redirect rows"] = statement.words
        try compilePattern(arguments[0], hasCaselessForm: true)
        try compile(arguments[1])
    }

    /// A pattern that is an expression behind `~`, and a value otherwise.
    private mutating func compilePattern(_ word: NginxWord, hasCaselessForm: Bool) throws(NginxComplaint) {
        guard word.text.bytes.first == NginxByte.tilde else { return try compile(word) }
        var pattern = word.text.bytes.dropFirst()
        let isCaseless = !hasCaselessForm || pattern.first == NginxByte.star
        if hasCaselessForm, isCaseless { pattern = pattern.dropFirst() }
        try compileRegex(ByteString(pattern), of: word, isCaseless: isCaseless)
    }

    /// `proxy_cookie_domain`, `proxy_cookie_path`, `proxy_cookie_flags`.
    mutating func checkProxyCookie(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, _ arguments: [NginxWord], set: Int
    ) throws(NginxComplaint) {
        let (off, rows) = (row.name + " off", row.name + " rows")
        guard settings[set].words[off] == nil else { throw directive(statement, "is duplicate") }
        if arguments.count == 1 {
            guard arguments[0].text == "off" else { throw NginxMends.invalidParameter(arguments[0]) }
            guard settings[set].words[rows] == nil else { throw directive(statement, "is duplicate") }
            settings[set].words[off] = statement.words
            return
        }
        settings[set].words[rows] = statement.words
        try compilePattern(arguments[0], hasCaselessForm: row.name == "proxy_cookie_path")
        for word in arguments.dropFirst() { try compile(word) }
    }

    /// `proxy_cache` and `proxy_store`, which exclude each other.
    mutating func checkCache(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, _ arguments: [NginxWord], set: Int,
        isFirst: Bool
    ) throws(NginxComplaint) {
        try once(isFirst, statement)
        let word = arguments[0]
        guard word.text != "off" else { return }
        let isCache = row.value == .cache
        let other =
            isCache
            ? row.name.replacingSuffix("_cache", with: "_store") : row.name.replacingSuffix("_store", with: "_cache")
        if let words = settings[set].words[other], words.last?.text != "off" {
            throw directive(statement, "is incompatible with \"\(other)\"")
        }
        if !isCache, word.text == "on" { return }
        try compile(word)
        if isCache, !word.text.bytes.contains(NginxByte.dollar) {
            try addZone(word.text, size: 0, purpose: row.name, word)
        }
    }

    /// `root` and `alias`.
    ///
    /// Source: `ngx_http_core_root`.
    mutating func checkRoot(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, _ word: NginxWord, in scope: NginxScope
    ) throws(NginxComplaint) {
        let isAlias = row.name == "alias"
        // The directive's own first use has just been noted.
        let isRepeated = settings[scope.loc].words["\(row.name) done"] != nil
        let other = isAlias ? "root" : "alias"
        if isRepeated { throw directive(statement, "is duplicate") }
        if settings[scope.loc].words["\(other) done"] != nil {
            throw directive(statement, "is duplicate, \"\(other)\" directive was specified earlier")
        }
        let node = locations.indices.contains(scope.location) ? locations[scope.location] : nil
        if isAlias, node?.kind == .named {
            throw NginxComplaint("the \"alias\" directive cannot be used inside the named location", word)
        }
        for name in ["document_root", "realpath_root"] {
            let text = word.text.latin1
            guard text.contains("$\(name)") || text.contains("${\(name)}") else { continue }
            throw NginxComplaint("the $\(name) variable cannot be used in the \"\(row.name)\" directive", word)
        }
        settings[scope.loc].words["\(row.name) done"] = statement.words
        try compile(word)
    }
}
