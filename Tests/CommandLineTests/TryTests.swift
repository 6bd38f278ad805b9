import Foundation
import Testing

@Suite("try: one request, what reaches the upstream, and why")
struct TryTests {
    static let recipe = Bundled.configuration("chat")

    @Test("the recipe upgrades, and every header that reaches the upstream is printed with its origin")
    func recipe() throws {
        let ended = try Wsreplay.run("try", "ws://example.com/websocket", "--proxy", Self.recipe)
        #expect(ended.status == 0)
        #expect(ended.diagnostics == "")
        for line in [
            "directive \(Self.recipe):20 GET /websocket HTTP/1.1 proxy_http_version 1.1",
            "directive \(Self.recipe):21 Upgrade: websocket proxy_set_header Upgrade $http_upgrade",
            "directive \(Self.recipe):22 Connection: upgrade proxy_set_header Connection $connection_upgrade",
            "directive \(Self.recipe):23 Host: example.com proxy_set_header Host $host",
            "client Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "client Sec-WebSocket-Version: 13",
            "to 127.0.0.1:3000 answers 101",
            "✓ as expected",
        ] { #expect(Self.words(ended.text, contain: line), "\(line)") }
    }

    @Test("the JSON has the bytes that nginx sends with the recipe, and an origin for every header in them")
    func recipeAsJSON() throws {
        let ended = try Wsreplay.run(
            "try", "ws://example.com/websocket", "--proxy", Self.recipe, "--proxy-version", "1.22.1", "--format", "json"
        )
        #expect(ended.status == 0)
        let run = try JSONDecoder().decode(TriedRun.self, from: ended.output)
        let attempt = try #require(run.sessions.first?.hops.first?.upstream.first)
        // As Debian's nginx 1.22.1 sent it with this configuration.
        let request = """
            GET /websocket HTTP/1.1\r
            Upgrade: websocket\r
            Connection: upgrade\r
            Host: example.com\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            \r

            """
        #expect(String(decoding: attempt.request, as: UTF8.self) == request)
        let sent = request.split(separator: "\r\n").dropFirst()
        #expect(attempt.headers.map { "\($0.name): \($0.value)" } == sent.map(String.init))
        #expect(
            attempt.headers.map { [$0.origin, $0.source ?? ""] } == [
                ["directive", "\(Self.recipe):21"], ["directive", "\(Self.recipe):22"],
                ["directive", "\(Self.recipe):23"], ["client", ""], ["client", ""],
            ])
    }

    @Test("with the Upgrade line taken out: 426, because nginx does not forward it, and which line to add where")
    func withoutTheUpgradeLine() throws {
        let folder = try TemporaryFolder()
        let lines = try Bundled.text(Self.recipe).split(separator: "\n", omittingEmptySubsequences: false)
        let without = lines.filter { !$0.contains("proxy_set_header Upgrade") }
        #expect(without.count == lines.count - 1)
        let configuration = try folder.create("nginx.conf", without.joined(separator: "\n")).path
        let ended = try Wsreplay.run("try", "ws://example.com/websocket", "--proxy", configuration)
        #expect(ended.status == 1)
        #expect(ended.diagnostics == "")
        for sentence in [
            "answers 426",
            "✗ broken",
            "what response.status: expected 101, got 426",
            "nginx does not pass Upgrade on: it is a matter of one hop, and no proxy_set_header names it",
            "`proxy_set_header Upgrade $http_upgrade;`",
            "inside location /",
        ] { #expect(ended.prose.contains(sentence), "\(sentence)") }
        #expect(!ended.text.contains("directive  \(configuration):21  Upgrade"))

        // The mend is true: with that line written where it says, the request is upgraded.
        var mended = without
        let place = try #require(mended.firstIndex { $0.contains("location / {") })
        mended.insert("proxy_set_header Upgrade $http_upgrade;", at: place + 1)
        try folder.create("nginx.conf", mended.joined(separator: "\n"))
        #expect(try Wsreplay.run("try", "ws://example.com/websocket", "--proxy", configuration).status == 0)
    }

    @Test(
        "a ws:// URL must be upgraded and an http:// one answered",
        arguments: [
            ("ws://example.com/chat", "chat", 0), ("ws://example.com/chat", "chat-headers-not-inherited", 1),
            ("http://example.com/", "chat", 0), ("http://example.com/", "chat-headers-not-inherited", 0),
            ("http://example.com/chat", "chat-trailing-slash", 0), ("ws://example.com/chat", "chat-trailing-slash", 1),
        ])
    func expectation(_ url: String, _ name: String, _ status: Int32) throws {
        let ended = try Wsreplay.run("try", url, "--proxy", Bundled.configuration(name))
        #expect(ended.status == status)
        #expect(ended.diagnostics == "")
    }

    @Test("-H sets, replaces and leaves out headers, --from is the client's address")
    func headers() throws {
        let folder = try TemporaryFolder()
        let configuration = try folder.create(
            "nginx.conf",
            """
            events {}
            http { server { listen 80; location / {
                proxy_pass http://127.0.0.1:3000;
                proxy_set_header X-From $remote_addr;
            } } }
            """)
        let ended = try Wsreplay.run(
            "try", "http://a.test/", "--proxy", configuration.path, "-H", "Cookie: a=b", "-H", "User-Agent: me",
            "-H", "Host: b.test", "-H", "X-Empty;", "--from", "192.0.2.7", "--format", "json")
        let run = try JSONDecoder().decode(TriedRun.self, from: ended.output)
        let attempt = try #require(run.sessions.first?.hops.first?.upstream.first)
        let sent = attempt.headers.map { "\($0.name): \($0.value)" }
        #expect(sent.contains("X-From: 192.0.2.7"))
        #expect(sent.contains("Cookie: a=b"))
        #expect(sent.contains("User-Agent: me"))
        #expect(sent.contains("X-Empty: "))
        let client = run.sessions.first?.client
        #expect(client == "192.0.2.7:50000")
    }

    /// Whether a text has these words in this order, whatever columns and line breaks are between them.
    private static func words(_ text: String, contain wanted: String) -> Bool {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(wanted)
    }

    private struct TriedRun: Decodable {
        var sessions: [Session]

        struct Session: Decodable {
            var client: String
            var hops: [Hop]
        }

        struct Hop: Decodable {
            var upstream: [Attempt]
        }

        struct Attempt: Decodable {
            var request: Data
            var headers: [Header]
        }

        struct Header: Decodable {
            var name: String
            var value: String
            var origin: String
            var source: String?
        }
    }
}
