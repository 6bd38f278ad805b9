import WireBasics

/// The addresses that `listen` names, with the servers behind each.
///
/// Source: `ngx_http_add_listen` and what it calls, in `src/http/ngx_http.c`.
struct NginxListenerTable {
    /// One address.
    struct Address {
        /// How nginx writes it: `0.0.0.0:80`.
        var text: String
        /// Whether it takes every address of the machine.
        var isWildcard: Bool
        /// The servers, in the order of the file.
        var servers: [Int] = []
        /// The server that answers for names that no server has.
        var defaultServer: Int
        var hasDefault = false
        /// Whether options such as `backlog` were given.
        var isSet = false
        var usesTLS = false
        /// The protocols of the first `listen`, and whether later ones differed; since 1.25.1.
        var protocols: Int
        var fixedProtocols: Int?
        var haveProtocolsChanged = false
    }

    /// The addresses of one family, port and kind of socket.
    struct Port {
        var key: String
        var addresses: [Address]

        /// How many sockets nginx opens: a wildcard takes in all addresses without options of their own.
        var sockets: Int {
            addresses.contains(where: \.isWildcard)
                ? addresses.filter { $0.isWildcard || $0.isSet }.count : addresses.count
        }
    }

    /// By family, port and kind of socket, in the order of the file.
    private(set) var ports: [Port] = []

    /// All addresses, in the order in which nginx goes through them.
    var addresses: [Address] {
        ports.flatMap { port -> [Address] in
            // Addresses with options first, wildcards last.
            let wildcards = port.addresses.filter(\.isWildcard)
            let others = port.addresses.filter { !$0.isWildcard }
            return others.filter(\.isSet) + others.filter { !$0.isSet } + wildcards
        }
    }

    /// What one `listen` asks for.
    struct Options {
        var isDefault = false
        var isSet = false
        var usesTLS = false
        var isQUIC = false
        /// proxy_protocol 1, ssl 2, http2 4.
        var protocols = 0
    }

    /// Adds a server to an address.
    ///
    /// - Returns: what nginx complains of, and whether it only warns.
    mutating func add(
        _ text: String, port: String, isWildcard: Bool, server: Int, _ options: Options, checksProtocols: Bool
    ) -> (message: String, isWarning: Bool)? {
        let key = port + (options.isQUIC ? "/quic" : "")
        guard let portIndex = ports.firstIndex(where: { $0.key == key }) else {
            ports.append(Port(key: key, addresses: [address(text, isWildcard, server, options)]))
            return nil
        }
        guard let index = ports[portIndex].addresses.firstIndex(where: { $0.text == text }) else {
            ports[portIndex].addresses.append(address(text, isWildcard, server, options))
            return nil
        }
        var address = ports[portIndex].addresses[index]
        if address.servers.contains(server) { return ("a duplicate listen \(text)", false) }
        address.servers.append(server)
        var warning: (String, Bool)?
        if checksProtocols, redefines(&address, options) {
            warning = ("protocol options redefined for \(text)", true)
        }
        if options.isSet {
            if address.isSet { return ("duplicate listen options for \(text)", false) }
            address.isSet = true
        }
        if options.isDefault {
            if address.hasDefault { return ("a duplicate default server for \(text)", false) }
            address.hasDefault = true
            address.defaultServer = server
        }
        address.protocols |= options.protocols
        address.usesTLS = address.usesTLS || options.usesTLS
        ports[portIndex].addresses[index] = address
        return warning
    }

    private func address(_ text: String, _ isWildcard: Bool, _ server: Int, _ options: Options) -> Address {
        Address(
            text: text, isWildcard: isWildcard, servers: [server], defaultServer: server,
            hasDefault: options.isDefault, isSet: options.isSet, usesTLS: options.usesTLS,
            protocols: options.protocols)
    }

    /// Whether one address is given different protocols by different servers.
    private func redefines(_ address: inout Address, _ options: Options) -> Bool {
        let (new, old) = (options.protocols, address.protocols)
        let isRedefined: Bool
        if new | old != old {
            isRedefined = address.isSet && !options.isSet || address.haveProtocolsChanged || new | old != new
            address.fixedProtocols = old
            address.haveProtocolsChanged = true
        } else if old | new != new {
            isRedefined = options.isSet || address.fixedProtocols.map { $0 != new } ?? false
            address.fixedProtocols = new
            address.haveProtocolsChanged = true
        } else {
            isRedefined =
                options.isSet && address.haveProtocolsChanged || address.fixedProtocols.map { $0 != new } ?? false
            address.fixedProtocols = new
        }
        return isRedefined
    }
}

extension NginxChecker {
    /// `listen ADDRESS [parameters]`.
    ///
    /// Source: `ngx_http_core_listen`.
    mutating func checkListen(
        _ statement: NginxSource.Statement, _ arguments: [NginxWord], in scope: NginxScope
    )
        throws(NginxComplaint)
    {
        guard let server = scope.server else { return }
        servers[server].hasListen = true
        let url: NginxURL
        do throws(NginxURL.Fault) {
            url = try NginxURL(arguments[0].text, defaultPort: 80, isListen: true)
            if url.family == .name, isCertainlyUnknown(url.host) { throw NginxURL.Fault(text: "host not found") }
        } catch {
            throw NginxComplaint(
                "\(error.text) in \"\(arguments[0].text)\" of the \"listen\" directive", arguments[0],
                why: error.text == "invalid port" ? "a port is a number from 1 to 65535" : "",
                mend: error.text == "invalid host" ? "listen takes an address and a port, no path and no scheme" : "")
        }
        var options = NginxListenerTable.Options()
        var incompatible: String?
        for word in arguments.dropFirst() {
            try readListenParameter(word, &options, &incompatible, at: statement.end)
        }
        if options.isQUIC, let incompatible {
            throw directive(statement, "\"\(incompatible)\" parameter is incompatible with \"quic\"")
        }
        for port in url.port...max(url.port, url.lastPort) {
            let problem = listeners.add(
                Self.text(of: url, port: port), port: "\(url.family == .name ? .inet : url.family) \(port)",
                isWildcard: url.address?.isWildcard ?? false, server: server, options,
                checksProtocols: version >= NginxVersion(1, 25, 1))
            guard let problem else { continue }
            guard problem.isWarning else { throw NginxComplaint(problem.message, arguments[0]) }
            complaints.warn(problem.message, at: statement.end)
        }
    }

