import HTTPWire
import ProxyModel
import Testing
import WireBasics

@Suite("What a policy does to an exchange")
struct PolicyTreatmentTests {
    /// A policy with one route that has these keys.
    private static func policy(_ keys: String, top: String = "") -> String {
        """
        policy: 1
        name: test proxy
        listeners: [127.0.0.1:80]
        upstreams: {app: [127.0.0.1:3000]}
        \(top)
        routes:
          - name: only
            upstream: app

        """ + keys.split(separator: "\n").map { "    \($0)\n" }.joined()
    }

    @Test(
        "Upgrade gets through as the route says",
        arguments: [
            ("upgrade: websocket", "websocket", true), ("upgrade: websocket", "h2c", false),
            ("upgrade: forward", "h2c", true), ("upgrade: never", "websocket", false),
        ])
    func upgrade(_ keys: String, _ asked: String, _ passes: Bool) throws {
        var bench = try EngineBench(policy: Self.policy(keys))
        let result = bench.send("GET / HTTP/1.1\nHost: x\nConnection: keep-alive, Upgrade\nUpgrade: \(asked)\n\n")
        #expect(result.head.contains("Upgrade: \(asked)") == passes)
        #expect(result.head.contains("Connection: Upgrade") == passes)
        let lost = result.requests.first?.lost.first { $0.field.name == "Upgrade" }
        #expect((lost == nil) == passes)
    }

    @Test("what is lost names the line of the policy, and what to write instead")
    func lost() throws {
        var bench = try EngineBench(policy: Self.policy("upgrade: never"))
        let lost = bench.send(EngineBench.handshake()).requests.first?.lost.first { $0.field.name == "Upgrade" }
        #expect(lost?.explanation.source == ConfigLocation(file: "policy.yaml", line: 9, column: 14))
        #expect(lost?.explanation.mend.contains("upgrade: websocket") == true)
    }

    @Test("an upgrade may be asked for that the client does not ask for")
    func always() throws {
        var bench = try EngineBench(policy: Self.policy("upgrade: always"))
        let head = bench.send("GET / HTTP/1.1\nHost: x\n\n").head
        #expect(head.contains("Upgrade: websocket") && head.contains("Connection: Upgrade"))
    }

