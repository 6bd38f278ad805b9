import HTTPWire
import ProxyModel
import Testing
import WireBasics

/// Each pair is the last release with the old behaviour, and the first with the new one; nginx's change log names them.
@Suite("Releases of nginx")
struct VersionTests {
    private static let page = EngineBench.Backend.answers("HTTP/1.1 200 OK\nContent-Length: 2\n\nok")

    private func status(
        _ request: String, _ version: String, server: String = "location / { return 200; }"
    ) throws -> Int? {
        var bench = try EngineBench(server: server, version: version, backends: ["127.0.0.1:3000": [Self.page]])
        return bench.send(request).status
    }

    @Test(
        "a request is taken or refused as in its release",
        arguments: [
            ("GET http://app.test?x HTTP/1.1\nHost: a\n\n", "1.18.0", 400),
            ("GET http://app.test?x HTTP/1.1\nHost: a\n\n", "1.19.6", 200),
            ("POST / HTTP/1.0\nTransfer-Encoding: chunked\n\n0\n\n", "1.21.1", 200),
            ("POST / HTTP/1.0\nTransfer-Encoding: chunked\n\n0\n\n", "1.21.2", 400),
            ("CONNECT app.test:80 HTTP/1.1\nHost: a\n\n", "1.29.2", 400),
            ("CONNECT app.test:80 HTTP/1.1\nHost: a\n\n", "1.29.3", 405),
            ("CONNECT app.test: HTTP/1.1\nHost: a\n\n", "1.29.8", 405),
            ("CONNECT app.test: HTTP/1.1\nHost: a\n\n", "1.31.0", 400),
        ])
    func requests(request: String, version: String, expected: Int) throws {
        #expect(try status(request, version) == expected)
    }

    @Test(
        "a changed URI is escaped as in its release",
        arguments: [("1.21.0", "/x/\"{}"), ("1.21.1", "/x/%22%7B%7D")])
    func escapes(version: String, target: String) throws {
        var bench = try EngineBench(
            server: "location /a { proxy_pass http://127.0.0.1:3000/x; }", version: version,
            backends: ["127.0.0.1:3000": [Self.page]])
        let result = bench.send("GET /a/%22{} HTTP/1.1\nHost: a\n\n")
        #expect(result.head.first == "GET \(target) HTTP/1.0")
    }

    @Test(
        "the redirect that adds a slash escapes its target since 1.21.0",
        arguments: [("1.20.2", "/a b/"), ("1.21.0", "/a%20b/")])
    func slashRedirect(version: String, target: String) throws {
        var bench = try EngineBench(
            server: "absolute_redirect off; location \"/a b/\" { proxy_pass http://127.0.0.1:3000; }", version: version)
        let result = bench.send("GET /a%20b HTTP/1.1\nHost: a\n\n")
        #expect(result.status == 301)
        #expect(result.responses.first?.head.headers.first("Location")?.latin1 == target)
    }

    @Test(
        "a server that is down is a try before 1.19.6, and then none is left alive",
        arguments: [("1.18.0", "no live upstreams"), ("1.19.6", "Connection refused")])
    func downServers(version: String, because: String) throws {
        var bench = try EngineBench(
            http: """
                upstream app { server 127.0.0.1:3000; server 127.0.0.1:3001 down; }
                server { listen 127.0.0.1:80; location / { proxy_pass http://app; } }
                """, version: version, backends: ["127.0.0.1:3000": [.refuses]])
        let result = bench.send("GET / HTTP/1.1\nHost: a\n\n")
        #expect(result.status == 502)
        #expect(result.responses.first?.decided?.because.contains(because) == true)
    }

    @Test(
        "what a backend sends too much goes on before 1.19.1",
        arguments: [("1.19.0", "\n\nokmore"), ("1.19.1", "\n\nok")])
    func extraData(version: String, end: String) throws {
        var bench = try EngineBench(
            server: "location / { proxy_pass http://127.0.0.1:3000; }", version: version,
            backends: ["127.0.0.1:3000": [.answers("HTTP/1.1 200 OK\nContent-Length: 2\n\nokmore")]])
        #expect(bench.send("GET / HTTP/1.1\nHost: a\n\n").client.hasSuffix(end))
    }

    @Test(
        "an intercepted 401 keeps every challenge since 1.23.0",
        arguments: [("1.22.1", ["Basic"]), ("1.23.0", ["Basic", "Bearer"])])
    func challenges(version: String, expected: [String]) throws {
        var bench = try EngineBench(
            server: """
                location / { proxy_pass http://127.0.0.1:3000; proxy_intercept_errors on; error_page 401 /no; }
                location = /no { return 401; }
                """, version: version,
            backends: [
                "127.0.0.1:3000": [
                    .answers(
                        "HTTP/1.1 401 No\nWWW-Authenticate: Basic\nWWW-Authenticate: Bearer\nContent-Length: 0\n\n")
                ]
            ])
        let head = bench.send("GET / HTTP/1.1\nHost: a\n\n").responses.first?.head
        #expect(head?.headers.values("WWW-Authenticate").map(\.latin1) == expected)
    }

    @Test("from 1.29.7 an upstream block keeps connections, and an address in proxy_pass keeps none")
    func keptConnections() throws {
        for (target, isKept) in [("app", true), ("127.0.0.1:3000", false)] {
            var bench = try EngineBench(
                http: """
                    upstream app { server 127.0.0.1:3000; }
                    server { listen 127.0.0.1:80; location / { proxy_pass http://\(target); } }
                    """, version: "1.31.4", backends: ["127.0.0.1:3000": [Self.page]])
            _ = bench.send("GET / HTTP/1.1\nHost: a\n\n")
            let result = bench.send("GET / HTTP/1.1\nHost: a\n\n")
            #expect(result.status == 200)
            #expect(result.connects.isEmpty == isKept)
        }
    }
}
