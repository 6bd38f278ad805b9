import ProxyModel
import WireBasics

extension NginxChecker {
    /// What nginx checks when `http` closes, module by module and then for all of it.
    ///
    /// Source: `ngx_http_block`.
    mutating func checkEndOfHTTP(_ http: Int, _ close: ConfigLocation) {
        checkHeaderBuffers(close)
        checkUpstreams()
        checkReferers()
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
            // Who means a block writes no port; who means a container writes one.
            let isMeant = isLabel && upstream.hasNoPort && !unused.isEmpty && !hasVariablePass
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
        let near = NearestName.find(upstream.host.latin1, in: names)
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

    /// Source: `ngx_http_referer_merge_conf`.
    private mutating func checkReferers() {
        for node in servers.flatMap({ tree($0.location) }) {
            let words = settings[locations[node].loc].words
            guard let none = words["valid_referers none"]?.first, words["valid_referers name"] == nil else { continue }
            complaints.stop(
                NginxComplaint(
                    "the \"none\" or \"blocked\" referers are specified in the \"valid_referers\" directive without any"
                        + " valid referer", none, line: .none), at: none.location)
        }
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
                complaint.mend = NearestName.find(use.name.latin1, in: known).map { "the nearest is $\($0)" } ?? ""
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
