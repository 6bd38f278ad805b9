import ProxyModel
import Testing
import WireBasics

@Suite("What a policy may say")
struct PolicyReaderTests {
    private static let start = "policy: 1\nlisteners: [127.0.0.1:80]\nupstreams: {app: [127.0.0.1:3000]}\n"

    @Test(
        "what is wrong is told with its line and with what was probably meant",
        arguments: [
            ("polcy: 1", 1, "unknown key `polcy`", "`policy`"),
            ("policy: 2\nlisteners: [0.0.0.0:80]\nroutes: [{respond: 404}]", 1, "version 2", "policy: 1"),
            ("policy: 1\nroutes: []", 1, "`listeners` is missing", "listeners"),
            ("policy: 1\nlisteners: [80]\nroutes: [{respond: 404}]", 2, "`80` is not ADDRESS:PORT", "0.0.0.0:80"),
            (start + "routes:\n  - upstream: ap", 5, "no upstream `ap`", "upstream: app"),
            (start + "routes:\n  - match: {path: ws}\n    upstream: app", 5, "`ws` is not a path", "/"),
            (start + "routes:\n  - {upstream: app, respond: 404}", 5, "both", "one of them"),
            (start + "routes:\n  - name: lost", 5, "nowhere", "upstream"),
            (start + "routes:\n  - upstream: app\n    upgrade: yes", 6, "`yes` is not one of", "websocket"),
            (start + "routes:\n  - upstream: app\n    timeouts: {idel: 60s}", 6, "unknown key `idel`", "`idle`"),
            (start + "routes:\n  - upstream: app\n    timeouts: {idle: 60}", 6, "`60` is not a time", "3s"),
            (start + "routes:\n  - upstream: app\n    request: [{sett: {A: b}}]", 6, "unknown key `sett`", "`set`"),
            (
                start + "routes:\n  - upstream: app\n    request: [{set: {A: '${request.hst}'}}]", 6,
                "no variable `request.hst`", "${request.host}"
            ),
            (start + "routes:\n  - upstream: app\n    request: [{set: {A: 'a$b'}}]", 6, "a `$`", "$$"),
            (start + "routes:\n  - upstream: app\n    request: [{set: {'A b': c}}]", 6, "`A b` is not the name", ""),
            (
                start + "routes:\n  - match: {path: {regex: '^/(a'}}\n    upstream: app", 5, "no regular expression",
                "pcre2pattern"
            ),
            (start + "routes:\n  - {name: a, upstream: app}\n  - {name: a, upstream: app}", 6, "two routes", "another"),
            (start + "routes:\n  - upstream: app\n    origins: {allow: [chat.test]}", 6, "not an origin", "https://"),
            ("policy: 1\nlisteners: [0.0.0.0:80, 0.0.0.0:80]\nroutes: [{respond: 404}]", 2, "twice", "one of them"),
            ("policy: 1\nlisteners: [0.0.0.0:80\nroutes: 1", 3, "not YAML", "indentation"),
            ("", 1, "empty", "policy: 1"),
        ])
    func mistakes(_ text: String, _ line: Int, _ message: String, _ mend: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try EngineBench(policy: text) }
        let problem = try #require(error.problems.first)
        #expect(problem.location?.line == line)
        #expect(problem.message.contains(message), "\(problem.message)")
        #expect(problem.mend.contains(mend), "\(problem.mend)")
    }

    @Test("a route takes from the defaults what it does not say itself")
    func defaults() throws {
        var bench = try EngineBench(
            policy: Self.start + """
                defaults:
                  version: HTTP/1.0
                  request: [{set: {X-From: defaults}}]
                routes:
                  - match: {path: /own}
                    upstream: app
                    request: [{set: {X-From: route}}]
                  - upstream: app
                """)
        let own = bench.send(EngineBench.handshake("/own"))
        #expect(own.head.first == "GET /own HTTP/1.0")
        #expect(own.head.filter { $0.hasPrefix("X-From") } == ["X-From: route"])
        #expect(bench.send(EngineBench.handshake("/other")).head.contains("X-From: defaults"))
    }
}
