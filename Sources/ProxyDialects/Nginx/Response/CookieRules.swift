import ProxyModel
import WireBasics

/// What `proxy_cookie_domain`, `proxy_cookie_path` and `proxy_cookie_flags` do to a `Set-Cookie` value.
///
/// Source: nginx `ngx_http_proxy_rewrite_cookie`.
struct CookieRules: Sendable {
    /// `proxy_cookie_domain` rules.
    var domains: [RedirectRule] = []
    /// `proxy_cookie_path` rules.
    var paths: [RedirectRule] = []
    /// `proxy_cookie_flags` rules; the first that matches the cookie's name counts.
    var flags: [CookieFlagsRule] = []

    /// The rewritten value and the lines that changed it; nil when nothing does, and the value goes out as it came.
    func rewrite(_ value: ByteString) -> (value: ByteString, sources: [ConfigLocation])? {
        var attributes = CookieAttribute.parse(value)
        guard let cookie = attributes.first, cookie.value != nil else { return nil }
        var changed = false
        var sources: [ConfigLocation] = []
        for index in attributes.indices.dropFirst() {
            guard let text = attributes[index].value else { continue }
            let name = attributes[index].name.lowercased
            let rules = name == "domain" ? domains : name == "path" ? paths : []
            if let found = rules.rewrite(text) {
                attributes[index].value = found.value
                changed = true
                sources += [found.rule.source].compactMap(\.self)
            }
        }
        if let rule = flags.first(where: { $0.cookie.matches(cookie.name) }), !rule.flags.isEmpty {
            rule.apply(to: &attributes)
            changed = true
            sources += [rule.source].compactMap(\.self)
        }
        guard changed else { return nil }
        let parts = attributes.map { $0.name + ($0.value.map { "=" + $0 } ?? "") }
        return (
            ByteString(Array(parts.map(\.bytes).joined(separator: [UInt8(ascii: ";"), UInt8(ascii: " ")]))), sources
        )
    }
}

/// A line of `proxy_cookie_flags`.
struct CookieFlagsRule: Sendable {
    /// Which cookies.
    enum Cookie: Sendable {
        /// The one of that name, compared without case.
        case named(ByteString)
        /// Those whose name matches, without case.
        case regex(PCRE2Pattern)

        /// Whether the rule is for a cookie of that name.
        func matches(_ name: ByteString) -> Bool {
            switch self {
            case .named(let wanted): wanted.equalsIgnoringCase(name)
            case .regex(let pattern): pattern.matches(name)
            }
        }
    }

    /// A flag to set or take away.
    enum Flag: String, Hashable, Sendable {
        case secure, nosecure, httponly, nohttponly
        case sameSiteStrict = "samesite=strict"
        case sameSiteLax = "samesite=lax"
        case sameSiteNone = "samesite=none"
        case noSameSite = "nosamesite"
    }

    /// Which cookies.
    var cookie: Cookie
    /// The flags; words that nginx does not know are left out by the caller.
    var flags: Set<Flag>
    /// The line.
    var source: ConfigLocation?

    /// Sets and removes attributes; what is there already keeps its place.
    ///
    /// Source: nginx `ngx_http_proxy_edit_cookie_flags`.
    fileprivate func apply(to attributes: inout [CookieAttribute]) {
        var pending = flags
        let sameSite: [(flag: Flag, value: ByteString)] = [
            (.sameSiteStrict, "Strict"), (.sameSiteLax, "Lax"), (.sameSiteNone, "None"),
        ]
        var kept = attributes.prefix(1)
        for var attribute in attributes.dropFirst() {
            var isKept = true
            switch attribute.name.lowercased {
            case "secure":
                if pending.remove(.secure) == nil { isKept = !pending.contains(.nosecure) }
            case "httponly":
                if pending.remove(.httponly) == nil { isKept = !pending.contains(.nohttponly) }
            case "samesite":
                if let wanted = sameSite.first(where: { pending.remove($0.flag) != nil }) {
                    if attribute.value?.equalsIgnoringCase(wanted.value) != true {
                        attribute = CookieAttribute(name: "SameSite", value: wanted.value)
                    }
                } else {
                    isKept = !pending.contains(.noSameSite)
                }
            default: break
            }
            if isKept { kept.append(attribute) }
        }
        if pending.contains(.secure) { kept.append(CookieAttribute(name: "Secure", value: nil)) }
        if pending.contains(.httponly) { kept.append(CookieAttribute(name: "HttpOnly", value: nil)) }
        if let wanted = sameSite.first(where: { pending.contains($0.flag) }) {
            kept.append(CookieAttribute(name: "SameSite", value: wanted.value))
        }
        attributes = Array(kept)
    }
}

/// A part of a `Set-Cookie` value: the cookie itself, or an attribute.
private struct CookieAttribute: Hashable, Sendable {
    var name: ByteString
    /// nil without `=`.
    var value: ByteString?

    /// The parts between semicolons, blanks around names and values dropped.
    ///
    /// Source: nginx `ngx_http_proxy_parse_cookie`.
    static func parse(_ text: ByteString) -> [CookieAttribute] {
        text.bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { part in
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
                return CookieAttribute(name: trimmingBlanks(part), value: nil)
            }
            return CookieAttribute(
                name: trimmingBlanks(part[..<equals]), value: trimmingBlanks(part[(equals + 1)...]))
        }
    }

    private static func trimmingBlanks(_ bytes: ArraySlice<UInt8>) -> ByteString {
        let blank = UInt8(ascii: " ")
        guard let last = bytes.lastIndex(where: { $0 != blank }) else { return ByteString() }
        return ByteString(bytes[...last].drop { $0 == blank })
    }
}
