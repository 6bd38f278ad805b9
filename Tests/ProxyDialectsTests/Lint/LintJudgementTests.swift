import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

@Suite("What lint says, and what it keeps quiet about")
struct LintJudgementTests {
    @Test(
        "a name that may mean something else makes a finding milder, and one that says nothing makes none",
        arguments: [
            ("/websocket", "error"), ("/socket.io/", "error"), ("/app/__sockjs__/", "error"), ("/ws", "warning"),
            ("/cable", "warning"), ("/hub", "hint"), ("/live/", "hint"), ("~ ^/vnc/(.*)/websocket$", "error"),
            ("/news", nil), ("/aws/", nil), ("/delivery", nil), ("/api/", nil),
        ] as [(String, String?)])
    func names(location: String, severity: String?) throws {
        let text = """
            server {
                listen 8080;
                location \(location) { proxy_pass http://127.0.0.1:3000; }
                location /other/websocket {
                    proxy_pass http://127.0.0.1:3001;
                    proxy_http_version 1.1;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "upgrade";
                }
            }
            """
        let found = try Linting.found("ws-upgrade-not-forwarded", in: text)
        #expect(found.map { $0.split(separator: " ").last.map(String.init) } == (severity.map { [$0] } ?? []))
    }

    @Test("the recipe of nginx's documentation with a long timeout has no mistake", arguments: ["/", "/ws/", "= /ws"])
    func recipe(_ location: String) throws {
        #expect(try Linting.all(in: Linting.location(location, ""), from: .warning) == [])
    }

    @Test(
        "the version decides whether proxy_http_version is missing",
        arguments: [("1.18.0", 1), ("1.28.0", 1), ("1.29.6", 1), ("1.29.7", 0), ("1.31.4", 0)])
    func defaultVersion(version: String, count: Int) throws {
        let text = Linting.location("/ws", "").replacing("proxy_http_version 1.1;", with: "")
        #expect(try Linting.found("ws-http-1.0", in: text, version: version).count == count)
    }

