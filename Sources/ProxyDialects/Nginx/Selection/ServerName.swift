import WireBasics

/// A name of a server, in one of the forms that `server_name` knows.
enum ServerName: Sendable {
    /// `example.com`; empty for requests without a name.
    case exact(ByteString)
    /// `*.example.com` (the text behind the star), `.example.com` (which takes `example.com` too).
    case suffix(ByteString, includesBase: Bool)
    /// `mail.*`: the text before the star.
    case prefix(ByteString)
    /// `~^app\d+$`.
    case regex(RegexWithNames)

    /// Reads a name other than a regular expression.
    init(_ text: ByteString) {
        let name = text.lowercased
        if let rest = name.dropping(prefix: "*") {
            self = .suffix(rest, includesBase: false)
        } else if name.hasPrefix(".") {
            self = .suffix(name, includesBase: true)
        } else if name.hasSuffix(".*") {
            self = .prefix(ByteString(name.bytes.dropLast()))
        } else {
            self = .exact(name)
        }
    }
}

/// Picks the server for a name among those of one address.
///
/// Source: nginx `ngx_http_find_virtual_server`, `ngx_hash_find_combined`: exact name, longest wildcard in front,
/// longest wildcard at the end, first regular expression, else the default server.
struct ServerSelection {
    /// What was found.
    struct Match {
        /// The server, by its index.
        var server: Int
        /// The match of a regular expression and the expression, whose groups become variables.
        var captures: (RegexWithNames, PCRE2Match)?
        /// Why, in one sentence.
        var reason: String
        /// Whether no name matched, so that the default server of the address takes the request.
        var isDefault = false
    }

    /// The address.
    let listen: ListenAddress
    /// The servers of the configuration.
    let servers: [ServerConfiguration]

    /// The server for a name in lower case, without port and trailing dot.
    func server(for host: ByteString) -> Match {
        let named = listen.servers.lazy.flatMap { index in servers[index].names.lazy.map { (index, $0) } }
        for (index, name) in named {
            if case .exact(let exact) = name, exact == host {
                return Match(server: index, reason: "server_name \(host) is the host asked for")
            }
            if case .suffix(let suffix, includesBase: true) = name, ByteString(suffix.bytes.dropFirst()) == host {
                return Match(server: index, reason: "server_name \(suffix) takes the host \(host)")
            }
        }
        if !host.isEmpty, let match = longestWildcard(host, named.map { $0 }) { return match }
        for (index, name) in named {
            if case .regex(let regex) = name, !host.isEmpty,
                let match = (try? regex.pattern.firstMatch(in: host)) ?? nil
            {
                return Match(
                    server: index, captures: (regex, match),
                    reason: "server_name ~\(regex.pattern.text) matches the host \(host)")
            }
        }
        return Match(
            server: listen.defaultServer,
            reason: host.isEmpty
                ? "the request names no host: the default server of the address takes it"
                : "no server_name of the address matches the host \(host): its default server takes it",
            isDefault: true)
    }

    private func longestWildcard(_ host: ByteString, _ names: [(Int, ServerName)]) -> Match? {
        var best: (server: Int, length: Int, text: String)?
        for (index, name) in names {
            guard case .suffix(let suffix, _) = name, host.hasSuffix(suffix), host.count > suffix.count,
                suffix.count > (best?.length ?? 0)
            else { continue }
            best = (index, suffix.count, "*\(suffix)")
        }
        if best == nil {
            for (index, name) in names {
                guard case .prefix(let prefix) = name, host.hasPrefix(prefix), host.count > prefix.count,
                    prefix.count > (best?.length ?? 0)
                else { continue }
                best = (index, prefix.count, "\(prefix)*")
            }
        }
        return best.map { Match(server: $0.server, reason: "server_name \($0.text) takes the host \(host)") }
    }
}
