import HTTPWire
import ProxyModel
import WireBasics

/// Makes the head that the client gets.
///
/// Order: `upstream` (or `ErrorPage.response`, or a `HeadersOut` of the caller's) gathers; `head` adds what `expires`
/// and `add_header` say and writes the lines in nginx's order: status line, `Server`, `Date`, `Content-Type`,
/// `Content-Length`, `Last-Modified` of own files, `Location` where nginx made it absolute, `Transfer-Encoding`,
/// `Connection`, `Keep-Alive`, then the list.
/// Source: nginx `ngx_http_upstream_process_headers`, `ngx_http_headers_filter`, `ngx_http_chunked_header_filter`,
/// `ngx_http_header_filter`.
struct ResponseHeaderFilter: Sendable {
    /// What the configuration says.
    let settings: ResponseSettings
    /// Since 1.29.8 nginx has a reason phrase for 407.
    var knows407 = false

    /// A filter with these settings.
    init(_ settings: ResponseSettings, knows407: Bool = false) {
        self.settings = settings
        self.knows407 = knows407
    }

    /// Takes over what a backend's head says, less what nginx drops or hides.
    ///
    /// - Parameter out: what is in the head already, after an internal redirect; nil otherwise.
    func upstream(_ head: UpstreamHead, into out: HeadersOut? = nil) -> HeadersOut {
        var out = out ?? HeadersOut(status: head.status)
        out.status = head.status
        out.statusLine = head.statusLine
        out.contentLength = head.contentLength
        out.contentLengthOrigin = .backend
        for (index, field) in head.headers.enumerated() {
            if head.ignored.contains(index) {
                out.lose(field, "nginx ignores a second \(field.name) line of a response")
            } else if let reason = hidingReason(field.name),
                out.contentLength == nil || !field.name.equalsIgnoringCase("content-length")
            {
                // A Content-Length that counts cannot be hidden: nginx writes it from the number.
                out.lost.append(LostHeader(field, explanation: reason))
            } else {
                take(field, into: &out)
            }
        }
        // What is passed on but was not sent is left out: nginx does not fill in its own then.
        if hidingReason("server") == nil { out.passesServer = true }
        if hidingReason("date") == nil { out.passesDate = true }
        return out
    }

    /// Takes over what nginx keeps of a backend's head when `X-Accel-Redirect` sends it elsewhere.
    ///
    /// - Parameter out: what an earlier `X-Accel-Redirect` of the same request left; nil otherwise.
    func accelRedirect(_ head: UpstreamHead, into out: HeadersOut? = nil) -> HeadersOut {
        let kept: Set<ByteString> = [
            "content-type", "set-cookie", "content-disposition", "cache-control", "expires", "accept-ranges",
        ]
        var out = out ?? HeadersOut(status: head.status)
        for (index, field) in head.headers.enumerated() where !head.ignored.contains(index) {
            if kept.contains(field.name.lowercased) {
                take(field, into: &out)
            } else {
                out.lose(field, "X-Accel-Redirect replaces the response; of its lines nginx keeps only six")
            }
        }
        return out
    }

    /// A 103 as it goes to the client; nil when nothing does: no line is left, or the client speaks HTTP/1.0.
    ///
    /// Source: nginx `ngx_http_early_hints_filter`, since 1.29.0 where `early_hints` allows it.
    func earlyHints(_ head: UpstreamHead, context: ResponseContext) -> OutgoingResponse? {
        var out = HeadersOut(status: 103)
        for field in head.headers {
            if let reason = hidingReason(field.name) {
                out.lost.append(LostHeader(field, explanation: reason))
            } else {
                out.pass(field)
            }
        }
        guard context.version == .http11, !out.lines.isEmpty else { return nil }
        return write(out.lines.map(\.header), statusLine: "103 Early Hints", out)
    }

    private func take(_ field: HeaderField, into out: inout HeadersOut) {
        switch field.name.lowercased {
        case "content-length":
            if out.contentLength == nil {
                out.lose(field, "the body is delimited otherwise, by chunks or by the end of the connection")
            }
        case "connection", "keep-alive", "transfer-encoding":
            out.lose(field, "\(field.name) is between nginx and the backend; nginx writes its own for the client")
        case "content-type":
            out.takeContentType(OutgoingHeader(field, origin: .backend, explanation: Self.fromBackend))
        case "server":
            out.passesServer = true
            out.pass(field)
        case "date":
            out.passesDate = true
            out.pass(field)
        case "location":
            takeLocation(field, into: &out)
        case "refresh":
            let url = field.value.lowercased.firstIndex(of: "url=").map { $0 + 4 }
            let rewritten = url.flatMap { settings.redirects?.rewrite(field.value, from: $0) }
            out.pass(field, rewritten: rewritten?.value, by: "proxy_redirect", rewritten?.rule.source)
        case "set-cookie":
            let rewritten = settings.cookies.rewrite(field.value)
            out.pass(field, rewritten: rewritten?.value, by: "proxy_cookie_…", rewritten?.sources.first)
        default:
            out.pass(field)
        }
    }

    private func takeLocation(_ field: HeaderField, into out: inout HeadersOut) {
        let rewritten = settings.redirects?.rewrite(field.value)
        out.pass(field, rewritten: rewritten?.value, by: "proxy_redirect", rewritten?.rule.source)
        // Only what proxy_redirect changed is made absolute: a relative Location of the backend stays relative.
        if rewritten != nil { out.location = out.lines.indices.last }
    }

    /// Why a line of that name is not passed on; nil when it is.
    private func hidingReason(_ name: ByteString) -> Explanation? {
        if settings.passed.contains(where: { $0.name.equalsIgnoringCase(name) }) { return nil }
        if let rule = settings.hidden.first(where: { $0.name.equalsIgnoringCase(name) }) {
            return Explanation(
                because: "proxy_hide_header drops it", source: rule.source,
                mend: "take proxy_hide_header \(rule.name) out, if the client needs the line")
        }
        guard Self.hiddenByDefault.contains(name.lowercased) else { return nil }
        return Explanation(
            because: "nginx does not pass \(name) of a backend unless told to", source: settings.source,
            mend: "write `proxy_pass_header \(name);` to have it passed on")
    }

    private static let hiddenByDefault: Set<ByteString> = [
        "date", "server", "x-pad", "x-accel-expires", "x-accel-redirect", "x-accel-limit-rate", "x-accel-buffering",
        "x-accel-charset",
    ]

    static let fromBackend = Explanation(because: "the backend sent it")
}

extension HeadersOut {
    /// Adds a line that the backend sent, as it is or rewritten.
    fileprivate mutating func pass(
        _ field: HeaderField, rewritten: ByteString? = nil, by directive: String = "", _ source: ConfigLocation? = nil
    ) {
        guard let rewritten else { return append(field.name, field.value, .backend, ResponseHeaderFilter.fromBackend) }
        let because = "\(directive) rewrote \"\(field.value)\""
        append(field.name, rewritten, .directive, Explanation(because: because, source: source))
    }

    /// Notes a line that is not passed on.
    fileprivate mutating func lose(_ field: HeaderField, _ because: String) {
        lost.append(LostHeader(field, explanation: Explanation(because: because)))
    }
}