    @Test("HTTP/1.0 that is written is found at its line, and replaced")
    func writtenVersion() throws {
        let text = Linting.location("/ws", "").replacing("proxy_http_version 1.1;", with: "proxy_http_version 1.0;")
        let finding = try #require(
            try Linting.lint(text, version: "1.31.4").findings.first { $0.finding.code == "ws-http-1.0" })
        #expect(finding.location.line == 8)
        #expect(finding.edits.map(\.text) == ["proxy_http_version 1.1;"])
    }

    @Test("two that agree are surer than either: a cancelled recipe and a likely name")
    func agreement() throws {
        func text(_ path: String) -> String {
            """
            server {
                listen 8080;
                proxy_http_version 1.1;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection "upgrade";
                proxy_set_header Host $http_host;
                location / { proxy_pass http://127.0.0.1:3000; }
                location \(path) { proxy_pass http://127.0.0.1:3001; proxy_set_header X-A b; }
            }
            """
        }
        #expect(try Linting.found("header-inheritance-reset", in: text("/ws")) == ["8:54 error"])
        #expect(try Linting.found("header-inheritance-reset", in: text("/files")) == ["8:57 warning"])
    }

    @Test("lines that hold further out are mended there: a line further in would cancel them")
    func mendedFurtherOut() throws {
        let text = """
            server {
                listen 8080;
                server_name app.test;
                proxy_set_header Host $http_host;
                location /websocket {
                    proxy_pass http://127.0.0.1:3000;
                }
            }
            """
        let finding = try #require(try Linting.lint(text).findings.first { $0.finding.severity == .error })
        #expect(finding.finding.mend.contains("inside server app.test"))
        let mended = String(decoding: TextEdit.applied(finding.edits, to: Array(text.utf8)), as: UTF8.self)
        #expect(
            mended.contains(
                """
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection $connection_upgrade;
                """))
        #expect(try Linting.all(in: mended, from: .warning) == [])
    }

    @Test("Connection: upgrade does no harm where others take the plain requests")
    func hardCoded() throws {
        let socket = """
            location /push/ {
                proxy_pass http://app;
                proxy_http_version 1.1;
                proxy_set_header Host $http_host;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection "upgrade";
            }
            """
        func text(_ other: String) -> String {
            "upstream app { server 127.0.0.1:3000; }\nserver {\nlisten 8080;\n\(socket)\n\(other)\n}"
        }
        #expect(try Linting.found("connection-hard-coded", in: text("")).count == 1)
        let plain = "proxy_pass http://app; proxy_set_header Host $http_host;"
        #expect(try Linting.found("connection-hard-coded", in: text("location / { \(plain) }")) == [])
        #expect(try Linting.found("connection-hard-coded", in: text("location /pages { \(plain) }")) == [])
    }

    @Test("the port that $host drops is a hint, and nothing where the port is the usual one")
    func droppedPort() throws {
        let text = Linting.location("/ws", "").replacing("Host $http_host", with: "Host $host")
        #expect(try Linting.found("ws-host-origin-mismatch", in: text) == ["9:9 hint"])
        #expect(
            try Linting.found("ws-host-origin-mismatch", in: text.replacing("listen 8080", with: "listen 80")) == [])
    }

    @Test("what access rules keep out is looked at behind them", arguments: ["deny all;", "auth_basic a;"])
    func behindAccessRules(_ rule: String) throws {
        let text = Linting.location("/websocket", rule)
            .replacing("proxy_set_header Upgrade $http_upgrade;", with: "")
        #expect(try Linting.all(in: text, from: .error).count == 1)
    }

    @Test("one line that spoils several locations is one finding that says how many")
    func merged() throws {
        let text = """
            server {
                listen 8080;
                proxy_http_version 1.1;
                proxy_set_header Host example.org;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection "upgrade";
                location /ws { proxy_pass http://127.0.0.1:3000; }
                location /cable { proxy_pass http://127.0.0.1:3001; }
                location /socket { proxy_pass http://127.0.0.1:3002; }
            }
            """
        let found = try Linting.lint(text).findings.filter { $0.finding.code == "ws-host-origin-mismatch" }
        #expect(found.map(\.line) == ["4:5 warning"])
        #expect(found.first?.finding.message.hasSuffix("(and likewise in 2 more)") == true)
    }

    @Test("findings come by file and place, and twice the same")
    func order() throws {
        let text = "include sites/*.conf;\n" + Linting.location("/", "").replacing("1h", with: "5s")
        let files = [
            "sites/a.conf": "server { listen 81; location /websocket { proxy_pass http://127.0.0.1:3000; } }",
            "sites/b.conf": "server { listen 82; location /websocket { proxy_pass http://127.0.0.1:3000; } }",
        ]
        let first = try Linting.lint(text, files: files)
        #expect(first == (try Linting.lint(text, files: files)))
        #expect(first.findings.map(\.location) == first.findings.map(\.location).sorted())
        #expect(Set(first.findings.map(\.location.file)) == ["nginx.conf", "sites/a.conf", "sites/b.conf"])
    }

    @Test("a configuration with more locations than are asked says so", arguments: [(4, false), (2, true)])
    func limit(most: Int, isSaid: Bool) throws {
        let text = "server { listen 80; location /a { proxy_pass http://127.0.0.1:1; } location /b { return 204; } }"
        let files = NginxFiles(["nginx.conf": text])
        let tree = try NginxLanguage.read("nginx.conf", from: files, version: nil)
        let configuration = try ConfigurationBuilder.build(tree, from: files, version: .newestStable)
        let lint = NginxLint(tree: tree, configuration: configuration, source: files, mostPlaces: most).run()
        #expect(lint.notices.map(\.code).contains("lint.locations-limit") == isSaid)
    }

    @Test("what nginx -t refuses is refused with its message")
    func refused() throws {
        do {
            _ = try Linting.lint("server { listen 80; proxy_passs http://a; }")
            Issue.record("it is taken")
        } catch let error as ConfigurationError {
            #expect(error.nativeOutput.first?.contains("unknown directive \"proxy_passs\"") == true)
        }
    }
}
