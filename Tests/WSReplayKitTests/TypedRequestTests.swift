import Testing

@testable import WSReplayKit

@Suite("A typed request")
struct TypedRequestTests {
    /// A URL and the head that it means.
    struct Meaning: CustomTestStringConvertible {
        var url: String
        var headers: [String] = []
        var target: String
        var fields: [String]
        var port: UInt16

        var testDescription: String { ([url] + headers).joined(separator: " -H ") }
    }

    static let upgrade = [
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    ]

    @Test(
        "a URL and header lines mean a head, as curl would make it",
        arguments: [
            Meaning(url: "http://a.test", target: "/", fields: ["Host: a.test"], port: 80),
            Meaning(url: "http://a.test/b?c=d", target: "/b?c=d", fields: ["Host: a.test"], port: 80),
            Meaning(url: "http://a.test?c=d", target: "/?c=d", fields: ["Host: a.test"], port: 80),
            Meaning(url: "http://a.test/b#c", target: "/b", fields: ["Host: a.test"], port: 80),
            Meaning(url: "http://a.test:8080/", target: "/", fields: ["Host: a.test:8080"], port: 8080),
            Meaning(url: "HTTP://A.Test/", target: "/", fields: ["Host: A.Test"], port: 80),
            Meaning(url: "http://[::1]/", target: "/", fields: ["Host: [::1]"], port: 80),
            Meaning(url: "http://[::1]:81/", target: "/", fields: ["Host: [::1]:81"], port: 81),
            Meaning(url: "ws://a.test/chat", target: "/chat", fields: ["Host: a.test"] + upgrade, port: 80),
            Meaning(
                url: "http://a.test/", headers: ["Accept: a, b", "X:1"], target: "/",
                fields: ["Host: a.test", "Accept: a, b", "X: 1"], port: 80),
            Meaning(
                url: "http://a.test/", headers: ["host: b.test"], target: "/", fields: ["host: b.test"], port: 80),
            Meaning(url: "http://a.test/", headers: ["Host:"], target: "/", fields: [], port: 80),
            Meaning(
                url: "http://a.test/", headers: ["X;"], target: "/", fields: ["Host: a.test", "X: "], port: 80),
            Meaning(
                url: "ws://a.test/", headers: ["Upgrade:", "Connection:"], target: "/",
                fields: ["Host: a.test", upgrade[2], upgrade[3]], port: 80),
            Meaning(
                url: "http://a.test/", headers: ["X: a:b"], target: "/", fields: ["Host: a.test", "X: a:b"], port: 80),
        ])
    func meaning(_ row: Meaning) throws {
        let request = try TypedRequest(url: row.url, headers: row.headers)
        let place = try #require(Endpoint("127.0.0.1:80"))
        let head = request.transcript(from: place, to: place).request.head
        #expect(head.target.latin1 == row.target)
        #expect(head.headers.fields.map { "\($0.name.latin1): \($0.value.latin1)" } == row.fields)
        #expect(request.port == row.port)
        #expect(request.asksForWebSocket == row.url.lowercased().hasPrefix("ws"))
    }

    @Test("a ws:// URL is expected to be upgraded, with the accept value of RFC 6455 §1.3")
    func expectation() throws {
        let place = try #require(Endpoint("127.0.0.1:80"))
        let socket = try TypedRequest(url: "ws://a.test/", headers: ["Sec-WebSocket-Protocol: a, b"])
            .transcript(from: place, to: place)
        #expect(socket.kind == .websocket)
        #expect(socket.response?.head.status == 101)
        #expect(socket.response?.head.headers.first("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(socket.response?.head.headers.first("Sec-WebSocket-Protocol") == "a")
        let page = try TypedRequest(url: "http://a.test/", headers: []).transcript(from: place, to: place)
        #expect(page.kind == .http)
        #expect(page.response?.head.status == 200)
        #expect(page.tunnel == nil)
    }

