import ProxyModel
import WireBasics

/// A rule of `proxy_redirect`, `proxy_cookie_domain` or `proxy_cookie_path`: what a value must look like, and what
/// takes the place of what matched.
///
/// Source: nginx `ngx_http_proxy_rewrite_complex_handler`, `…_regex_handler`, `…_domain_handler`.
struct RedirectRule: Sendable {
    /// What a value must look like.
    enum Pattern: Sendable {
        /// The value begins with this; only that part is replaced. Compared as text, with its case.
        case prefix(ByteString, replacement: ByteString)
        /// The expression matches somewhere in the value; all of the value is replaced.
        case regex(PCRE2Pattern, replacement: @Sendable (PCRE2Match) -> ByteString)
        /// The value is this domain, a leading dot aside, compared without case; the dot stays.
        case domain(ByteString, replacement: ByteString)
    }

    /// What a value must look like.
    var pattern: Pattern
    /// The line; for the default rule that of `proxy_pass`.
    var source: ConfigLocation?

    /// The rule that holds when `proxy_redirect` says nothing, or `default`.
    ///
    /// - Parameters:
    ///   - url: the argument of `proxy_pass`, URI part included.
    ///   - hasURI: whether it has a URI part.
    ///   - location: the prefix of the location; empty for a regular expression or a named one.
    static func standard(
        url: ByteString, hasURI: Bool, location: ByteString, source: ConfigLocation?
    ) -> RedirectRule {
        let pattern: Pattern =
            hasURI ? .prefix(url, replacement: location) : .prefix(url + "/", replacement: "/")
        return RedirectRule(pattern: pattern, source: source)
    }

    /// The value with what matched replaced; nil when it does not match.
    ///
    /// - Parameter start: where in the value the rule looks: behind `url=` for `Refresh`.
    func rewrite(_ value: ByteString, from start: Int = 0) -> ByteString? {
        let head = value.bytes.prefix(start)
        let rest = ByteString(value.bytes.dropFirst(start))
        switch pattern {
        case .prefix(let prefix, let replacement):
            guard rest.hasPrefix(prefix) else { return nil }
            return ByteString(head + replacement.bytes + rest.bytes.dropFirst(prefix.count))
        case .regex(let pattern, let replacement):
            guard let match = (try? pattern.firstMatch(in: rest)) ?? nil else { return nil }
            return ByteString(head + replacement(match).bytes)
        case .domain(let domain, let replacement):
            let dot: [UInt8] = rest.hasPrefix(".") ? [UInt8(ascii: ".")] : []
            guard ByteString(rest.bytes.dropFirst(dot.count)).equalsIgnoringCase(domain) else { return nil }
            return ByteString(head + dot + replacement.bytes)
        }
    }
}

extension [RedirectRule] {
    /// What the first rule that matches makes of the value, and that rule; nil when none matches.
    func rewrite(_ value: ByteString, from start: Int = 0) -> (value: ByteString, rule: RedirectRule)? {
        lazy.compactMap { rule in rule.rewrite(value, from: start).map { (value: $0, rule: rule) } }.first
    }
}

/// What makes a redirect that begins with `/` absolute.
///
/// Source: nginx `ngx_http_header_filter`.
struct RedirectBase: Hashable, Sendable {
    /// Whether the client's connection uses TLS.
    var usesTLS: Bool
    /// The host: the request's, the server's first name with `server_name_in_redirect on`, or the local address.
    var host: ByteString
    /// The port that the client connected to.
    var port: UInt16
    /// `port_in_redirect`.
    var showsPort: Bool

    /// The absolute form of a path.
    func absolute(_ path: ByteString) -> ByteString {
        let scheme = usesTLS ? "https" : "http"
        let isUsual = port == (usesTLS ? 443 : 80) || port == 0
        return ByteString("\(scheme)://") + host + (showsPort && !isUsual ? ByteString(":\(port)") : "") + path
    }
}
