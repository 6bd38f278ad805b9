import ProxyModel
import WireBasics

extension ConfigurationBuilder {
    /// Reads a line of `ngx_http_core_module` and of the modules for files; false for a line of another module.
    mutating func readCore(
        _ directive: NginxDirective, _ settings: inout LocationSettings, _ level: ConfigurationLevel
    ) -> Bool {
        let line = directive.location
        let first = directive.arguments.first?.text ?? ""
        switch directive.name.text {
        case "root":
            settings.core.root = Setting(DocumentRoot(path: complex(first), aliasLength: nil), source: line)
        case "alias":
            let length = level.parent?.comparesText == true ? level.locationName.count : 0
            settings.core.root = Setting(DocumentRoot(path: complex(first), aliasLength: length), source: line)
        case "index":
            for word in directive.arguments { settings.index.add(complex(word.text), at: level.title) }
        case "autoindex": settings.autoindex = flag(directive, settings.autoindex)
        case "try_files": settings.tryFiles = Setting(readTryFiles(directive), source: line)
        case "default_type": settings.core.defaultType = first
        case "types": readTypes(directive, &settings)
        case "client_max_body_size": size(directive, &settings.core.clientMaxBodySize)
        case "client_body_timeout": time(directive, &settings.core.clientBodyTimeout)
        case "keepalive_timeout":
            time(directive, &settings.core.keepaliveTimeout)
            settings.core.keepaliveHeader =
                directive.arguments.dropFirst().first
                .flatMap { DirectiveValue.time($0.text) }.map { Int($0.nanoseconds / 1_000_000_000) }
                .flatMap { $0 > 0 ? $0 : nil }
        case "keepalive_requests": count(directive, &settings.core.keepaliveRequests)
        case "keepalive_disable":
            settings.core.keepaliveDisable = Setting(
                KeepaliveDisable(words: directive.arguments.map(\.text)), source: line)
        case "keepalive_min_timeout": time(directive, &settings.core.keepaliveMinTimeout)
        case "keepalive_time": time(directive, &settings.core.keepaliveTime)
        case "send_timeout": time(directive, &settings.core.sendTimeout)
        case "lingering_timeout": time(directive, &settings.core.lingeringTimeout)
        case "satisfy": settings.core.satisfiesAny = Setting(first == "any", source: line)
        case "internal": settings.core.isInternal = Setting(true, source: line)
        case "error_page": readErrorPage(directive, &settings, level)
        case "recursive_error_pages":
            settings.core.recursiveErrorPages = flag(directive, settings.core.recursiveErrorPages)
        case "server_tokens":
            settings.core.serverTokens = Setting(
                first == "off" ? .off : first == "build" ? .build("build") : .on, source: line)
        case "absolute_redirect": settings.core.absoluteRedirect = flag(directive, settings.core.absoluteRedirect)
        case "port_in_redirect": settings.core.portInRedirect = flag(directive, settings.core.portInRedirect)
        case "server_name_in_redirect":
            settings.core.serverNameInRedirect = flag(directive, settings.core.serverNameInRedirect)
        case "msie_padding": settings.core.msiePadding = flag(directive, settings.core.msiePadding)
        case "chunked_transfer_encoding":
            settings.core.chunkedTransferEncoding = flag(directive, settings.core.chunkedTransferEncoding)
        case "postpone_output": size(directive, &settings.core.postponeOutput)
        case "etag": settings.core.etag = flag(directive, settings.core.etag)
        case "resolver": settings.core.resolver = Setting(first != "off", source: line)
        default: return false
        }
        return true
    }

    /// Reads a line that names a handler other than `proxy_pass`; false for any other line.
    func readHandler(_ directive: NginxDirective, _ settings: inout LocationSettings) -> Bool {
        switch directive.name.text {
        case "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass", "stub_status", "empty_gif",
            "mp4",
            "flv", "f4f", "hls", "perl", "js_content", "api", "status", "tunnel_pass", "content_by_lua_block":
            settings.handler = .unmodelled(UnmodelledLine(name: directive.name.text, source: directive.location))
            return true
        default:
            return false
        }
    }

    private mutating func readTryFiles(_ directive: NginxDirective) -> TryFiles {
        var words = directive.arguments.map(\.text)
        let last = words.popLast() ?? ""
        let candidates = words.map { word in
            let isFolder = word.hasSuffix("/")
            return TryFiles.Candidate(
                path: complex(isFolder ? ByteString(word.bytes.dropLast()) : word), isFolder: isFolder)
        }
        if let code = last.dropping(prefix: "="), let status = DirectiveValue.int(code) {
            return TryFiles(candidates: candidates, fallback: .status(Int(truncatingIfNeeded: status)))
        }
        return TryFiles(candidates: candidates, fallback: .uri(complex(last)))
    }

    private func readTypes(_ block: NginxDirective, _ settings: inout LocationSettings) {
        settings.core.types = [:]
        for row in block.children ?? [] {
            for word in row.arguments { settings.core.types[word.text.lowercased] = row.name.text }
        }
    }

    private mutating func readErrorPage(
        _ directive: NginxDirective, _ settings: inout LocationSettings, _ level: ConfigurationLevel
    ) {
        var words = directive.arguments.map(\.text)
        guard let target = words.popLast() else { return }
        var overwrite: Int?
        if let last = words.last, let code = last.dropping(prefix: "=") {
            overwrite = DirectiveValue.int(code).flatMap(Int.init(exactly:)) ?? 0
            words.removeLast()
        }
        for word in words {
            guard let number = DirectiveValue.int(word), var status = Int(exactly: number) else { continue }
            // nginx's own codes for what the client sees as 400.
            if status == 497 || status == 496 || status == 495 || status == 494 { status = Int(number) }
            settings.core.errorPages.add(
                ErrorPageRule(
                    status: status, overwrite: overwrite ?? (status == 499 ? 444 : nil), target: complex(target),
                    source: directive.location), at: level.title)
        }
    }

    // MARK: - Values

    func flag(_ directive: NginxDirective, _ old: Setting<Bool>) -> Setting<Bool> {
        guard let word = directive.arguments.first, let value = DirectiveValue.flag(word.text) else { return old }
        return Setting(value, source: directive.location)
    }

    func time(_ directive: NginxDirective, _ setting: inout Setting<TimeSpan>) {
        guard let word = directive.arguments.first, let value = DirectiveValue.time(word.text) else { return }
        setting = Setting(value, source: directive.location)
    }

    func size(_ directive: NginxDirective, _ setting: inout Setting<Int>) {
        guard let word = directive.arguments.first, let value = DirectiveValue.size(word.text) else { return }
        setting = Setting(value, source: directive.location)
    }

    func count(_ directive: NginxDirective, _ setting: inout Setting<Int>) {
        guard let word = directive.arguments.first,
            let value = DirectiveValue.int(word.text).flatMap(Int.init(exactly:))
        else { return }
        setting = Setting(value, source: directive.location)
    }
}
