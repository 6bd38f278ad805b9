import HTTPWire
import WireBasics

/// The filters that change the bodies of ordinary answers.
///
/// With a body they change `Content-Length`, `Content-Encoding` or `Content-Type`. The model does not run them: it says
/// where one would act. A 101 passes them all untouched: nginx filters nothing behind a switch.
/// Source: nginx `ngx_http_gzip_header_filter`, `ngx_http_headers_filter`, `ngx_http_charset_header_filter`, `ngx_http_ssi_header_filter`,
/// `ngx_http_sub_header_filter`, `ngx_http_addition_header_filter`.
struct BodyFilters: Sendable {
    /// The lines in force, one a directive.
    private var lines: [UnmodelledLine] = []
    /// Media types that `gzip_types`, `sub_filter_types` and their kin name, by the directive that they belong to.
    private var types: [ByteString: Set<ByteString>] = [:]

    private var gzip = GzipConditions()

    private static let names: Set<ByteString> = [
        "gzip", "sub_filter", "ssi", "add_before_body", "add_after_body", "charset", "add_trailer",
        "proxy_pass_trailers",
    ]
    private static let typeLines: [ByteString: [ByteString]] = [
        "gzip_types": ["gzip"], "sub_filter_types": ["sub_filter"], "ssi_types": ["ssi"],
        "addition_types": ["add_before_body", "add_after_body"], "charset_types": ["charset"],
    ]
    private static let charsetTypes: Set<ByteString> = [
        "text/html", "text/xml", "text/plain", "text/vnd.wap.wml", "application/javascript", "application/rss+xml",
    ]

    /// Takes over what a line of a level says.
    mutating func read(_ directive: NginxDirective) {
        let name = directive.name.text
        gzip.read(directive)
        if let owners = Self.typeLines[name] {
            for owner in owners { types[owner] = Set(directive.arguments.map(\.text.lowercased)) }
            return
        }
        guard Self.names.contains(name) else { return }
        lines.removeAll { $0.name == name }
        guard directive.arguments.first?.text != "off" else { return }
        lines.append(UnmodelledLine(name: name, source: directive.location))
    }

    /// The lines that would change this answer.
    func acting(on head: UpstreamHead, for request: Request) -> [UnmodelledLine] {
        guard !lines.isEmpty, request.method != "HEAD", ![101, 204, 304].contains(head.status) else { return [] }
        return lines.filter { acts($0.name, on: head, for: request) }
    }

    private func acts(_ name: ByteString, on head: UpstreamHead, for request: Request) -> Bool {
        if name == "add_trailer" { return true }
        if name == "proxy_pass_trailers" { return head.isChunked }
        let content = head.first("Content-Type") ?? ""
        let type = content.splitOnce(at: UInt8(ascii: ";")).0.trimmingWhitespace.lowercased
        guard let known = types[name], known.contains("*") || known.contains(type) || type == "text/html" else {
            if types[name] != nil { return false }
            let byDefault = name == "charset" ? Self.charsetTypes : ["text/html"]
            return byDefault.contains(type) && isOpen(name, to: head, content, request)
        }
        return isOpen(name, to: head, content, request)
    }

    /// What else a filter asks for.
    private func isOpen(_ name: ByteString, to head: UpstreamHead, _ content: ByteString, _ request: Request) -> Bool {
        switch name {
        case "gzip": gzip.isOpen(to: head, request)
        case "charset": !content.lowercased.latin1.contains("charset=")
        default: true
        }
    }
}

/// When `gzip` compresses an answer, or marks it with `Vary`.
///
/// Source: nginx `ngx_http_gzip_header_filter`, `ngx_http_gzip_ok`.
private struct GzipConditions: Sendable {
    /// `gzip_min_length`.
    private var minimum: Int64 = 20
    /// `gzip_http_version`, as nginx counts versions.
    private var version = 1001
    /// `gzip_proxied`: whether requests that came through a proxy may have it.
    private var takesProxied = false
    /// `gzip_vary`: the answer says that it might have been compressed, also to those that do not ask for it.
    private var varies = false

    mutating func read(_ directive: NginxDirective) {
        let first = directive.arguments.first?.text ?? ""
        switch directive.name.text {
        case "gzip_min_length": minimum = DirectiveValue.size(first).map(Int64.init) ?? minimum
        case "gzip_http_version": version = first == "1.0" ? 1000 : 1001
        case "gzip_proxied": takesProxied = first != "off"
        case "gzip_vary": varies = first == "on"
        default: break
        }
    }

    func isOpen(to head: UpstreamHead, _ request: Request) -> Bool {
        guard [200, 403, 404].contains(head.status), head.first("Content-Encoding") == nil,
            (head.contentLength ?? minimum) >= minimum
        else { return false }
        return varies || isTaken(by: request)
    }

    /// What `gzip_disable` and the kinds of `gzip_proxied` say is not looked at: then it is taken to act.
    private func isTaken(by request: Request) -> Bool {
        request.version >= version && (takesProxied || request.header("Via") == nil)
            && request.header("Accept-Encoding")?.lowercased.latin1.contains("gzip") == true
    }
}
