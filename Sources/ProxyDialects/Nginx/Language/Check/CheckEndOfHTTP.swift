import ProxyModel
import WireBasics

extension NginxChecker {
    /// What nginx checks when `http` closes, module by module and then for all of it.
    ///
    /// Source: `ngx_http_block`.
    mutating func checkEndOfHTTP(_ http: Int, _ close: ConfigLocation) {
        checkHeaderBuffers(close)
        checkUpstreams()
        checkCertificates()
        for module in ["proxy", "fastcgi", "uwsgi", "scgi", "grpc"] { mergeModule(module, http, close) }
        for server in servers { checkDuplicateLocations(in: server.location) }
        checkListenCertificates()
        if !isIncomplete { checkVariables() }
        checkServerNames(http)
        checkPorts()
    }

    /// The words of the first use of a directive in a set of settings or in those around it.
    func inherited(_ name: String, _ set: Int) -> [NginxWord]? {
        var current: Int? = set
        while let set = current, settings.indices.contains(set) {
            if let words = settings[set].words[name] { return words }
            current = settings[set].parent
        }
        return nil
    }

    private mutating func attempt(at end: ConfigLocation, _ body: (inout NginxChecker) throws(NginxComplaint) -> Void) {
        do throws(NginxComplaint) {
            try body(&self)
        } catch {
            complaints.stop(error, at: end)
        }
    }

    private mutating func checkHeaderBuffers(_ close: ConfigLocation) {
        for server in servers {
            let buffers = inherited("large_client_header_buffers", server.srv).flatMap { NginxNumbers.size($0[2].text) }
            let pool = inherited("connection_pool_size", server.srv).flatMap { NginxNumbers.size($0[1].text) }
            guard buffers ?? 8192 < pool ?? 512 else { continue }
            complaints.stop(
                NginxComplaint(
                    "the \"large_client_header_buffers\" size must be equal to or greater than"
                        + " \"connection_pool_size\""), at: close)
            return
        }
    }

    /// Servers of upstream blocks, and names that `proxy_pass` takes for hosts.
    ///
    /// Source: `ngx_http_upstream_init_main_conf`, `ngx_http_upstream_init_round_robin`.
    private mutating func checkUpstreams() {
        let unused = upstreams.filter { $0.isBlock && !$0.isUsed }
        for upstream in upstreams {
            let place = NginxComplaint.Line.at(upstream.end)
            if upstream.isBlock {
                guard upstream.servers > 0, upstream.servers == upstream.backups else { continue }
                complaints.stop(
                    NginxComplaint(
                        "no servers in upstream \"\(upstream.host)\"", upstream.word, line: place,
                        why: "all its servers are backups", mend: "take \"backup\" from one of them"), at: upstream.end)
                continue
            }
            if upstream.hasAddress { continue }
            if upstream.port == 0 {
                complaints.stop(
                    NginxComplaint("no port in upstream \"\(upstream.host)\"", upstream.word, line: place),
                    at: upstream.end)
                continue
            }
            let isLabel = !upstream.host.bytes.contains(NginxByte.dot) && upstream.host != "localhost"
            let isMeant = isLabel && !unused.isEmpty && !hasVariablePass
            guard isMeant || isCertainlyUnknown(upstream.host) else {
                noteUnresolved(upstream.host, upstream.word)
                continue
            }
            complaints.stop(hostNotFound(upstream, place, unused), at: upstream.end)
        }
    }

    private func hostNotFound(
        _ upstream: NginxUpstreamEntry, _ place: NginxComplaint.Line, _ unused: [NginxUpstreamEntry]
    ) -> NginxComplaint {
        let message = "host not found in upstream \"\(upstream.host)\""
        let names = unused.map(\.host.description)
        let near = NginxMends.nearest(upstream.host, in: names)
        guard let block = unused.first(where: { $0.host.description == near }) ?? unused.first else {
            return NginxComplaint(
                message, upstream.word, line: place, why: "no upstream block and no DNS has that name",
                mend: "define upstream \(upstream.host) { … }, or name a host that exists")
        }
        let url = upstream.word.text.latin1
        let mend =
            url.firstRange(of: "://").map { scheme in
                let rest = url[scheme.upperBound...].drop { $0 != "/" }
                return "proxy_pass \(url[..<scheme.upperBound])\(block.host)\(rest);"
            } ?? "name \(block.host)"
        return NginxComplaint(
            message, upstream.word, line: place,
            why: "no upstream block has that name, so nginx takes it for a host",
            mend: "the upstream block is called \(block.host) (line \(block.end.line)): \(mend)")
    }

