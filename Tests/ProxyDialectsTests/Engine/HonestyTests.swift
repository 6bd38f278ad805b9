import ProxyModel
import Testing
import WireBasics

@Suite("What the model cannot know is said, and only where it matters")
struct HonestyTests {
    private static let browser = "GET / HTTP/1.1\nHost: app.test\nAccept-Encoding: gzip\n\n"

    @Test("a line that is not modelled is named for each request of a connection, not for the first alone")
    func eachRequest() throws {
        var bench = try EngineBench(server: "location / { userid on; return 200 x; }")
        let one = "GET / HTTP/1.1\nHost: app.test\n\n"
        let named = bench.send(one + one).unmodelled
        #expect(named.map(\.source?.line) == [4, 4])
        #expect(
            named.allSatisfy { $0.because.contains("adds a Set-Cookie field") && $0.mend.contains("`userid off;`") })
    }

    @Test(
        "whether a file is there leaves an ordinary answer open, and a handshake refused for certain",
        arguments: [
            "location / { root e; }", "location / { root e; try_files $uri $uri/ /index.html; }",
            "location / { root e; try_files $uri =404; }",
        ])
    func files(server: String) throws {
        var bench = try EngineBench(server: server)
        let page = bench.send(Self.browser)
        #expect(page.unmodelled.contains { $0.because.contains("the model has no files") })
        let handshake = bench.send(EngineBench.handshake())
        #expect(handshake.unmodelled.isEmpty)
        #expect([404, 500].contains(handshake.status))
        #expect(handshake.responses.first?.decided?.mend.contains("proxy_pass") == true)
    }

    @Test(
        "a filter that changes the body of an answer is named where it acts, and nowhere else",
        arguments: [
            ("gzip on;", "text/html", 64, true), ("gzip on;", "text/html", 5, false),
            ("gzip on;", "application/json", 64, false),
            ("gzip on; gzip_types application/json;", "application/json", 64, true),
            ("gzip off;", "text/html", 64, false),
            ("sub_filter a b;", "text/html", 64, true), ("sub_filter a b;", "text/css", 64, false),
            ("ssi on;", "text/html", 64, true), ("charset utf-8;", "text/plain", 64, true),
            ("charset utf-8;", "text/plain; charset=koi8-r", 64, false), ("add_after_body /x;", "text/html", 64, true),
        ])
    func bodyFilters(line: String, type: String, length: Int, acts: Bool) throws {
        let answer =
            "HTTP/1.1 200 OK\nContent-Type: \(type)\nContent-Length: \(length)\n\n"
            + String(repeating: "x", count: length)
        var bench = try EngineBench(
            server: "\(line) location / { proxy_pass http://127.0.0.1:3000; }",
            backends: ["127.0.0.1:3000": [.answers(answer)]])
        let result = bench.send(Self.browser)
        #expect(result.status == 200)
        #expect(result.unmodelled.contains { $0.because.contains("changes this answer") } == acts)
    }

    @Test(
        "gzip acts under its own conditions, and gzip_vary marks what it leaves alone",
        arguments: [
            ("", "1.1", "Accept-Encoding: gzip", true), ("", "1.1", "X: y", false),
            ("", "1.0", "Accept-Encoding: gzip", false),
            ("gzip_http_version 1.0;", "1.0", "Accept-Encoding: gzip", true),
            ("gzip_min_length 100;", "1.1", "Accept-Encoding: gzip", false), ("gzip_vary on;", "1.1", "X: y", true),
            ("", "1.1", "Accept-Encoding: gzip\nVia: 1.1 x", false),
            ("gzip_proxied any;", "1.1", "Accept-Encoding: gzip\nVia: 1.1 x", true),
        ])
    func gzip(line: String, version: String, header: String, acts: Bool) throws {
        let answer =
            "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 64\n\n" + String(repeating: "x", count: 64)
        var bench = try EngineBench(
            server: "gzip on; \(line) location / { proxy_pass http://127.0.0.1:3000; }",
            backends: ["127.0.0.1:3000": [.answers(answer)]])
        let result = bench.send("GET / HTTP/\(version)\nHost: a\n\(header)\n\n")
        #expect(result.unmodelled.contains { $0.because.contains("changes this answer") } == acts)
    }

    @Test("trailers are named where they would be passed on", arguments: [("chunked", true), ("identity", false)])
    func trailers(encoding: String, acts: Bool) throws {
        let framing = encoding == "chunked" ? "Transfer-Encoding: chunked\n\n2\nok\n0\n\n" : "Content-Length: 2\n\nok"
        var bench = try EngineBench(
            server: "location / { proxy_pass http://127.0.0.1:3000; proxy_pass_trailers on; }", version: "1.28.0",
            backends: ["127.0.0.1:3000": [.answers("HTTP/1.1 200 OK\n" + framing)]])
        let result = bench.send("GET / HTTP/1.1\nHost: a\n\n")
        #expect(result.unmodelled.contains { $0.because.contains("proxy_pass_trailers") } == acts)
    }

    @Test(
        "failures that other requests met leave a 502 open where several workers count for themselves",
        arguments: [
            ("", "", false), ("worker_processes 2;", "", true), ("worker_processes 2;", "zone app 64k;", false),
        ])
    func workers(main: String, line: String, isOpen: Bool) throws {
        var bench = try EngineBench(
            http: """
                upstream app { \(line) server 127.0.0.1:3000; server 127.0.0.1:3001; }
                server { listen 127.0.0.1:80; location / { proxy_pass http://app; } }
                """, main: main, backends: ["127.0.0.1:3000": [.refuses], "127.0.0.1:3001": [.refuses]])
        let first = bench.send(Self.browser)
        #expect(first.status == 502)
        #expect(first.unmodelled.isEmpty)
        let second = bench.send(Self.browser)
        #expect(second.upstream.isEmpty)
        #expect(second.unmodelled.contains { $0.because.contains("worker_processes") } == isOpen)
    }

    @Test("a 101 passes the body filters, so that gzip leaves the verdict on a handshake alone")
    func filtersAndTunnels() throws {
        var bench = try EngineBench(
            http:
                "\(recipeMap) gzip on; sub_filter a b; server { listen 127.0.0.1:80; location / { proxy_pass http://127.0.0.1:3000; \(recipe) } }",
            backends: ["127.0.0.1:3000": [.answers(EngineBench.switching)]])
        let result = bench.send(EngineBench.handshake("/ws", "Accept-Encoding: gzip"))
        #expect(result.status == 101)
        #expect(result.unmodelled.isEmpty)
    }

    @Test(
        "a listener with http2 and without TLS takes no HTTP/1 before 1.25.1",
        arguments: [("1.22.1", false), ("1.24.0", false), ("1.25.1", true), ("1.28.0", true)])
    func plainHTTP2(version: String, works: Bool) throws {
        var bench = try EngineBench(
            http: "server { listen 127.0.0.1:80 http2; location / { return 200 x; } }", version: version)
        let result = bench.send(Self.browser)
        #expect((result.status == 200) == works)
        #expect((result.closed?.1.because.contains("takes nothing but HTTP/2") == true) == !works)
    }

    @Test("a listener that expects the PROXY protocol leaves the verdict open: captures show what follows it")
    func proxyProtocol() throws {
        var bench = try EngineBench(
            http: "server { listen 127.0.0.1:80 proxy_protocol; location / { return 200 x; } }")
        #expect(bench.send(Self.browser).unmodelled.map(\.source?.line) == [3])
    }

    @Test("of two maps for one variable the last one holds")
    func twoMaps() throws {
        var bench = try EngineBench(
            http:
                "\(recipeMap) map $http_upgrade $connection_upgrade { default keep-alive; } server { listen 127.0.0.1:80; location / { return 200 $connection_upgrade; } }"
        )
        #expect(bench.send(Self.browser).client.hasSuffix("keep-alive"))
    }
}
