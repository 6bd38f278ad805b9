import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

@Suite("What a configuration's words mean")
struct ConfigurationTests {
    @Test(
        "times are read as nginx reads them",
        arguments: [
            ("60", 60_000), ("60s", 60_000), ("500ms", 500), ("1h30m", 5_400_000), ("1d", 86_400_000), ("1m", 60_000),
            ("1M", 2_592_000_000), ("", nil), ("x", nil), ("5x", nil), ("99999999999999999999s", nil),
        ] as [(String, Int64?)])
    func times(text: String, milliseconds: Int64?) {
        #expect(DirectiveValue.time(ByteString(text)) == milliseconds.map { .milliseconds($0) })
    }

    @Test(
        "sizes know k, m and g",
        arguments: [
            ("512", 512), ("8k", 8192), ("1M", 1 << 20), ("2g", 2 << 30), ("k", nil), ("9999999999999999999g", nil),
        ]
            as [(String, Int?)])
    func sizes(text: String, bytes: Int?) {
        #expect(DirectiveValue.size(ByteString(text)) == bytes)
    }

    @Test("one line of a level's own cancels all that it would inherit, and remembers them")
    func inheritance() {
        var outer = InheritedLines<String>()
        outer.add("Upgrade", at: "http")
        outer.add("Connection", at: "http")
        var inner = outer.inherited()
        #expect(inner.lines == ["Upgrade", "Connection"])
        inner.add("X-Real-IP", at: "location /ws")
        inner.add("X-More", at: "location /ws")
        #expect(inner.lines == ["X-Real-IP", "X-More"])
        #expect(inner.cancelled == ["Upgrade", "Connection"])
        #expect(inner.level == "location /ws" && inner.cancelledLevel == "http")
    }

    @Test(
        "networks take the addresses with their leading bits",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("0.0.0.0/0", "1.2.3.4", true),
            ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("2001:db8::/32", "2001:db8::1", true),
            ("2001:db8::/65", "2001:db8::8000:0:0:1", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
            ("all", "::1", true), ("unix:", "10.0.0.1", false),
        ])
    func networks(range: String, address: String, contains: Bool) throws {
        let range = try #require(AddressRange(ByteString(range)))
        #expect(range.contains(IPAddress(address)) == contains)
    }

    @Test(
        "a host is lower-cased, its port and one final dot go, and what RFC 3986 forbids is refused since 1.29.4",
        arguments: [
            ("App.Test:80", "app.test", "app.test"), ("a.", "a", "a"), ("[::1]:80", "[::1]", "[::1]"),
            ("a..b", nil, nil), ("a/b", nil, nil), ("a b", nil, nil), (".", nil, nil), ("a:b", "a", nil),
            ("a@b", "a@b", nil), ("[::1", "[::1", nil), ("a:99999", "a", nil),
        ] as [(String, String?, String?)])
    func hosts(text: String, lenient: String?, strict: String?) {
        #expect(RequestHost.normalized(ByteString(text), strictly: false) == lenient.map { ByteString($0) })
        #expect(RequestHost.normalized(ByteString(text), strictly: true) == strict.map { ByteString($0) })
    }

    @Test(
        "proxy_pass is taken apart as nginx takes it",
        arguments: [
            ("http://app", "app", "app", ""), ("http://127.0.0.1:3000/x?y", "127.0.0.1", "127.0.0.1:3000", "/x?y"),
            ("http://app:80/", "app", "app", "/"), ("https://app:80/", "app", "app:80", "/"),
            ("http://[::1]:3000", "[::1]", "[::1]:3000", ""),
            ("http://unix:/run/a.sock:/b", "unix:/run/a.sock", "localhost", "/b"),
        ])
    func proxyTargets(url: String, host: String, authority: String, uri: String) throws {
        let target = try #require(ProxyTarget(url: ByteString(url)))
        #expect([target.host, target.authority, target.uri] == [host, authority, uri].map { ByteString($0) })
    }

    @Test(
        "split_clients falls as nginx's hash lets it fall",
        arguments: [("1x", 1), ("2x", 2), ("3x", 0), ("4x", 2), ("9x", 1)])
    func splitClients(text: String, share: Int) {
        var table = SplitClientsTable(
            subject: ComplexValue(constant: ""), source: ConfigLocation(file: "nginx.conf", line: 1))
        table.shares = [(858_993_459, "0"), (2_168_958_483, "1"), (nil, "2")]
        #expect(table.value(for: ByteString(text)) == ByteString(String(share)))
    }

    @Test(
        "every release between the oldest and the newest loads the recipe",
        arguments: ["1.18.0", "1.20.2", "1.22.1", "1.26.0", "1.28.0", "1.30.0", "1.31.4"])
    func releases(version: String) throws {
        var bench = try EngineBench(
            http:
                "\(recipeMap) server { listen 127.0.0.1:80; location / { proxy_pass http://127.0.0.1:3000; \(recipe) } }",
            version: version)
        #expect(bench.send(EngineBench.handshake()).status == 101)
        #expect(bench.proxy.product == "nginx/\(version)")
    }

    @Test("a line that is not modelled is named with its place, once it is in force")
    func unmodelledLines() throws {
        let http =
            "server { listen 127.0.0.1:80; location /a { proxy_store on; root e; } location /b { proxy_store off; root e; } }"
        var bench = try EngineBench(http: http)
        // A handshake: an ordinary answer would depend on the file as well.
        let named = bench.send("GET /a/x HTTP/1.1\nHost: a\nUpgrade: websocket\n\n").unmodelled
        #expect(named.map(\.source?.line) == [3])
        #expect(named.first?.because.contains("proxy_store") == true)
        #expect(bench.send("GET /b/x HTTP/1.1\nHost: a\nUpgrade: websocket\n\n").unmodelled.isEmpty)
    }
}
