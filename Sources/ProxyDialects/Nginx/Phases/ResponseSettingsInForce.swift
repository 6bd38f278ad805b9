import ProxyModel
import WireBasics

extension RequestProcessing {
    /// What the settings in force say about the head of a response, `add_header` apart.
    mutating func responseSettings() -> ResponseSettings {
        let settings = settings
        var out = ResponseSettings(product: "nginx/\(configuration.version)")
        out.serverTokens = settings.core.serverTokens.value
        out.serverTokensSource = settings.core.serverTokens.source
        out.hidden = settings.proxy.hideHeaders.lines.map { NamedHeader(name: $0.value, source: $0.source) }
        out.passed = settings.proxy.passHeaders.lines.map { NamedHeader(name: $0.value, source: $0.source) }
        out.ignored = Set(settings.proxy.ignoreHeaders.lines.map(\.value.lowercased))
        out.redirects =
            settings.proxy.redirects.lines.isEmpty
            ? nil : settings.proxy.redirects.lines.map { rule(pattern: $0.pattern, $0.replacement, $0.source) }
        out.cookies.domains = settings.proxy.cookieDomains.lines.map { line in
            if case .prefix(let text) = line.pattern {
                let domain = evaluate(text)
                let plain = domain.dropping(prefix: ".") ?? domain
                return RedirectRule(
                    pattern: .domain(plain, replacement: evaluate(line.replacement)), source: line.source)
            }
            return rule(pattern: line.pattern, line.replacement, line.source)
        }
        out.cookies.paths = settings.proxy.cookiePaths.lines.map {
            rule(pattern: $0.pattern, $0.replacement, $0.source)
        }
        out.cookies.flags = settings.proxy.cookieFlags.lines.compactMap { flags($0) }
        out.redirectBase = redirectBase
        out.allowsChunked = settings.core.chunkedTransferEncoding.value
        out.keepaliveHeader = Int64(settings.core.keepaliveHeader ?? 0)
        out.keepaliveSource = settings.core.keepaliveTimeout.source
        out.padsErrorPages = settings.core.msiePadding.value
        out.expires = expires
        out.source = settings.proxy.pass?.source ?? location.source
        return out
    }

    /// What makes a redirect absolute; nil with `absolute_redirect off`.
    ///
    /// Source: nginx `ngx_http_header_filter`.
    private var redirectBase: RedirectBase? {
        guard settings.core.absoluteRedirect.value else { return nil }
        var host = request.host
        if settings.core.serverNameInRedirect.value {
            host = server.primaryName
        } else if host.isEmpty {
            host = listenerParts.address
        }
        let port = connection.listener.port ?? 0
        return RedirectBase(
            usesTLS: scheme == "https", host: host, port: port, showsPort: settings.core.portInRedirect.value)
    }

    private mutating func rule(
        pattern: ProxyRedirect.Pattern, _ replacement: ComplexValue, _ source: ConfigLocation
    ) -> RedirectRule {
        switch pattern {
        case .prefix(let text):
            return RedirectRule(
                pattern: .prefix(evaluate(text), replacement: evaluate(replacement)), source: source)
        case .regex(let expression):
            // Captures of the match are filled in when it is there; everything else is known now.
            let parts: [ComplexValue.Part] = replacement.parts.map { part in
                if case .variable(let id) = part { return .text(value(of: id) ?? "") }
                return part
            }
            return RedirectRule(
                pattern: .regex(
                    expression,
                    replacement: { match in
                        parts.reduce(ByteString()) { text, part in
                            switch part {
                            case .text(let own): text + own
                            case .capture(let group): text + (match[group] ?? "")
                            case .variable, .startOfArguments: text
                            }
                        }
                    }), source: source)
        }
    }

    private mutating func flags(_ line: NginxDirective) -> CookieFlagsRule? {
        var words = line.arguments.map(\.text)
        guard !words.isEmpty else { return nil }
        let name = words.removeFirst()
        let flags = Set(words.compactMap { CookieFlagsRule.Flag(rawValue: $0.lowercased.latin1) })
        if let expression = name.dropping(prefix: "~") {
            guard let pattern = try? PCRE2Pattern(expression, ignoresCase: true) else { return nil }
            return CookieFlagsRule(cookie: .regex(pattern), flags: flags, source: line.location)
        }
        return CookieFlagsRule(
            cookie: .named(evaluate(ComplexValue(constant: name))), flags: flags, source: line.location)
    }

    /// Source: nginx `ngx_http_parse_expires`.
    private var expires: ExpiresRule? {
        mutating get {
            guard let line = settings.headers.expires, var words = Optional(line.value.map { evaluate($0) }) else {
                return nil
            }
            var isModified = false
            if words.first == "modified" {
                isModified = true
                words.removeFirst()
            }
            guard var text = words.first else { return nil }
            switch text {
            case "off", "": return nil
            case "epoch": return ExpiresRule(form: .epoch, source: line.source)
            case "max": return ExpiresRule(form: .max, source: line.source)
            default: break
            }
            let isDaily = text.hasPrefix("@")
            let isNegative = text.hasPrefix("-")
            if isDaily || isNegative || text.hasPrefix("+") { text = ByteString(text.bytes.dropFirst()) }
            guard let span = DirectiveValue.time(text) else { return nil }
            let seconds = span.nanoseconds / 1_000_000_000 * (isNegative ? -1 : 1)
            let form: ExpiresRule.Form = isDaily ? .daily(seconds) : isModified ? .modified(seconds) : .access(seconds)
            return ExpiresRule(form: form, source: line.source)
        }
    }
}
