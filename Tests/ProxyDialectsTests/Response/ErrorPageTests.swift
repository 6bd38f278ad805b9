import HTTPWire
import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

@Suite("ErrorPage")
struct ErrorPageTests {
    private let settings = ResponseSettings(product: "nginx/1.22.1")
    private let chrome: ByteString =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"

    private func sent(
        _ code: Int, userAgent: ByteString? = nil, context: ResponseContext = ResponseContext()
    ) -> (head: String, body: String, keeps: Bool) {
        let page = ErrorPage(code, server: settings.serverTokens.name(of: settings.product))
        let (out, context, body) = page.response(
            browser: BrowserGuess(userAgent: userAgent), context: context, settings: settings,
            because: Explanation(because: "test"))
        let response = ResponseHeaderFilter(settings).head(out, context: context, at: .epoch)
        let head = String(decoding: response.response?.head.bytes ?? [], as: UTF8.self)
        return (head, String(decoding: body, as: UTF8.self), response.keepsConnection)
    }

    @Test("a page, byte for byte")
    func page() {
        let sent = sent(502)
        #expect(
            sent.head == "HTTP/1.1 502 Bad Gateway\r\nServer: nginx/1.22.1\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
                + "Content-Type: text/html\r\nContent-Length: 157\r\nConnection: keep-alive\r\n\r\n")
        #expect(
            sent.body == "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
                + "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
        )
    }

    @Test(
        "status line, title and length of the page of each code",
        arguments: [
            (301, "301 Moved Permanently", "301 Moved Permanently", 169),
            (302, "302 Moved Temporarily", "302 Found", 145),
            (308, "308 Permanent Redirect", "308 Permanent Redirect", 171),
            (400, "400 Bad Request", "400 Bad Request", 157),
            (401, "401 Unauthorized", "401 Authorization Required", 179), (403, "403 Forbidden", "403 Forbidden", 153),
            (404, "404 Not Found", "404 Not Found", 153), (405, "405 Not Allowed", "405 Not Allowed", 157),
            (413, "413 Request Entity Too Large", "413 Request Entity Too Large", 183),
            (429, "429 Too Many Requests", "429 Too Many Requests", 169),
            (494, "400 Bad Request", "400 Request Header Or Cookie Too Large", 233),
            (497, "400 Bad Request", "400 The plain HTTP request was sent to HTTPS port", 255),
            (503, "503 Service Temporarily Unavailable", "503 Service Temporarily Unavailable", 197),
            (504, "504 Gateway Time-out", "504 Gateway Time-out", 167),
        ])
    func pages(code: Int, statusLine: String, title: String, length: Int) {
        let sent = sent(code)
        #expect(sent.head.hasPrefix("HTTP/1.1 \(statusLine)\r\n"))
        #expect(sent.body.contains("<title>\(title)</title>"))
        #expect(sent.head.contains("Content-Length: \(length)\r\n"))
        #expect(sent.body.utf8.count == length)
    }

    @Test("codes without a page have no reason and no body", arguments: [418, 426, 417, 506, 599])
    func without(code: Int) {
        let sent = sent(code)
        #expect(sent.head.hasPrefix("HTTP/1.1 \(code) \r\nServer: "))
        #expect(sent.head.contains("Content-Length: 0\r\n"))
        #expect(!sent.head.contains("Content-Type"))
        #expect(sent.body.isEmpty)
    }

    @Test("407 has a reason and a page since 1.29.8")
    func proxyAuthentication() {
        #expect(ErrorPage(407, server: "nginx").body.isEmpty)
        #expect(!ErrorPage(407, server: "nginx", knows407: true).body.isEmpty)
        #expect(StatusText.line(407) == "407 ")
        #expect(StatusText.line(407, knows407: true) == "407 Proxy Authentication Required")
    }

    @Test("which codes close the connection")
    func closing() {
        let closing = (400...510).filter { !sent($0).keeps }
        #expect(closing == [400, 413, 414, 495, 496, 497, 500, 501])
    }

    @Test(
        "Chrome and Internet Explorer get 402 bytes of padding from 400 on, Firefox and Safari do not",
        arguments: [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", false), ("curl/8.5.0", false),
            ("Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15", false),
            ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)", true), ("MSIE ", false), ("MSIE 6.", false),
            ("Opera/9.8 MSIE 8.0 Chrome/1", false), ("x Chrome/1", true),
        ] as [(ByteString, Bool)])
    func padding(userAgent: ByteString, isPadded: Bool) {
        #expect(BrowserGuess(userAgent: userAgent).isPadded == isPadded)
        #expect(sent(404, userAgent: userAgent).body.utf8.count == 153 + (isPadded ? 402 : 0))
    }

    @Test("redirects are not padded, nor are pages for HTTP/0.9, nor with msie_padding off")
    func unpadded() {
        #expect(sent(302, userAgent: chrome).body.utf8.count == 145)
        #expect(sent(404, userAgent: chrome, context: ResponseContext(version: .http09)).body.utf8.count == 153)
        var off = settings
        off.padsErrorPages = false
        let (_, _, body) = ErrorPage(404, server: "nginx").response(
            browser: BrowserGuess(userAgent: chrome), context: ResponseContext(), settings: off,
            because: Explanation(because: "test"))
        #expect(!String(decoding: body, as: UTF8.self).contains("padding"))
    }

    @Test("of what is in the head already, a page drops the last ETag, Last-Modified and Accept-Ranges line")
    func cleared() {
        var out = HeadersOut(status: 200)
        for name in ["ETag", "Accept-Ranges", "Set-Cookie", "accept-ranges"] as [ByteString] {
            out.append(name, "x", .backend, Explanation(because: "test"))
        }
        let (page, _, _) = ErrorPage(404, server: "nginx").response(
            into: out, browser: BrowserGuess(userAgent: nil), context: ResponseContext(), settings: settings,
            because: Explanation(because: "test"))
        #expect(page.lines.filter(\.isSent).map(\.header.field.name) == ["Accept-Ranges", "Set-Cookie"])
    }

    @Test("a HEAD request gets the head alone")
    func head() {
        let sent = sent(404, context: ResponseContext(isHEAD: true))
        #expect(sent.head.contains("Content-Length: 153\r\n"))
        #expect(sent.body.isEmpty)
    }

    @Test("a redirect of nginx's own is made absolute and stands before Connection")
    func redirect() {
        var settings = settings
        settings.redirectBase = RedirectBase(usesTLS: true, host: "a.test", port: 443, showsPort: true)
        var out = HeadersOut(status: 301)
        out.redirect(to: "/ws/?a=1", Explanation(because: "the location ends in a slash"))
        let (redirect, context, _) = ErrorPage(301, server: "nginx").response(
            into: out, browser: BrowserGuess(userAgent: nil), context: ResponseContext(), settings: settings,
            because: Explanation(because: "test"))
        let response = ResponseHeaderFilter(settings).head(redirect, context: context, at: .epoch)
        let names = response.response?.headers.map(\.field.name)
        #expect(names == ["Server", "Date", "Content-Type", "Content-Length", "Location", "Connection"])
        #expect(response.response?.head.headers.first("Location") == "https://a.test/ws/?a=1")
    }
}