    private mutating func checkCertificates() {
        for server in servers {
            let certificates = inherited("ssl_certificate", server.srv)
            let keys = inherited("ssl_certificate_key", server.srv)
            let isRefusing = inherited("ssl_reject_handshake", server.srv)?.last?.text == "on"
            if let ssl = inherited("ssl", server.srv), ssl.last?.text == "on" {
                let what = certificates == nil ? "ssl_certificate" : "ssl_certificate_key"
                guard certificates == nil && !isRefusing || certificates != nil && keys == nil else { continue }
                complaints.stop(
                    NginxComplaint(
                        "no \"\(what)\" is defined for the \"ssl\" directive", line: .at(ssl[0].location)),
                    at: ssl[0].location)
            } else if let certificates, keys == nil, let word = certificates.last {
                complaints.stop(
                    NginxComplaint(
                        "no \"ssl_certificate_key\" is defined for certificate \"\(word.text)\"", word, line: .none,
                        mend: "add ssl_certificate_key"), at: word.location)
            }
        }
    }

    /// Source: `ngx_http_ssl_init`.
    private mutating func checkListenCertificates() {
        for address in listeners.addresses where address.usesTLS {
            let lacking = ([address.defaultServer] + address.servers).first { server in
                inherited("ssl_certificate", servers[server].srv) == nil
                    && inherited("ssl_reject_handshake", servers[server].srv)?.last?.text != "on"
            }
            let answers = inherited("ssl_certificate", servers[address.defaultServer].srv) != nil
            guard let lacking, !answers else { continue }
            complaints.stop(
                NginxComplaint(
                    "no \"ssl_certificate\" is defined for the \"listen ... ssl\" directive",
                    line: .at(servers[lacking].end), mend: "add ssl_certificate and ssl_certificate_key to this server"),
                at: servers[lacking].end)
        }
    }

    // MARK: Modules that talk to upstreams

    /// Source: `ngx_http_proxy_merge_loc_conf` and its like.
    private mutating func mergeModule(_ module: String, _ http: Int, _ close: ConfigLocation) {
        let directives =
            module == "proxy" || module == "grpc"
            ? ["\(module)_set_body", "\(module)_set_header"] : ["\(module)_param"]
        // Settings of http count where a server has none of its own, and once.
        var done: Set<Int> = []
        var order: [Int] = []
        for server in servers { order += tree(server.location) }
        for node in order {
            let loc = locations[node].loc
            attempt(at: close) { checker throws(NginxComplaint) in
                if module != "grpc" { try checker.checkBuffers(module, loc) }
                try checker.checkCacheZone(module, loc)
                for name in directives {
                    var source = loc
                    while !checker.settings[source].headers.contains(where: { $0.directive == name }),
                        let parent = checker.settings[source].parent
                    { source = parent }
                    guard done.insert(source * 2 + (name.hasSuffix("body") ? 1 : 0)).inserted else { continue }
                    for header in checker.settings[source].headers where header.directive == name {
                        try checker.compile(header.words[header.words.count > 2 ? 2 : 1])
                    }
                }
            }
        }
    }

    private func tree(_ node: Int) -> [Int] {
        [node] + locations[node].children.flatMap { tree($0) }
    }

    private func size(_ name: String, _ loc: Int) -> Int? {
        inherited(name, loc).flatMap { NginxNumbers.size($0[1].text) }
    }

    private func checkBuffers(_ module: String, _ loc: Int) throws(NginxComplaint) {
        let words = inherited("\(module)_buffers", loc)
        let count = words.flatMap { NginxNumbers.number($0[1].text) } ?? 8
        let each = words.flatMap { NginxNumbers.size($0[2].text) } ?? 4096
        let size = max(size("\(module)_buffer_size", loc) ?? 4096, each)
        let name = { (what: String) in "\"\(module)_\(what)\"" }
        guard count >= 2 else {
            throw NginxComplaint("there must be at least 2 \(name("buffers"))", words?.first)
        }
        let larger = "the maximum of the value of \(name("buffer_size")) and one of the \(name("buffers"))"
        let busy = self.size("\(module)_busy_buffers_size", loc) ?? size.multipliedSaturating(by: 2)
        guard busy >= size else {
            throw NginxComplaint("\(name("busy_buffers_size")) must be equal to or greater than \(larger)")
        }
        guard busy <= each.multipliedSaturating(by: count - 1) else {
            throw NginxComplaint(
                "\(name("busy_buffers_size")) must be less than the size of all \(name("buffers")) minus one buffer",
                inherited("\(module)_buffer_size", loc)?.first,
                why: "unless it is set, \(module)_busy_buffers_size is twice the larger of \(module)_buffer_size and"
                    + " one of the \(module)_buffers: here \(busy) bytes",
                mend: "raise \(module)_buffers as well, for example: \(module)_buffers 8 \(size / 1024)k;")
        }
        guard self.size("\(module)_temp_file_write_size", loc) ?? Int.max >= size else {
            throw NginxComplaint("\(name("temp_file_write_size")) must be equal to or greater than \(larger)")
        }
        let most = inherited("\(module)_max_temp_file_size", loc).flatMap { NginxNumbers.size($0[1].text) } ?? Int.max
        guard most == 0 || most >= size else {
            throw NginxComplaint(
                "\(name("max_temp_file_size")) must be equal to zero to disable temporary files usage or must be"
                    + " equal to or greater than \(larger)")
        }
    }

