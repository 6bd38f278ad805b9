import HTTPWire
import ProxyModel
import Testing
import WireBasics

@Suite("Where a policy sends a request")
struct PolicyRoutingTests {
    private static let policy = """
        policy: 1
        listeners: [127.0.0.1:80]
        upstreams:
          app: [127.0.0.1:3000]
        routes:
          - {name: exact, match: {path: /chat}, respond: 201}
          - {name: prefix, match: {path: {prefix: /chat/}}, respond: 202}
          - {name: regex, match: {path: {regex: '^/room/(\\d+)$'}}, upstream: app, rewrite: {path: '/r/${match.1}'}}
          - {name: host, match: {host: '*.wild.test'}, respond: 203}
          - {name: hosts, match: {host: [a.test, b.test]}, respond: 205}
          - {name: method, match: {method: [POST, PUT]}, respond: 206}
          - {name: header, match: {headers: {Upgrade: websocket}}, respond: 207}
          - {name: no-agent, match: {headers: {User-Agent: {present: false}}, path: /agent}, respond: 208}
          - {name: agent, match: {headers: {User-Agent: {matches: '^curl/'}}}, respond: 209}
          - {name: urgent, match: {path: {prefix: /urgent}}, respond: 210, priority: 5}
          - {name: urgent too, match: {path: /urgent/x}, respond: 211, priority: 9}
        """

    @Test(
        "the first route whose every condition holds takes it, higher priorities before all",
        arguments: [
            ("GET /chat HTTP/1.1\nHost: x\n\n", 201), ("GET /chat?a=b HTTP/1.1\nHost: x\n\n", 201),
            ("GET /chat/x HTTP/1.1\nHost: x\n\n", 202), ("GET / HTTP/1.1\nHost: a.WILD.test:8080\n\n", 203),
            ("GET / HTTP/1.1\nHost: wild.test\n\n", 404), ("GET / HTTP/1.1\nHost: B.test\n\n", 205),
            ("GET http://a.test/ HTTP/1.1\nHost: wrong.test\n\n", 205), ("POST / HTTP/1.1\nHost: x\n\n", 206),
            ("GET / HTTP/1.1\nHost: x\nUpgrade: WebSocket\n\n", 207), ("GET /agent HTTP/1.1\nHost: x\n\n", 208),
            ("GET /agent HTTP/1.1\nHost: x\nUser-Agent: curl/8\n\n", 209),
            ("GET /urgent/y HTTP/1.1\nHost: a.test\n\n", 210), ("GET /urgent/x HTTP/1.1\nHost: a.test\n\n", 211),
            ("GET /nowhere HTTP/1.1\nHost: x\n\n", 404),
        ])
    func routes(_ request: String, _ status: Int) throws {
        var bench = try EngineBench(policy: Self.policy)
        #expect(bench.send(request).status == status)
    }

    @Test("an expression's groups are variables, and the query goes on")
    func groups() throws {
        var bench = try EngineBench(policy: Self.policy)
        let result = bench.send("GET /room/42?x=1 HTTP/1.1\nHost: x\n\n")
        #expect(result.head.first == "GET /r/42?x=1 HTTP/1.1")
        #expect(result.routes.first?.location == "regex")
        #expect(result.routes.first?.source?.line == 8)
    }

    @Test(
        "a prefix of the path is replaced by whole segments",
        arguments: [
            ("stripPrefix: /ws", "/ws", "/"), ("stripPrefix: /ws", "/ws/a", "/a"),
            ("stripPrefix: /ws", "/wsdl", "/wsdl"),
            ("stripPrefix: /ws/", "/ws/a", "/a"), ("addPrefix: /app", "/ws", "/app/ws"),
            ("prefix: {from: /ws, to: /v2/}", "/ws/a?q", "/v2/a?q"), ("path: '${request.path}x'", "/a", "/ax"),
        ])
    func rewrites(_ rewrite: String, _ target: String, _ expected: String) throws {
        var bench = try EngineBench(
            policy: """
                policy: 1
                listeners: [127.0.0.1:80]
                upstreams: {app: [127.0.0.1:3000]}
                routes: [{upstream: app, rewrite: {\(rewrite)}}]
                """)
        #expect(bench.send(EngineBench.handshake(target)).head.first == "GET \(expected) HTTP/1.1")
    }

    @Test("weights are kept, a backup waits, and a server that cannot be reached is followed by the next")
    func servers() throws {
        let policy = """
            policy: 1
            listeners: [127.0.0.1:80]
            upstreams:
              app:
                servers:
                  - {address: 10.0.0.1:1, weight: 2}
                  - 10.0.0.2:1
                  - {address: 10.0.0.3:1, backup: true}
            routes: [{upstream: app}]
            """
        var bench = try EngineBench(policy: policy)
        let used = (0..<6).map { _ in bench.send(EngineBench.handshake()).upstream.map(\.address) }
        #expect(used.flatMap(\.self).count(where: { $0 == "10.0.0.1:1" }) == 4)
        #expect(used.flatMap(\.self).count(where: { $0 == "10.0.0.2:1" }) == 2)

        var failing = try EngineBench(policy: policy, backends: ["10.0.0.1:1": [.refuses], "10.0.0.2:1": [.refuses]])
        let result = failing.send(EngineBench.handshake())
        #expect(result.upstream.map(\.address) == ["10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"])
        #expect(result.status == 101)

        var down = try EngineBench(
            policy: policy,
            backends: ["10.0.0.1:1": [.refuses], "10.0.0.2:1": [.refuses], "10.0.0.3:1": [.refuses]])
        let nobody = down.send(EngineBench.handshake())
        #expect(nobody.status == 502)
        #expect(nobody.responses.first?.decided?.because.contains("no server") == true)
    }

    @Test("a client's address leads to one server, the fewest connections to the idlest")
    func otherBalances() throws {
        func policy(_ balance: String) -> String {
            """
            policy: 1
            listeners: [127.0.0.1:80]
            upstreams: {app: {balance: \(balance), servers: [10.0.0.1:1, 10.0.0.2:1, 10.0.0.3:1]}}
            routes: [{upstream: app}]
            """
        }
        var sticky = try EngineBench(policy: policy("clientAddress"))
        let same = Set(
            (0..<5).flatMap {
                sticky.send(EngineBench.handshake(), from: "10.9.9.9:\(5000 + $0)").upstream.map(\.address)
            })
        #expect(same.count == 1)
        let others = Set(
            (1..<40).flatMap { sticky.send(EngineBench.handshake(), from: "10.9.9.\($0):5000").upstream.map(\.address) }
        )
        #expect(others.count == 3)
        var idle = try EngineBench(policy: policy("leastConnections"))
        let used = (0..<3).flatMap { _ in idle.send(EngineBench.handshake()).upstream.map(\.address) }
        #expect(Set(used).count == 3)
    }
}