    private static func text(of url: NginxURL, port: Int) -> String {
        if let address = url.address {
            return address.isV6 ? "[\(address)]:\(port)" : "\(address):\(port)"
        }
        // `localhost` is in every hosts file.
        if url.family == .name { return url.host == "localhost" ? "127.0.0.1:\(port)" : "\(url.host):\(port)" }
        return "unix:\(url.host)"
    }

    private mutating func readListenParameter(
        _ word: NginxWord, _ options: inout NginxListenerTable.Options, _ incompatible: inout String?,
        at end: ConfigLocation
    ) throws(NginxComplaint) {
        let parts = word.text.bytes.split(separator: NginxByte.equals, maxSplits: 1, omittingEmptySubsequences: false)
        let name = ByteString(parts[0]).latin1
        let value = parts.count > 1 ? ByteString(parts[1]) : nil
        if let value {
            switch name {
            case "setfib", "fastopen", "backlog":
                if name == "setfib" { break }
                guard let number = NginxNumbers.number(value), name != "backlog" || number > 0 else {
                    throw NginxComplaint("invalid \(name) \"\(word.text)\"", word)
                }
                incompatible = incompatible ?? name
                options.isSet = true
                return
            case "rcvbuf", "sndbuf":
                guard NginxNumbers.size(value) != nil else {
                    throw NginxComplaint("invalid \(name) \"\(word.text)\"", word)
                }
                options.isSet = true
                return
            case "ipv6only" where value.hasPrefix("o"):
                guard value == "on" || value == "off" else {
                    throw NginxComplaint("invalid ipv6only flags \"\(value)\"", word)
                }
                options.isSet = true
                return
            case "accept_filter":
                // nginx on Linux says so as an emergency, and goes on.
                let text = "accept filters \"\(word.text)\" are not supported on this platform, ignored"
                return complaints.note("nginx: [emerg] \(text) in \(end.source)")
            case "so_keepalive":
                guard isKeepalive(value) else {
                    throw NginxComplaint("invalid so_keepalive value: \"\(value)\"", word)
                }
                incompatible = incompatible ?? name
                options.isSet = true
                return
            default: break
            }
            throw NginxMends.invalidParameter(word)
        }
        switch name {
        case "default_server", "default": options.isDefault = true
        case "bind", "deferred", "reuseport",
            "multipath" where name != "multipath" || version >= NginxVersion(1, 31, 0):
            options.isSet = true
        case "ssl":
            options.usesTLS = true
            options.protocols |= 2
            incompatible = incompatible ?? name
        case "http2":
            if version >= NginxVersion(1, 25, 1) {
                complaints.warn(
                    "the \"listen ... http2\" directive is deprecated, use the \"http2\" directive instead", at: end)
            }
            options.protocols |= 4
            incompatible = incompatible ?? name
        case "proxy_protocol":
            options.protocols |= 1
            incompatible = incompatible ?? name
        case "quic" where version >= NginxVersion(1, 25, 0): options.isQUIC = true
        default: throw NginxMends.invalidParameter(word)
        }
    }

    private func isKeepalive(_ value: ByteString) -> Bool {
        if value == "on" || value == "off" { return true }
        let parts = value.bytes.split(separator: NginxByte.colon, omittingEmptySubsequences: false).map {
            ByteString($0)
        }
        guard parts.count <= 3 else { return false }
        var numbers: [Int] = []
        for (index, part) in parts.enumerated() where !part.isEmpty {
            guard let number = index < 2 ? NginxNumbers.seconds(part) : NginxNumbers.number(part) else { return false }
            numbers.append(number)
        }
        return numbers.contains { $0 != 0 }
    }

    /// `server_name NAME…`.
    ///
    /// Source: `ngx_http_core_server_name`.
    mutating func checkServerName(
        _ statement: NginxSource.Statement, _ arguments: [NginxWord], in scope: NginxScope
    )
        throws(NginxComplaint)
    {
        guard let server = scope.server else { return }
        for word in arguments {
            let text = word.text
            let (first, second) = (text.bytes.first, text.bytes.dropFirst().first)
            if first == NginxByte.star && (text.count < 3 || second != NginxByte.dot)
                || first == NginxByte.dot && text.count < 2
            {
                throw NginxComplaint(
                    "server name \"\(text)\" is invalid", word, why: "a wildcard is *.name, .name or name.*")
            }
            if text.bytes.contains(NginxByte.slash) {
                complaints.warn("server name \"\(text)\" has suspicious symbols", at: statement.end)
            }
            guard first == NginxByte.tilde else {
                servers[server].names.append((text.lowercased, false))
                continue
            }
            guard text.count > 1 else { throw NginxComplaint("empty regex in server name \"~\"", word) }
            let pattern = ByteString(text.bytes.dropFirst())
            let hasCapitals = pattern != pattern.lowercased
            let syntax = try compileRegex(pattern, of: word, isCaseless: hasCapitals)
            servers[server].names.append((pattern, true))
            servers[server].hasCaptures = syntax.captures > 0
        }
    }
}
