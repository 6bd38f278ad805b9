import HTTPWire
import ProxyModel
import WireBasics

/// A page of nginx's own for a status: `ngx_http_special_response_handler`.
struct ErrorPage: Hashable, Sendable {
    /// The status that the client gets: 400 for 494 to 497.
    var status: Int
    /// The body without padding; empty where nginx has none for the code.
    var body: ByteString
    /// Whether nginx closes the connection after it.
    var closesConnection: Bool

    /// The page for a code.
    ///
    /// - Parameters:
    ///   - code: a status, or one of nginx's own: 494 (head too large), 495 and 496 (certificates), 497 (plain HTTP to
    ///     an HTTPS port), 498.
    ///   - server: how nginx names itself; see `ServerTokens.name`.
    ///   - knows407: since 1.29.8 nginx has a page for 407.
    init(_ code: Int, server: String, knows407: Bool = false) {
        status = (494...497).contains(code) ? 400 : code
        closesConnection = Self.closing.contains(code)
        guard let page = Self.pages[code], code != 407 || knows407 else {
            body = ByteString()
            return
        }
        let detail = page.detail.map { "<center>\($0)</center>\r\n" } ?? ""
        let number = page.detail == nil ? "\(code == 498 ? 404 : code)" : "400"
        body = ByteString(
            "<html>\r\n<head><title>\(number) \(page.title)</title></head>\r\n<body>\r\n"
                + "<center><h1>\(number) \(page.heading ?? page.title)</h1></center>\r\n\(detail)"
                + "<hr><center>\(server)</center>\r\n</body>\r\n</html>\r\n")
    }

    /// The page as it goes out: head and body.
    ///
    /// - Parameters:
    ///   - out: what is in the head already; a `Location` for redirects.
    ///   - browser: what the `User-Agent` line makes nginx think.
    /// Source: nginx `ngx_http_send_special_response`.
    func response(
        into out: HeadersOut? = nil, browser: BrowserGuess, context: ResponseContext, settings: ResponseSettings,
        because: Explanation
    ) -> (out: HeadersOut, context: ResponseContext, body: [UInt8]) {
        var out = out ?? HeadersOut(status: status)
        var context = context
        (out.status, out.statusLine, out.decided) = (status, nil, because)
        var bytes = body.bytes
        if bytes.isEmpty {
            out.contentType = nil
        } else {
            let isPadded = settings.padsErrorPages && browser.isPadded && context.version >= .http10 && status >= 400
            if isPadded { bytes += Self.padding }
            out.contentType = OutgoingHeader(
                HeaderField("Content-Type", "text/html"), origin: .default,
                explanation: Explanation(because: "nginx's own pages are text/html"))
        }
        out.contentLength = Int64(bytes.count)
        out.contentLengthOrigin = .default
        out.lastModified = nil
        for name in ["accept-ranges", "last-modified", "etag"] as [ByteString] {
            // nginx remembers the last line of each name only.
            if let last = out.indices(of: name).last { out.lines[last].isSent = false }
        }
        if closesConnection { context.keepsConnection = false }
        return (out, context, context.isHEAD || status == 204 ? [] : bytes)
    }

    /// Codes after which nginx does not keep the connection.
    ///
    /// Not 494: what is refused while the head is read has no kept connection in the first place.
    private static let closing: Set<Int> = [400, 413, 414, 495, 496, 497, 500, 501]

    private struct Text: Hashable, Sendable {
        var title: String
        /// The heading, where it is not the title.
        var heading: String?
        /// A line below the heading.
        var detail: String?

        init(_ title: String, heading: String? = nil, detail: String? = nil) {
            (self.title, self.heading, self.detail) = (title, heading, detail)
        }

        /// A page of status 400 with a line that says more.
        static func badRequest(_ detail: String) -> Text {
            Text(detail, heading: "Bad Request", detail: detail)
        }
    }

    private static let pages: [Int: Text] = [
        301: Text("Moved Permanently"), 302: Text("Found"), 303: Text("See Other"), 307: Text("Temporary Redirect"),
        308: Text("Permanent Redirect"),
        400: Text("Bad Request"), 401: Text("Authorization Required"), 402: Text("Payment Required"),
        403: Text("Forbidden"), 404: Text("Not Found"), 405: Text("Not Allowed"), 406: Text("Not Acceptable"),
        407: Text("Proxy Authentication Required"), 408: Text("Request Time-out"), 409: Text("Conflict"),
        410: Text("Gone"), 411: Text("Length Required"), 412: Text("Precondition Failed"),
        413: Text("Request Entity Too Large"), 414: Text("Request-URI Too Large"),
        415: Text("Unsupported Media Type"), 416: Text("Requested Range Not Satisfiable"),
        421: Text("Misdirected Request"), 429: Text("Too Many Requests"),
        494: .badRequest("Request Header Or Cookie Too Large"), 495: .badRequest("The SSL certificate error"),
        496: .badRequest("No required SSL certificate was sent"),
        497: .badRequest("The plain HTTP request was sent to HTTPS port"), 498: Text("Not Found"),
        500: Text("Internal Server Error"), 501: Text("Not Implemented"), 502: Text("Bad Gateway"),
        503: Text("Service Temporarily Unavailable"), 504: Text("Gateway Time-out"),
        505: Text("HTTP Version Not Supported"), 507: Text("Insufficient Storage"),
    ]

    /// Six comments, so that old browsers do not show pages of their own.
    private static let padding = [UInt8](
        String(
            repeating: "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n", count: 6
        ).utf8)
}

/// What nginx takes a client for, by its `User-Agent` line.
///
