import HTTPWire
import ProxyModel
import Testing
import WireBasics

@Suite("Which server and which location")
struct RoutingTests {
    private static let servers = """
        server { listen 127.0.0.1:80; server_name first.test; location / { return 200 first; } }
        server { listen 127.0.0.1:80; server_name a.test b.test; location / { return 200 exact; } }
        server { listen 127.0.0.1:80; server_name *.a.test .dot.test; location / { return 200 "wild $server_name"; } }
        server { listen 127.0.0.1:80; server_name mail.*; location / { return 200 tail; } }
        server { listen 127.0.0.1:80; server_name ~^(?<who>[a-z]+)\\.re\\.test$; location / { return 200 $who; } }
        server { listen 80; server_name a.test; location / { return 200 any-address; } }
        """

    @Test(
        "a name is looked for exactly, then by its longest wildcard, then by expressions, else the first server takes it",
        arguments: [
            ("a.test", "exact"), ("A.TEST.:8080", "exact"), ("x.a.test", "wild *.a.test"),
            ("dot.test", "wild *.a.test"),
            ("deep.er.dot.test", "wild *.a.test"), ("mail.example", "tail"), ("mail.a.test", "wild *.a.test"),
            ("who.re.test", "who"), ("nobody.test", "first"),
        ])
    func serverNames(host: String, expected: String) throws {
        var bench = try EngineBench(http: Self.servers)
        let result = bench.send("GET / HTTP/1.1\nHost: \(host)\n\n")
        #expect(result.client.hasSuffix("\n\n" + expected))
    }

    @Test("the most exact address wins before any name is compared")
    func addresses() throws {
        var bench = try EngineBench(http: Self.servers)
        let result = bench.send("GET / HTTP/1.1\nHost: b.test\n\n", at: "127.0.0.2:80")
        #expect(result.client.hasSuffix("any-address"))
    }

    private static let locations = """
        location = /exact { return 200 exact; }
        location / { return 200 root; }
        location /a { return 200 a; location /a/b { return 200 ab; location ~ c$ { return 200 abc; } } }
        location ^~ /img { return 200 img; }
        location ~* \\.JS$ { return 200 js; }
        location ~ ^/(\\d+)/ { return 200 "n$1"; }
        location /dir/ { proxy_pass http://127.0.0.1:3000; }
        location @named { return 200 named; }
        location /try { try_files $uri @named; }
        location /in { internal; return 200 internal; }
        """

    @Test(
        "= wins, the longest prefix is remembered, regexes come before it unless it says ^~",
        arguments: [
            ("/exact", "exact"), ("/%65xact", "exact"), ("//exact", "exact"), ("/exact/", "root"), ("/a/x", "a"),
            ("/a/b/x", "ab"), ("/a/b/c", "abc"), ("/a/b/x.js", "js"), ("/img/x.js", "img"), ("/42/x", "n42"),
            ("/try/x", "named"), ("/A", "root"),
        ])
    func locations(target: String, expected: String) throws {
        var bench = try EngineBench(server: Self.locations)
        let result = bench.send("GET \(target) HTTP/1.1\nHost: app.test\n\n")
        #expect(result.client.hasSuffix("\n\n" + expected))
    }

    @Test("a handshake that lacks the final slash of the location is redirected, and the reason names the location")
    func slash() throws {
        var bench = try EngineBench(server: Self.locations)
        let response = try #require(bench.send(EngineBench.handshake("/dir?a=b")).responses.first)
        #expect(response.head.status == 301)
        #expect(response.head.headers.first("Location") == "http://app.test/dir/?a=b")
        #expect(response.decided?.mend.contains("location = /dir") == true)
    }

    @Test("an internal location is not there for clients")
    func internalLocation() throws {
        var bench = try EngineBench(server: Self.locations)
        #expect(bench.send("GET /in HTTP/1.1\nHost: app.test\n\n").status == 404)
    }

    @Test(
        "rewrite lines run in order, and an if is true unless empty or 0",
        arguments: [
            ("if ($arg_a) { return 200 yes; } return 200 no;", "/?a=1", "yes"),
            ("if ($arg_a) { return 200 yes; } return 200 no;", "/?a=0", "no"),
            ("if ($http_upgrade = websocket) { return 200 ws; } return 200 http;", "/", "http"),
            ("if ($uri ~ ^/(x+)) { return 200 $1; } return 200 none;", "/xxy", "xx"),
            ("set $a 1; set $a \"${a}2\"; return 200 $a;", "/", "12"),
            ("rewrite ^/one(.*)$ /two$1; rewrite ^/two(.*)$ /three$1 break; return 200 $uri;", "/one/x", ""),
        ])
    func rewriting(lines: String, target: String, expected: String) throws {
        var bench = try EngineBench(server: "location / { \(lines) }")
        let result = bench.send("GET \(target) HTTP/1.1\nHost: app.test\n\n")
        if expected.isEmpty {
            // `break` ends the lines: the return behind it is never reached.
            #expect(result.status == 404)
        } else {
            #expect(result.client.hasSuffix("\n\n" + expected))
        }
    }

    @Test("ten rewrites in a circle end with 500 and say so")
    func cycle() throws {
        var bench = try EngineBench(server: "location / { rewrite ^ /again last; }")
        let response = try #require(bench.send("GET / HTTP/1.1\nHost: app.test\n\n").responses.first)
        #expect(response.head.status == 500)
        #expect(response.decided?.because.contains("cycle") == true)
    }
}
