import HTTPWire
import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

/// 2023-11-14 22:13:20 UTC.
private let now = CaptureInstant(nanoseconds: 1_700_000_000_123_000_000)
private func line(_ number: Int) -> ConfigLocation {
    ConfigLocation(file: "nginx.conf", line: number)
}

/// The head that the client gets for a backend's, without the `Date` line.
private func filtered(
    _ backend: String, context: ResponseContext = ResponseContext(), rules: UpstreamResponseParser.Rules = .init(),
    _ change: (inout ResponseSettings) -> Void = { _ in }
) throws -> (text: [String], response: FilteredResponse) {
    var parser = UpstreamResponseParser(rules: rules)
    parser.receive(Array((backend.replacing("\n", with: "\r\n") + "\r\n\r\n").utf8))
    guard case .head(let head) = try parser.nextEvent() else { throw NoHead() }
    var settings = ResponseSettings(product: "nginx/1.22.1")
    change(&settings)
    let filter = ResponseHeaderFilter(settings)
    let response = filter.head(filter.upstream(head), context: context, at: now)
    return (lines(response), response)
}

private func lines(_ response: FilteredResponse) -> [String] {
    let text = String(decoding: response.response?.head.bytes ?? [], as: UTF8.self)
    return text.split(separator: "\r\n").map(String.init).filter { $0 != "Date: Tue, 14 Nov 2023 22:13:20 GMT" }
}

private struct NoHead: Error {}

