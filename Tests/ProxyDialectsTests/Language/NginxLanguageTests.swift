import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

@Suite("nginx language")
struct NginxLanguageTests {
    @Test("what nginx 1.22.1 says of a case is said, with its line", arguments: NginxCase.Context.allCases)
    func saysWhatNginxSays(_ context: NginxCase.Context) {
        for test in context.cases {
            let output = checkerOutput("nginx.conf", context.file(test.lines))
            #expect(comparable(output) == comparable(test.output("nginx.conf")), "\(test.lines)")
        }
    }

    @Test("a good file gives its directives, with include carried out in place")
    func includes() throws {
        let files = NginxFiles([
            "etc/nginx.conf": "events {}\nhttp {\n  include conf.d/*.conf;\n  include upgrade.map;\n}\n",
            "etc/conf.d/b.conf": "server { listen 81; }\n",
            "etc/conf.d/a.conf": "server {\n  listen 80;\n  location / { return 200; }\n}\n",
            "etc/upgrade.map": "map $http_upgrade $up { default x; include rows; }\n",
            "etc/rows": "'' close;\n",
        ])
        let tree = try NginxLanguage.read("etc/nginx.conf", from: files, version: nil)
        let http = try #require(tree.directives.first { $0.name.text == "http" })
        #expect(http.children?.map(\.name.text) == ["server", "server", "map"])
        let first = try #require(http.child("server"))
        #expect(first.location.description == "etc/conf.d/a.conf:1:1")
        #expect(first.child("location")?.child("return")?.end.description == "etc/conf.d/a.conf:3:26")
        #expect(first.close?.line == 4)
        let map = try #require(http.child("map"))
        #expect(map.children?.map(\.name.text) == ["default", ""])
        #expect(map.children?.last?.name.location.description == "etc/rows:1:1")
    }

    @Test("an include of itself ends with nginx's complaint")
    func includeOfItself() throws {
        let files = NginxFiles(["a.conf": "include a.conf;"])
        let error = try #require(throws: ConfigurationError.self) {
            try NginxLanguage.read("a.conf", from: files, version: nil)
        }
        #expect(error.problems.first?.message == "open() \"a.conf\" failed (24: Too many open files)")
    }

    @Test("a main file that is not there has no place")
    func missingFile() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try NginxLanguage.read("a.conf", from: NginxFiles([:]), version: nil)
        }
        #expect(
            error.nativeOutput == [
                "nginx: [emerg] open() \"a.conf\" failed (2: No such file or directory)",
                "nginx: configuration file a.conf test failed",
            ])
    }

    @Test("blocks that nest without end are refused")
    func deepBlocks() throws {
        let text = String(repeating: "a {", count: 10_000)
        #expect(throws: ConfigurationError.self) {
            try NginxLanguage.read("a", from: NginxFiles(["a": text]), version: nil)
        }
    }

    @Test(
        "what a release has or has not decides",
        arguments: [
            ("1.25.0", "http2 on;", "unknown directive \"http2\""), ("1.25.1", "http2 on;", nil),
            ("1.25.1", "ssl on;", "unknown directive \"ssl\""),
            ("1.18.0", "keepalive_time 1h;", "unknown directive \"keepalive_time\""),
            ("1.29.4", "proxy_http_version 2;", nil), ("1.29.3", "proxy_http_version 2;", "invalid value \"2\""),
            ("1.20.0", "location ~ ( {}", "pcre_compile() failed: missing closing parenthesis in \"(\""),
            ("1.31.4", "add_header_inherit merge;", nil),
        ] as [(String, String, String?)])
    func versions(_ version: String, _ line: String, _ message: String?) throws {
        let text = NginxCase.Context.server.file(line)
        let output = checkerOutput("a", text, try #require(NginxVersion(version)))
        let first = output.first { $0.contains("[emerg]") }
        #expect(first == message.map { "nginx: [emerg] \($0) in a:5" })
    }

    @Test("directives that are not modelled are listed, unless they are switched off")
    func unmodelled() throws {
        let text = NginxCase.Context.location.file("autoindex on;\nproxy_cache off;\nmirror /x;")
        let tree = try NginxLanguage.read("a", from: NginxFiles(["a": text]), version: .init(1, 22, 1))
        #expect(tree.unmodelled.map(\.name.text) == ["autoindex", "mirror"])
    }
}
