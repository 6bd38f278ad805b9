import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

@Suite("nginx language: beyond the first complaint")
struct NginxMendsTests {
    private func problems(_ text: String) throws -> [ConfigurationProblem] {
        let error = try #require(throws: ConfigurationError.self) {
            try NginxLanguage.read("a.conf", from: NginxFiles(["a.conf": text]), version: .init(1, 22, 1))
        }
        return error.problems
    }

    private func findings(_ text: String) throws -> [Finding] {
        try NginxLanguage.read("a.conf", from: NginxFiles(["a.conf": text]), version: .init(1, 22, 1)).findings
    }

    @Test("every upstream line without the word server is named")
    func upstreamWithoutServer() throws {
        let text = NginxCase.Context.http.file(
            "upstream backend {\n192.168.3.1:3000;\n192.168.3.2:300 weight=2;\n}\nserver { listen 80; }")
        let found = try problems(text)
        #expect(
            found.map(\.message) == [
                "unknown directive \"192.168.3.1:3000\"", "unknown directive \"192.168.3.2:300\"",
            ])
        #expect(found.map { $0.location?.line } == [4, 5])
        #expect(found.map(\.mend) == ["write server 192.168.3.1:3000;", "write server 192.168.3.2:300 weight=2;"])
    }

    @Test("a name that no upstream block has is led to the block")
    func wrongUpstreamName() throws {
        let text = NginxCase.Context.http.file(
            "upstream backend { server 10.0.0.1:3000; }\n"
                + "server {\nlisten 80;\nlocation /ws {\nproxy_pass http://upstream/a;\n}\n}")
        let problem = try #require(try problems(text).first)
        #expect(problem.message == "host not found in upstream \"upstream\"")
        #expect(problem.location?.description == "a.conf:7:12")
        #expect(problem.mend == "the upstream block is called backend (line 3): proxy_pass http://backend/a;")
    }

    @Test("a missing semicolon is named at the line that lacks it")
    func missingSemicolon() throws {
        let text = NginxCase.Context.location.file("proxy_pass http://127.0.0.1:1\nproxy_http_version 2;\nfoo bar;")
        let found = try problems(text)
        #expect(
            found.map(\.message) == [
                "invalid number of arguments in \"proxy_pass\" directive", "invalid value \"2\"",
                "unknown directive \"foo\"",
            ])
        #expect(found[0].location?.description == "a.conf:6:30")
        #expect(found[0].mend == "end line 6 with a \";\": proxy_pass http://127.0.0.1:1;")
    }

    @Test("a missing semicolon before a brace is named at its line, and the statement still counts")
    func missingSemicolonBeforeBrace() throws {
        let found = try problems(NginxCase.Context.location.file("set $a b;\nproxy_pass http://$a$b"))
        #expect(found.map(\.message) == ["unexpected \"}\"", "unknown \"b\" variable"])
        #expect(found[0].location?.description == "a.conf:7:23")
        #expect(found[0].why == "line 7 has no \";\" in front of the \"}\"")
    }

    @Test("a missing semicolon that nginx swallows is a warning")
    func swallowedSemicolon() throws {
        let found = try findings(NginxCase.Context.server.file("server_name a.test\nroot /srv;"))
        #expect(found.map(\.code) == ["nginx.missing-semicolon"])
        #expect(found.first?.severity == .warning)
        #expect(found.first?.location?.description == "a.conf:5:19")
        #expect(found.first?.message == "\"root\" is read as an argument of server_name")
    }

    @Test("$connection_upgrade without its map is told the map")
    func connectionUpgrade() throws {
        let text = NginxCase.Context.location.file("proxy_set_header Connection $connection_upgrade;")
        let problem = try #require(try problems(text).first)
        #expect(problem.location?.description == "a.conf:6:29")
        #expect(
            problem.mend
                == "add to http { … }: map $http_upgrade $connection_upgrade { default upgrade; '' close; }")
    }

    @Test("a map in a server is sent to http, and its variable is not reported again")
    func misplacedMap() throws {
        let found = try problems(
            NginxCase.Context.server.file("map $http_upgrade $up { default a; }\nreturn 200 $up;"))
        #expect(found.map(\.message) == ["\"map\" directive is not allowed here"])
        #expect(found[0].mend == "move it to http { … }")
    }

    @Test("an unclosed block is named at its end of file")
    func unclosedBlock() throws {
        let problem = try #require(try problems("events {}\nhttp {\nserver {\nlisten 80;\n}\n").first)
        #expect(problem.message == "unexpected end of file, expecting \"}\"")
        #expect(problem.why == "the block \"http\" of line 2 is never closed")
    }

    @Test(
        "what was probably meant is said",
        arguments: [
            ("proxy_passs http://a;", "write proxy_pass"), ("proxy_read_timout 5s;", "write proxy_read_timeout"),
            ("more_set_headers a;", "remove it to test the rest; what it would do is not modelled"),
            ("proxy_pass ws://a;", "WebSocket is proxied over HTTP: write http://…"),
            (
                "proxy_set_header Connection keep-alive, Upgrade;",
                "quote a value with spaces: proxy_set_header Connection \"keep-alive, Upgrade\";"
            ),
            ("\u{201C}proxy_pass\u{201D} a;", "write plain quotes: \" or '"),
            ("if ($host == a) {}", "write = for a comparison"), ("set a b;", "write $a"),
            ("return 200 $hots;", "the nearest is $host"),
            ("proxy_http_version 1.2;", "write proxy_http_version 1.0;"),
            ("keepalive_min_timeout 5s;", "remove it, or name another release with --proxy-version"),
            ("limit_conn a 1;", "declare it in http: limit_conn_zone $binary_remote_addr zone=a:10m;"),
            ("image_filter off;", "put at the top of the file: load_module modules/ngx_http_image_filter_module.so;"),
        ])
    func meant(_ line: String, _ mend: String) throws {
        #expect(try problems(NginxCase.Context.location.file(line)).first?.mend == mend)
    }

    @Test("a file for conf.d is wrapped, and says so")
    func fragment() throws {
        let text = "map $http_upgrade $up { default a; }\nserver {\nlisten 80;\nreturn 200 $up;\n}\n"
        let tree = try NginxLanguage.read("a.conf", from: NginxFiles(["a.conf": text]), version: nil)
        #expect(tree.directives.map(\.name.text) == ["http"])
        #expect(tree.directives.first?.children?.map(\.name.text) == ["map", "server"])
        #expect(tree.findings.map(\.code) == ["nginx.fragment"])
        #expect(tree.findings.first?.severity == .hint)
    }

    @Test("a file with main directives is no fragment")
    func noFragment() throws {
        let found = try problems("worker_processes 1;\nserver { listen 80; }")
        #expect(found.first?.message == "\"server\" directive is not allowed here")
    }

    @Test("a port that looks cut is a warning, a common one is none")
    func cutPort() throws {
        let text = NginxCase.Context.http.file(
            "upstream a { server 10.0.0.1:3000; server 10.0.0.2:300; }\nupstream b { server 10.0.0.1:80; server 10.0.0.2:8080; }"
        )
        let found = try findings(text)
        #expect(found.map(\.code) == ["nginx.upstream.cut-port"])
        #expect(found.first?.location?.description == "a.conf:3:43")
    }

    @Test("stream is accepted, with a hint where its module is not loaded")
    func stream() throws {
        let block = "stream { upstream a { server 10.0.0.1:1; } server { listen 81; proxy_pass a; } }"
        #expect(try findings("events {}\n" + block).map(\.code) == ["nginx.module.not-loaded"])
        #expect(try findings("load_module a/ngx_stream_module.so;\nevents {}\n" + block).isEmpty)
        #expect(
            try problems("events {}\nstream { server { location / {} } }").map(\.message) == [
                "\"location\" directive is not allowed here"
            ])
    }

    @Test("a name that only DNS knows is a hint, once")
    func unresolvedName() throws {
        let found = try findings(
            NginxCase.Context.server.file(
                "location / { proxy_pass http://app:3000; }\nlocation /b { proxy_pass http://app:3001; }"))
        #expect(found.map(\.code) == ["nginx.upstream.unresolved-name"])
        #expect(found.first?.message == "\"app\" must be known to DNS when nginx starts")
    }
}