    @Test("fields of one connection are removed, with those that Connection names, or passed")
    func hopByHop() throws {
        let request = """
            GET / HTTP/1.1
            Host: x
            Connection: keep-alive, X-Hop, Upgrade
            X-Hop: 1
            Keep-Alive: timeout=5
            TE: trailers
            Upgrade: websocket


            """
        var removing = try EngineBench(policy: Self.policy("hopByHop: remove"))
        #expect(
            removing.send(request).head.dropLast(2) == [
                "GET / HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket",
            ])
        var passing = try EngineBench(policy: Self.policy("hopByHop: pass"))
        #expect(passing.send(request).head.dropLast(2).count == 7)
    }

    @Test(
        "header rules set, add, append, default, rename, remove, keep and pass in their order",
        arguments: [
            ("- set: {A: new}", ["A: new", "B: x, y"]), ("- add: {A: 3}", ["A: 1", "A: 2", "B: x, y", "A: 3"]),
            ("- append: {B: '${client.address}'}", ["A: 1", "A: 2", "B: x, y, 10.1.2.3"]),
            ("- append: {C: z}", ["A: 1", "A: 2", "B: x, y", "C: z"]),
            ("- default: {A: n, C: n}", ["A: 1", "A: 2", "B: x, y", "C: n"]),
            ("- rename: {B: C}", ["A: 1", "A: 2", "C: x, y"]), ("- remove: A", ["B: x, y"]),
            ("- remove: ['?', 'a*']", ["B: x, y"]), ("- keep: [Host, A]", ["A: 1", "A: 2"]),
            ("- passIf: {A: '2'}", ["A: 2", "B: x, y"]), ("- passIf: {A: {matches: '[13]'}}", ["A: 1", "B: x, y"]),
            ("- set: {A: '${request.header.B}'}\n- remove: B", ["A: x, y"]),
            (
                "- set: {A: '$${request.method} ${request.path}?${request.query}'}",
                ["A: ${request.method} /p?q=1", "B: x, y"]
            ),
        ])
    func rules(_ rules: String, _ expected: [String]) throws {
        let keys = "request:\n" + rules.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        var bench = try EngineBench(policy: Self.policy(keys))
        let head = bench.send("GET /p?q=1 HTTP/1.1\nHost: x\nA: 1\nA: 2\nB: x, y\n\n").head
        #expect(head.dropFirst().filter { !$0.isEmpty && $0 != "Host: x" } == expected)
    }

    @Test("response headers have rules of their own, and names may go out in lower case")
    func response() throws {
        var bench = try EngineBench(
            policy: Self.policy("fieldNames: lower\nresponse:\n  - remove: [Server, X-*]\n  - set: {X-Proxy: yes}"),
            backends: ["127.0.0.1:3000": [.answers("HTTP/1.1 200 OK\nServer: s\nX-A: b\nContent-Length: 2\n\nhi")]])
        let result = bench.send("GET / HTTP/1.1\nHost: x\nUser-Agent: u\n\n")
        #expect(result.client == "HTTP/1.1 200 OK\ncontent-length: 2\nx-proxy: yes\n\nhi")
        #expect(result.head.contains("user-agent: u"))
        #expect(result.responses.first?.lost.map(\.field.name) == ["Server", "X-A"])
    }

    @Test("subprotocols and extensions that are not allowed are not offered")
    func offers() throws {
        var bench = try EngineBench(policy: Self.policy("subprotocols: {allow: [chat]}\nextensions: {allow: []}"))
        let lines =
            "Sec-WebSocket-Protocol: graphql-ws, chat\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
        let result = bench.send(EngineBench.handshake("/ws", lines))
        #expect(result.head.contains("Sec-WebSocket-Protocol: chat"))
        #expect(!result.head.contains { $0.hasPrefix("Sec-WebSocket-Extensions") })
    }

    @Test(
        "only allowed origins may open a WebSocket",
        arguments: [
            ("https://chat.test", 101), ("https://a.wild.test", 101), ("http://chat.test", 403), ("null", 403),
            (nil, 403),
        ])
    func origins(_ origin: String?, _ status: Int) throws {
        var bench = try EngineBench(
            policy: Self.policy("origins: {allow: ['https://chat.test', 'https://*.wild.test'], required: true}"))
        #expect(
            bench.send(EngineBench.handshake("/ws", origin.map { "Origin: \($0)" } ?? "X-None: 1")).status == status)
    }

    @Test("no more tunnels than allowed are open at once, and one that ends makes room")
    func tunnelLimit() throws {
        var bench = try EngineBench(policy: Self.policy("", top: "limits: {tunnels: 1}"))
        #expect(bench.send(EngineBench.handshake()).status == 101)
        #expect(bench.send(EngineBench.handshake()).status == 503)
        var result = EngineBench.Result()
        bench.feed(.tunnelClosed(ConnectionID(1), by: .client, .full), &result)
        #expect(bench.send(EngineBench.handshake()).status == 101)
    }

    @Test("a head beyond the limit is 431, one that cannot be read 400")
    func heads() throws {
        var bench = try EngineBench(policy: Self.policy("", top: "limits: {head: 100}"))
        #expect(bench.send("GET / HTTP/1.1\nHost: \(String(repeating: "x", count: 200))\n\n").status == 431)
        #expect(bench.send("GET / HTTP/1.1\nHost x\n\n").status == 400)
    }

    @Test("a server that neither takes the connection nor answers is given up after the time that is set")
    func timeouts() throws {
        var bench = try EngineBench(
            policy: Self.policy("timeouts: {connect: 1s, answer: 2s, idle: 3s}"),
            backends: ["127.0.0.1:3000": [.isSilent]])
        let silent = bench.send(
            EngineBench.handshake(),
            then: [
                { bench, _, result in
                    guard let timer = result.timers.first else { return }
                    #expect(timer.value == CaptureInstant.epoch + .seconds(2))
                    bench.feed(.deadline(timer.key), &result)
                }
            ])
        #expect(silent.status == 504)
        #expect(silent.responses.first?.decided?.mend.contains("timeouts.answer") == true)
    }

    @Test("a tunnel has the idle limit of its route, or none")
    func idle() throws {
        var bench = try EngineBench(policy: Self.policy("timeouts: {idle: 90s}"))
        let tunnel = bench.send(EngineBench.handshake()).tunnel
        #expect(tunnel?.rule?.limit == .seconds(90))
        #expect(tunnel?.rule?.explanation.because.contains("test proxy") == true)
        var patient = try EngineBench(policy: Self.policy(""))
        let endless = patient.send(EngineBench.handshake()).tunnel
        #expect(endless != nil && endless?.rule == nil)
    }

    @Test("a 101 that nobody asked for is not passed on, and a refusal may be put in other words")
    func answers() throws {
        var bench = try EngineBench(policy: Self.policy("upgrade: never"))
        #expect(bench.send(EngineBench.handshake()).status == 502)
        var rude = try EngineBench(
            policy: Self.policy("refusal: {status: 403, body: go away}"),
            backends: ["127.0.0.1:3000": [.answers("HTTP/1.1 401 Unauthorized\nContent-Length: 0\n\n")]])
        #expect(rude.send(EngineBench.handshake()).client.hasSuffix("\n\ngo away"))
    }

    @Test("bodies go both ways as they are framed, and the connection serves the next request")
    func bodies() throws {
        var bench = try EngineBench(
            policy: Self.policy(""),
            backends: [
                "127.0.0.1:3000": [
                    .answers("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nhi\n0\n\n"),
                    .answers("HTTP/1.1 204 No Content\n\n"),
                    .answers("HTTP/1.0 200 OK\n\nall of it"),
                ]
            ])
        let result = bench.send(
            "POST /a HTTP/1.1\nHost: x\nContent-Length: 3\n\nabcGET /b HTTP/1.1\nHost: x\n\nGET /c HTTP/1.1\nHost: x\n\n"
        )
        #expect(result.upstream.map(\.request).map { $0.components("\r\n\r\n")[1] } == ["abc", "", ""])
        #expect(result.responses.map(\.head.status) == [200, 204, 200])
        #expect(result.responses.last?.head.headers.first("Connection") == "close")
        #expect(result.client.contains("2\r\nhi\r\n0\r\n\r\n"))
    }
}