    private func checkCacheZone(_ module: String, _ loc: Int) throws(NginxComplaint) {
        guard let word = inherited("\(module)_cache", loc)?.last, word.text != "off",
            !word.text.bytes.contains(NginxByte.dollar),
            let zone = zones.first(where: { $0.name == word.text && $0.purpose == "\(module)_cache" }), zone.key == nil
        else { return }
        throw NginxComplaint(
            "\"\(module)_cache\" zone \"\(word.text)\" is unknown", word,
            mend: "declare it in http: \(module)_cache_path /var/cache/nginx keys_zone=\(word.text):10m;")
    }

    // MARK: Locations, variables, names

    /// Source: `ngx_http_init_locations`, `ngx_http_join_exact_locations`.
    private mutating func checkDuplicateLocations(in node: Int) {
        let children = locations[node].children.filter { ![.noname, .named, .regex].contains(locations[$0].kind) }
        let all = locations[node].children
        let sorted = children.enumerated().sorted { left, right in
            let (a, b) = (locations[left.element], locations[right.element])
            if a.name != b.name { return a.name < b.name }
            let (aExact, bExact) = (a.kind == .exact, b.kind == .exact)
            return aExact == bExact ? left.offset < right.offset : aExact
        }.map(\.element)
        for child in sorted + all.filter({ !sorted.contains($0) }) { checkDuplicateLocations(in: child) }
        for (first, second) in zip(sorted, sorted.dropFirst()) {
            let (a, b) = (locations[first], locations[second])
            guard a.name == b.name, (a.kind == .exact) == (b.kind == .exact) else { continue }
            complaints.stop(
                NginxComplaint(
                    "duplicate location \"\(b.name)\"", line: .at(b.end),
                    why: "the first one is in line \(a.end.line)", mend: "put both into one block"), at: b.end)
        }
    }

    /// Source: `ngx_http_variables_init_vars`.
    private mutating func checkVariables() {
        for use in variables.uses where !variables.isDefined(use.name) {
            var complaint = NginxComplaint("unknown \"\(use.name)\" variable", use.word, line: .none)
            if use.name == "connection_upgrade" {
                complaint.why = "$connection_upgrade is not built in: the recipe needs its map"
                complaint.mend =
                    "add to http { … }: map $http_upgrade $connection_upgrade { default upgrade; '' close; }"
            } else {
                complaint.why = "no module and no directive of this configuration makes $\(use.name)"
                let known = variables.all.map(\.description)
                complaint.mend = NginxMends.nearest(use.name, in: known).map { "the nearest is $\($0)" } ?? ""
            }
            complaints.stop(complaint, at: use.word.location)
        }
    }

    /// Source: `ngx_http_optimize_servers`, `ngx_http_server_names`.
    private mutating func checkServerNames(_ http: Int) {
        let words = settings[http].words["server_names_hash_bucket_size"]
        let size = (min(words.flatMap { NginxNumbers.number($0[1].text) } ?? 64, 1 << 20) + 63) / 64 * 64
        for address in listeners.addresses {
            guard address.servers.count > 1 || servers[address.defaultServer].hasCaptures else { continue }
            var names = NginxNameTable()
            for server in address.servers {
                let own = servers[server].names
                for name in own.isEmpty ? [("", false)] : own where !name.1 {
                    switch names.add(name.0, hasWildcards: true) {
                    case .added: break
                    case .conflicting:
                        complaints.warn(
                            "conflicting server name \"\(name.0)\" on \(address.text), ignored", at: nil)
                    case .invalid:
                        complaints.stop(
                            NginxComplaint(
                                "invalid server name or wildcard \"\(name.0)\" on \(address.text)", line: .none,
                                why: "a wildcard is *.name, .name or name.*"), at: servers[server].end)
                    }
                }
            }
            if let long = names.exact.sorted().first(where: { NginxNameTable.isTooLong($0, bucketSize: size) }) {
                complaints.stop(
                    NginxComplaint(
                        "could not build server_names_hash, you should increase server_names_hash_bucket_size: \(size)",
                        line: .none, why: "\"\(long)\" does not fit",
                        mend: "server_names_hash_bucket_size \(size * 2); in http"),
                    at: servers[address.servers[0]].end)
            }
        }
    }

    /// A port that is the beginning of its neighbours' ports: probably one digit was lost.
    private mutating func checkPorts() {
        for upstream in upstreams where upstream.isBlock {
            for (port, word) in upstream.ports where port != 80 && port != 443 {
                let cut = upstream.ports.first { $0.port > port && String($0.port).hasPrefix(String(port)) }
                guard let cut else { continue }
                complaints.findings.append(
                    Finding(
                        code: "nginx.upstream.cut-port", severity: .warning, blame: .proxyConfig,
                        message: "port \(port) of \"\(word.text)\" looks cut",
                        why:
                            "another server of upstream \(upstream.host) has port \(cut.port)",
                        mend: "write the whole port, if \(port) is not what was meant", location: word.location))
            }
        }
    }
}

extension Int {
    /// The product, or the largest number.
    func multipliedSaturating(by other: Int) -> Int {
        let product = multipliedReportingOverflow(by: other)
        return product.overflow ? .max : product.partialValue
    }
}
