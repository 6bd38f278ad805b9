import HTTPWire
import WireBasics

/// The filters that change the bodies of ordinary answers, and with them `Content-Length`, `Content-Encoding` or
/// `Content-Type`. The model does not run them: it says where one would act.
///
/// A 101 passes them all untouched: nginx filters nothing behind a switch.
/// Source: nginx `ngx_http_gzip_header_filter`, `ngx_http_charset_header_filter`, `ngx_http_ssi_header_filter`,
/// `ngx_http_sub_header_filter`, `ngx_http_addition_header_filter`.
struct BodyFilters: Sendable {
    /// The lines in force, one a directive.
    private var lines: [UnmodelledLine] = []
    /// Media types that `gzip_types`, `sub_filter_types` and their kin name, by the directive that they belong to.
    private var types: [ByteString: Set<ByteString>] = [:]

    private static let names: Set<ByteString> = [
        "gzip", "sub_filter", "ssi", "add_before_body", "add_after_body", "charset",
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
        case "gzip":
            // gzip_min_length is 20 by default; a larger one leaves more answers alone, which is not looked at.
            [200, 403, 404].contains(head.status) && head.first("Content-Encoding") == nil
                && (head.contentLength ?? 20) >= 20
                && request.header("Accept-Encoding")?.lowercased.latin1.contains("gzip") == true
                && request.header("Via") == nil
        case "charset": !content.lowercased.latin1.contains("charset=")
        default: true
        }
    }
}