@Suite("ResponseHeaderFilter")
struct ResponseHeaderFilterTests {
    @Test("a switch: Server, Date, Connection: upgrade, then the backend's lines in their order and spelling")
    func switching() throws {
        let result = try filtered(
            """
            HTTP/1.1 101 Switching Protocols
            upgrade: WebSocket
            Connection: Upgrade
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
            X-Empty:
            x_y: 1
            Date: yesterday
            Server: mine
            Keep-Alive: timeout=5
            Via: 1.1 a
            """)
        #expect(
            result.text == [
                "HTTP/1.1 101 Switching Protocols", "Server: nginx/1.22.1", "Connection: upgrade", "upgrade: WebSocket",
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "X-Empty: ", "x_y: 1", "Via: 1.1 a",
            ])
        #expect(result.response.keepsConnection)
        #expect(!result.response.isChunked)
        let lost = result.response.response?.lost.map(\.field.name)
        #expect(lost == ["Connection", "Date", "Server", "Keep-Alive"])
    }

    @Test("nginx never adds an Upgrade line, and a 101 keeps the length that it came with")
    func oddSwitch() throws {
        let result = try filtered("HTTP/1.1 101 Switching Protocols\nContent-Length: 0\nContent-Type: text/plain")
        #expect(
            result.text == [
                "HTTP/1.1 101 Switching Protocols", "Server: nginx/1.22.1", "Content-Type: text/plain",
                "Content-Length: 0", "Connection: upgrade",
            ])
    }

    @Test("the lines with a place of their own come first, in nginx's order")
    func order() throws {
        let result = try filtered(
            """
            HTTP/1.0 200 Fine
            Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT
            X-First: 1
            Content-Length: 5
            content-type: text/plain; charset=x
            ETag: "e"
            """)
        #expect(
            result.text == [
                "HTTP/1.1 200 Fine", "Server: nginx/1.22.1", "Content-Type: text/plain; charset=x", "Content-Length: 5",
                "Connection: keep-alive", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT", "X-First: 1", "ETag: \"e\"",
            ])
    }

    @Test("a body of unknown length is chunked for HTTP/1.1 and closes the connection of an HTTP/1.0 client")
    func unknownLength() throws {
        let new = try filtered("HTTP/1.1 403 Forbidden\nTransfer-Encoding: chunked")
        #expect(
            new.text == [
                "HTTP/1.1 403 Forbidden", "Server: nginx/1.22.1", "Transfer-Encoding: chunked",
                "Connection: keep-alive",
            ])
        #expect(new.response.isChunked)
        let old = try filtered("HTTP/1.1 403 Forbidden", context: ResponseContext(version: .http10))
        #expect(old.text == ["HTTP/1.1 403 Forbidden", "Server: nginx/1.22.1", "Connection: close"])
        #expect(!old.response.keepsConnection)
        let off = try filtered("HTTP/1.1 403 Forbidden") { $0.allowsChunked = false }
        #expect(!off.response.isChunked && !off.response.keepsConnection)
        let head = try filtered("HTTP/1.1 200 OK", context: ResponseContext(isHEAD: true))
        #expect(!head.response.isChunked && head.response.keepsConnection && head.response.isHeaderOnly)
        let none = try filtered("HTTP/1.1 204 No Content")
        #expect(!none.response.isChunked && none.response.keepsConnection)
    }

    @Test("a client of HTTP/0.9 gets no head")
    func http09() throws {
        let result = try filtered("HTTP/1.1 200 OK", context: ResponseContext(version: .http09))
        #expect(result.response.response == nil)
    }

    @Test("keepalive_timeout's second parameter is the Keep-Alive line, on kept connections only")
    func keepAliveLine() throws {
        let kept = try filtered("HTTP/1.1 204 No Content") { $0.keepaliveHeader = 20 }
        #expect(kept.text.suffix(2) == ["Connection: keep-alive", "Keep-Alive: timeout=20"])
        let closed = try filtered("HTTP/1.1 204 No Content", context: ResponseContext(keepsConnection: false)) {
            $0.keepaliveHeader = 20
        }
        #expect(closed.text.last == "Connection: close")
    }

    @Test(
        "server_tokens decides how nginx names itself",
        arguments: [(.on, "nginx/1.22.1"), (.off, "nginx"), (.build("x"), "nginx/1.22.1 (x)")]
            as [(ServerTokens, String)])
    func serverTokens(tokens: ServerTokens, name: String) throws {
        #expect(try filtered("HTTP/1.1 204 N") { $0.serverTokens = tokens }.text[1] == "Server: \(name)")
    }

    @Test("proxy_pass_header passes the backend's Server and Date, or leaves them out where there is none")
    func passHeader() throws {
        let pass = { (settings: inout ResponseSettings) in
            settings.passed = ["Server", "date", "X-Accel-Expires"].map { NamedHeader(name: $0, source: line(7)) }
        }
        let both = try filtered("HTTP/1.1 204 N\nX: 1\nServer: b\nDate: d\nX-Accel-Expires: 5\nX-Pad: p", pass)
        #expect(
            both.text == [
                "HTTP/1.1 204 N", "Connection: keep-alive", "X: 1", "Server: b", "Date: d", "X-Accel-Expires: 5",
            ])
        #expect(try filtered("HTTP/1.1 204 N", pass).text == ["HTTP/1.1 204 N", "Connection: keep-alive"])
    }

    @Test("proxy_hide_header drops a line and says so; proxy_pass_header wins over it")
    func hideHeader() throws {
        let result = try filtered("HTTP/1.1 204 N\nX-Secret: 1\nx-secret: 2\nX-Both: 3") { settings in
            settings.hidden = [
                NamedHeader(name: "X-SECRET", source: line(3)), NamedHeader(name: "X-Both", source: nil),
            ]
            settings.passed = [NamedHeader(name: "X-Both", source: nil)]
        }
        #expect(result.text.suffix(2) == ["Connection: keep-alive", "X-Both: 3"])
        #expect(result.response.response?.lost.map(\.explanation.source) == [line(3), line(3)])
    }

    @Test("a Content-Length that counts cannot be hidden")
    func hiddenLength() throws {
        let result = try filtered("HTTP/1.1 200 OK\nContent-Length: 5") { settings in
            settings.hidden = [NamedHeader(name: "Content-Length", source: nil)]
        }
        #expect(result.text.contains("Content-Length: 5"))
    }

    @Test(
        "add_header without always is for ten statuses, and 101 is none of them",
        arguments: [
            (101, false), (200, true), (201, true), (202, false), (204, true), (206, true), (300, false), (301, true),
            (302, true), (303, true), (304, true), (307, true), (308, true), (400, false), (426, false), (502, false),
        ])
    func addHeader(status: Int, isAdded: Bool) throws {
        let result = try filtered("HTTP/1.1 \(status) X\nSec-WebSocket-Accept: a") { settings in
            settings.added = [
                AddedHeader(name: "X-Some", value: "1", isAlways: false, source: line(4)),
                AddedHeader(name: "Sec-WebSocket-Accept", value: "b", isAlways: true, source: line(5)),
                AddedHeader(name: "X-None", value: "", isAlways: true, source: line(6)),
            ]
        }
        let added = isAdded ? ["X-Some: 1"] : []
        #expect(
            result.text.suffix(2 + added.count) == ["Sec-WebSocket-Accept: a"] + added + ["Sec-WebSocket-Accept: b"])
        #expect(result.response.notes.map(\.source) == (isAdded ? [] : [line(4)]))
    }

    @Test("add_header replaces ETag and Last-Modified, and an empty value takes them away")
    func replacingAddHeader() throws {
        let result = try filtered("HTTP/1.1 200 OK\nContent-Length: 0\nETag: old\nLast-Modified: old") { settings in
            settings.added = [
                AddedHeader(name: "etag", value: "new", isAlways: false, source: nil),
                AddedHeader(name: "Last-Modified", value: "", isAlways: false, source: nil),
            ]
        }
        #expect(result.text.suffix(2) == ["Connection: keep-alive", "etag: new"])
    }

    @Test("expires replaces the backend's Expires and Cache-Control, where the status allows it")
    func expires() throws {
        let rule = { (settings: inout ResponseSettings) in
            settings.expires = ExpiresRule(form: .access(3600), source: line(8))
        }
        let result = try filtered("HTTP/1.1 200 OK\nContent-Length: 0\nCache-Control: a\nX: 1\nCache-Control: b", rule)
        #expect(
            result.text.suffix(3) == ["Cache-Control: max-age=3600", "X: 1", "Expires: Tue, 14 Nov 2023 23:13:20 GMT"])
        #expect(try filtered("HTTP/1.1 101 S\nCache-Control: a", rule).text.last == "Cache-Control: a")
    }

    @Test("a Location that proxy_redirect rewrites to a path is made absolute and moves up; others stay as they are")
    func location() throws {
        let rules = { (settings: inout ResponseSettings) in
            settings.redirects = [
                .standard(url: "http://127.0.0.1:3000", hasURI: false, location: "/ws/", source: line(9))
            ]
            settings.redirectBase = RedirectBase(usesTLS: false, host: "a.test", port: 8080, showsPort: true)
        }
        let rewritten = try filtered(
            "HTTP/1.1 302 F\nX: 1\nContent-Length: 0\nLocation: http://127.0.0.1:3000/x?y", rules)
        #expect(
            rewritten.text.dropFirst(2) == [
                "Content-Length: 0", "Location: http://a.test:8080/x?y", "Connection: keep-alive", "X: 1",
            ])
        for untouched in ["/relative", "http://localhost:3000/x", "https://127.0.0.1:3000/"] {
            let result = try filtered("HTTP/1.1 302 F\nLocation: \(untouched)\nContent-Length: 0\nX: 1", rules)
            #expect(result.text.suffix(2) == ["Location: \(untouched)", "X: 1"])
        }
        let relative = try filtered("HTTP/1.1 302 F\nContent-Length: 0\nlocation: http://127.0.0.1:3000/x") {
            settings in
            rules(&settings)
            settings.redirectBase = nil
        }
        #expect(relative.text.last == "location: /x")
    }

    @Test("Refresh is rewritten behind url=, cookies by their rules, on a 101 as well")
    func refreshAndCookies() throws {
        let result = try filtered(
            "HTTP/1.1 101 S\nRefresh: 5; URL=http://b/x\nSet-Cookie: a=1; Path=/app; Domain=.B.test"
        ) {
            settings in
            settings.redirects = [RedirectRule(pattern: .prefix("http://b/", replacement: "/y/"), source: nil)]
            settings.cookies.paths = [RedirectRule(pattern: .prefix("/app", replacement: "/"), source: line(2))]
            settings.cookies.domains = [
                RedirectRule(pattern: .domain("b.test", replacement: "c.test"), source: line(3))
            ]
        }
        #expect(result.text.suffix(2) == ["Refresh: 5; URL=/y/x", "Set-Cookie: a=1; Path=/; Domain=.c.test"])
    }

    @Test("X-Accel lines are instructions, unless proxy_ignore_headers says otherwise")
    func instructions() throws {
        var parser = UpstreamResponseParser()
        parser.receive(
            Array(
                "HTTP/1.1 101 S\r\nX-Accel-Redirect: /a\r\nX-Accel-Redirect: /b\r\nX-Accel-Buffering: NO\r\nX-Accel-Limit-Rate: 7\r\n\r\n"
                    .utf8))
        guard case .head(let head) = try parser.nextEvent() else { throw NoHead() }
        var settings = ResponseSettings(product: "nginx/1.22.1")
        let obeyed = UpstreamInstructions(head, settings: settings)
        #expect(obeyed.redirect == "/a")
        #expect(obeyed.buffering == false)
        #expect(obeyed.limitRate == 7)
        settings.ignored = ["x-accel-redirect", "x-accel-buffering"]
        let ignoring = UpstreamInstructions(head, settings: settings)
        #expect(ignoring.redirect == nil)
        #expect(ignoring.buffering == nil)
    }

    @Test(
        "the charset of one Content-Type line is added to a later one that has none",
        arguments: [
            ("text/plain; charset=utf-8", "text/html", "text/html; charset=utf-8"),
            ("text/plain;  Charset=\"x y\"", "text/html; q=1", "text/html; q=1; charset=x y"),
            ("text/plain; charset=a", "text/html; charset=b", "text/html; charset=b"),
            ("text/plain", "text/html", "text/html"),
        ])
    func charset(first: String, second: String, expected: String) throws {
        let result = try filtered("HTTP/1.1 200 OK\nContent-Length: 0\nContent-Type: \(first)\nContent-Type: \(second)")
        #expect(result.text[2] == "Content-Type: \(expected)")
    }

    @Test("after X-Accel-Redirect six lines of the backend's head are kept")
    func accelRedirect() throws {
        var parser = UpstreamResponseParser()
        parser.receive(Array("HTTP/1.1 200 OK\r\nX: 1\r\nSet-Cookie: a\r\nContent-Type: t\r\nETag: e\r\n\r\n".utf8))
        guard case .head(let head) = try parser.nextEvent() else { throw NoHead() }
        let out = ResponseHeaderFilter(ResponseSettings(product: "nginx/1.22.1")).accelRedirect(head)
        #expect(out.lines.map(\.header.field) == [HeaderField("Set-Cookie", "a")])
        #expect(out.contentType?.field.value == "t")
        #expect(out.lost.count == 2)
    }

    @Test("a 103 goes to HTTP/1.1 clients with the lines that are not hidden")
    func earlyHints() throws {
        var rules = UpstreamResponseParser.Rules()
        rules.passesEarlyHints = true
        var parser = UpstreamResponseParser(rules: rules)
        parser.receive(Array("HTTP/1.1 103 E\r\nLink: </a>\r\nServer: s\r\n\r\n".utf8))
        guard case .earlyHints(let head) = try parser.nextEvent() else { throw NoHead() }
        let filter = ResponseHeaderFilter(ResponseSettings(product: "nginx/1.31.4"))
        let hints = filter.earlyHints(head, context: ResponseContext())
        #expect(
            hints.map { String(decoding: $0.head.bytes, as: UTF8.self) }
                == "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        #expect(filter.earlyHints(head, context: ResponseContext(version: .http10)) == nil)
    }

    @Test("every line says where it comes from")
    func origins() throws {
        let result = try filtered("HTTP/1.1 200 OK\nContent-Length: 1\nX: 1") { settings in
            settings.added = [AddedHeader(name: "Y", value: "2", isAlways: false, source: line(5))]
        }
        let origins = result.response.response?.headers.map { "\($0.field.name): \($0.origin.rawValue)" }
        #expect(
            origins == [
                "Server: default", "Date: default", "Content-Length: backend", "Connection: default", "X: backend",
                "Y: directive",
            ])
        #expect(result.response.response?.headers.last?.explanation.source == line(5))
    }
}
