import ProxyModel
import WireBasics

extension ConfigurationBuilder {
    /// Reads a line of `ngx_http_proxy_module`; false for a line of another module.
    mutating func readProxy(
        _ directive: NginxDirective, _ settings: inout LocationSettings, _ level: ConfigurationLevel
    ) -> Bool {
        let line = directive.location
        let words = directive.arguments.map(\.text)
        let first = words.first ?? ""
        switch directive.name.text {
        case "proxy_pass":
            settings.proxy.pass = readPass(directive, level)
            settings.handler = .proxy
        case "proxy_http_version":
            settings.proxy.httpVersion = ProxyHTTPVersion(rawValue: first.latin1).map { Setting($0, source: line) }
        case "proxy_set_header":
            guard words.count == 2 else { return true }
            settings.proxy.setHeaders.add(
                SetHeader(name: words[0], value: complex(words[1]), source: line), at: level.title)
        case "proxy_set_body": settings.proxy.setBody = Setting(complex(first), source: line)
        case "proxy_method": settings.proxy.method = Setting(complex(first), source: line)
        case "proxy_pass_request_headers":
            settings.proxy.passRequestHeaders = flag(directive, settings.proxy.passRequestHeaders)
        case "proxy_pass_request_body":
            settings.proxy.passRequestBody = flag(directive, settings.proxy.passRequestBody)
        case "proxy_request_buffering":
            settings.proxy.requestBuffering = flag(directive, settings.proxy.requestBuffering)
        case "proxy_buffering": settings.proxy.buffering = flag(directive, settings.proxy.buffering)
        case "proxy_buffer_size": size(directive, &settings.proxy.bufferSize)
        case "proxy_buffers":
            guard words.count == 2, let count = DirectiveValue.int(words[0]).flatMap(Int.init(exactly:)),
                let size = DirectiveValue.size(words[1])
            else { return true }
            settings.proxy.buffers = Setting(BufferSizes(count: count, size: size), source: line)
        case "proxy_busy_buffers_size":
            settings.proxy.busyBuffersSize = DirectiveValue.size(first).map { Setting($0, source: line) }
        case "proxy_connect_timeout": time(directive, &settings.proxy.connectTimeout)
        case "proxy_send_timeout": time(directive, &settings.proxy.sendTimeout)
        case "proxy_read_timeout": time(directive, &settings.proxy.readTimeout)
        case "proxy_next_upstream": settings.proxy.nextUpstream = Setting(words, source: line)
        case "proxy_next_upstream_tries": count(directive, &settings.proxy.nextUpstreamTries)
        case "proxy_next_upstream_timeout": time(directive, &settings.proxy.nextUpstreamTimeout)
        case "proxy_intercept_errors":
            settings.proxy.interceptErrors = flag(directive, settings.proxy.interceptErrors)
        case "proxy_ignore_client_abort":
            settings.proxy.ignoreClientAbort = flag(directive, settings.proxy.ignoreClientAbort)
        case "proxy_hide_header": settings.proxy.hideHeaders.add(Setting(first, source: line), at: level.title)
        case "proxy_pass_header": settings.proxy.passHeaders.add(Setting(first, source: line), at: level.title)
        case "proxy_ignore_headers":
            for word in words { settings.proxy.ignoreHeaders.add(Setting(word, source: line), at: level.title) }
        case "proxy_redirect": readRedirect(directive, &settings, level)
        case "proxy_cookie_domain":
            readCookie(directive, &settings.proxy.cookieDomains, level)
        case "proxy_cookie_path":
            readCookie(directive, &settings.proxy.cookiePaths, level)
        case "proxy_cookie_flags": settings.proxy.cookieFlags.add(directive, at: level.title)
        default: return false
        }
        return true
    }

    /// What nginx works out when all lines of a level are known: the default of `proxy_redirect`.
    func finishProxy(_ settings: inout LocationSettings, _ level: ConfigurationLevel) {
        guard !settings.proxy.isRedirectOff, settings.proxy.redirects.lines.isEmpty, let pass = settings.proxy.pass,
            let redirect = defaultRedirect(pass)
        else { return }
        settings.proxy.redirects.add(redirect, at: level.title)
    }

    private func defaultRedirect(_ pass: ProxyPass) -> ProxyRedirect? {
        guard let fixed = pass.fixed else { return nil }
        let url = pass.url.written
        return ProxyRedirect(
            pattern: .prefix(ComplexValue(constant: fixed.uri.isEmpty ? url + "/" : url)),
            replacement: ComplexValue(constant: fixed.uri.isEmpty ? "/" : pass.prefix), source: pass.source,
            isDefault: true)
    }

    private mutating func readPass(_ directive: NginxDirective, _ level: ConfigurationLevel) -> ProxyPass {
        let written = directive.arguments.first?.text ?? ""
        let comparesText = level.kind == .location && level.parent?.comparesText == true
        var pass = ProxyPass(
            url: complex(written), fixed: nil, prefix: comparesText ? level.locationName : "",
            source: directive.location)
        guard pass.url.constant != nil, let target = ProxyTarget(url: written) else { return pass }
        pass.fixed = ProxyPass.Fixed(
            scheme: target.scheme, authority: target.authority, uri: target.uri,
            group: group(for: target, directive), port: target.portText)
        return pass
    }

    /// The group that a host and port mean: a block of that name, else one of its own.
    ///
    /// Source: nginx `ngx_http_upstream_add`.
    private mutating func group(for target: ProxyTarget, _ directive: NginxDirective) -> Int {
        let found = parts.groups.firstIndex { group in
            guard group.name.equalsIgnoringCase(target.host) else { return false }
            return group.block != nil ? !target.hasPort : group.port == target.port
        }
        if let found { return found }
        parts.groups.append(
            UpstreamGroupConfiguration(
                name: target.host, port: target.port, block: nil, address: target.address, source: directive.location))
        return parts.groups.count - 1
    }

    private mutating func readRedirect(
        _ directive: NginxDirective, _ settings: inout LocationSettings, _ level: ConfigurationLevel
    ) {
        let words = directive.arguments.map(\.text)
        settings.proxy.isRedirectOff = false
        if words == ["off"] {
            settings.proxy.redirects.clear(at: level.title)
            settings.proxy.isRedirectOff = true
            return
        }
        if words == ["default"] {
            guard let pass = settings.proxy.pass, let redirect = defaultRedirect(pass) else { return }
            settings.proxy.redirects.add(redirect, at: level.title)
            return
        }
        guard words.count == 2, let pattern = pattern(words[0], directive) else { return }
        settings.proxy.redirects.add(
            ProxyRedirect(
                pattern: pattern, replacement: complex(words[1]), source: directive.location, isDefault: false),
            at: level.title)
    }

    private mutating func readCookie(
        _ directive: NginxDirective, _ lines: inout InheritedLines<CookieRewrite>, _ level: ConfigurationLevel
    ) {
        let words = directive.arguments.map(\.text)
        guard words.count == 2, let pattern = pattern(words[0], directive) else {
            lines.clear(at: level.title)
            return
        }
        lines.add(
            CookieRewrite(pattern: pattern, replacement: complex(words[1]), source: directive.location),
            at: level.title)
    }

    private mutating func pattern(_ text: ByteString, _ directive: NginxDirective) -> ProxyRedirect.Pattern? {
        guard let expression = text.dropping(prefix: "~") else { return .prefix(complex(text)) }
        let ignoresCase = expression.hasPrefix("*")
        let body = ignoresCase ? ByteString(expression.bytes.dropFirst()) : expression
        return regex(body, ignoresCase: ignoresCase, directive).map { .regex($0.pattern) }
    }
}