    @Test(
        "a URL that cannot be tried is refused with the reason and an example",
        arguments: [
            ("a.test/chat", "there is no scheme"), ("", "there is no scheme"),
            ("ftp://a.test/", "the scheme is neither ws nor http"),
            ("wss://a.test/", "behind TLS"), ("HTTPS://a.test/", "behind TLS"),
            ("ws://", "host or path cannot be read"), ("ws:///chat", "host or path cannot be read"),
            ("ws://:80/", "host or path cannot be read"), ("ws://u:p@a.test/", "host or path cannot be read"),
            ("ws://a.test/a b", "host or path cannot be read"), ("ws://a.test/a\nb", "host or path cannot be read"),
            ("ws://a test/", "host or path cannot be read"), ("ws://a\r\nX: 1/", "host or path cannot be read"),
            ("ws://a.test:x/", "the port is not a number from 1 to 65535"),
            ("ws://a.test:/", "the port is not a number from 1 to 65535"),
            ("ws://a.test:0/", "the port is not a number from 1 to 65535"),
            ("ws://a.test:65536/", "the port is not a number from 1 to 65535"),
        ])
    func badURL(_ url: String, _ reason: String) throws {
        let error = try #require(throws: UserError.self) { try TypedRequest(url: url, headers: []) }
        #expect(error.message.hasPrefix("`"))
        #expect(error.message.contains("` cannot be tried: "))
        #expect(error.message.contains(reason), "\(error.message)")
        #expect(!error.message.contains("\n"))
        #expect(error.mend == "write for example ws://example.com/chat or http://127.0.0.1:8080/")
    }

    @Test(
        "a line that is no header line is refused with the three forms that there are",
        arguments: ["Origin", "", ": a", ";", "A: b\r\nC: d", "A: b\nC"])
    func badHeader(_ line: String) throws {
        let error = try #require(throws: UserError.self) { try TypedRequest(url: "ws://a.test/", headers: [line]) }
        #expect(error.message.hasSuffix("` is no header line"))
        #expect(!error.message.contains("\n"))
        #expect(error.mend.contains("-H 'Name: value'"))
    }

    /// A URL, the places that a configuration listens at, and the one that is taken.
    struct Choice: CustomTestStringConvertible {
        var url: String
        var listens: [String]
        var taken: String

        var testDescription: String { "\(url) among \(listens.joined(separator: ", "))" }
    }

    @Test(
        "the listener is the one of the address, of the port, or the only one",
        arguments: [
            Choice(url: "ws://127.0.0.1:81/", listens: ["80", "81"], taken: "127.0.0.1:81"),
            Choice(url: "ws://10.0.0.1:80/", listens: ["10.0.0.1:80", "80"], taken: "10.0.0.1:80"),
            Choice(url: "ws://10.0.0.2:80/", listens: ["10.0.0.1:80", "80"], taken: "10.0.0.2:80"),
            Choice(url: "ws://a.test/", listens: ["80", "81"], taken: "127.0.0.1:80"),
            Choice(url: "ws://a.test:81/", listens: ["80", "127.0.0.5:81"], taken: "127.0.0.5:81"),
            Choice(url: "ws://a.test/", listens: ["8080"], taken: "127.0.0.1:8080"),
            Choice(url: "ws://a.test/", listens: ["[::]:8080"], taken: "[::1]:8080"),
            Choice(url: "ws://[::1]:80/", listens: ["80", "[::]:80"], taken: "[::1]:80"),
        ])
    func listener(_ row: Choice) throws {
        let servers = row.listens.map { "server { listen \($0); return 200 ok; }" }.joined(separator: "\n")
        let run = try Try(
            url: row.url.replacing("ws:", with: "http:"), proxies: [ProxyChoice(path: "nginx.conf")],
            source: TextSource.nginx(servers)
        ).run()
        #expect(run.sessions.first?.transcript.server.description == row.taken)
        #expect(run.sessions.first?.outcome.status == 200)
    }

    @Test("where several listeners could be meant and none has the port, the message lists them")
    func noListener() throws {
        let source = TextSource.nginx("server { listen 80; }\nserver { listen 127.0.0.1:81; }")
        let error = try #require(throws: UserError.self) {
            try Try(url: "http://a.test:9/", proxies: [ProxyChoice(path: "nginx.conf")], source: source).run()
        }
        #expect(error.message == "nginx.conf does not listen at port 9; it listens at 0.0.0.0:80, 127.0.0.1:81")
        #expect(error.mend == "put the port into the URL, or name the listener with --at")
    }
}
