import HTTPWire
import ProxyModel
import Testing
import WireBasics

@Suite("The exchange with an upstream")
struct ExchangeTests {
    private static let http = """
        \(recipeMap)
        upstream app { server 127.0.0.1:3000; server 127.0.0.1:3001; }
        server { listen 127.0.0.1:80;
            location / { proxy_pass http://app; \(recipe) }
            location /short { proxy_pass http://127.0.0.1:3000; \(recipe) proxy_read_timeout 2s; }
            location /once { proxy_pass http://app; \(recipe) proxy_next_upstream off; }
            location /pages { proxy_pass http://127.0.0.1:3000; error_page 502 =503 /sorry; }
            location /sorry { return 200 sorry; }
        }
        """

    @Test("a 101 opens the tunnel with proxy_read_timeout as its idle rule, 300 ms lazy")
    func tunnel() throws {
        var bench = try EngineBench(http: Self.http)
        let result = bench.send(EngineBench.handshake("/short") + "early")
        #expect(result.status == 101)
        #expect(result.responses.first?.head.headers.first("Connection") == "upgrade")
        let tunnel = try #require(result.tunnel)
        #expect(tunnel.early == Array("early".utf8))
        #expect(tunnel.rule?.limit == .seconds(2))
        #expect(tunnel.rule?.watch == .either)
        #expect(tunnel.rule?.laziness == .milliseconds(300))
        #expect(tunnel.rule?.explanation.source?.line == 11)
    }

    @Test("without proxy_read_timeout a silent tunnel is closed after 60 s, and the mend says what to write")
    func defaultTimeout() throws {
        var bench = try EngineBench(http: Self.http)
        let rule = try #require(bench.send(EngineBench.handshake()).tunnel?.rule)
        #expect(rule.limit == .seconds(60))
        #expect(rule.explanation.source == nil)
        #expect(rule.explanation.mend.contains("proxy_read_timeout 1h;"))
    }

    @Test("whichever end closes the tunnel, nginx closes the client with a FIN", arguments: [Party.client, .server])
    func tunnelEnds(party: Party) throws {
        var bench = try EngineBench(http: Self.http)
        let result = bench.send(
            EngineBench.handshake(),
            then: [{ bench, id, result in bench.feed(.tunnelClosed(id, by: party, .reset), &result) }])
        #expect(result.closed?.0 == .full)
    }

    @Test("a 101 to a request without Upgrade is no switch: its head waits in nginx's buffer")
    func switchWithoutRequest() throws {
        var bench = try EngineBench(http: Self.http)
        let result = bench.send("GET / HTTP/1.1\nHost: a\n\n")
        #expect(result.tunnel == nil)
        #expect(result.client.isEmpty)
    }

    @Test("a refused server is passed over, the next one gets the same request")
    func refused() throws {
        var bench = try EngineBench(http: Self.http, backends: ["127.0.0.1:3000": [.refuses]])
        let first = bench.send(EngineBench.handshake())
        #expect(first.upstream.map(\.address) == ["127.0.0.1:3000", "127.0.0.1:3001"])
        #expect(first.status == 101)
        // It stays out for fail_timeout.
        #expect(bench.send(EngineBench.handshake()).upstream.map(\.address) == ["127.0.0.1:3001"])
    }

    @Test("all servers out: 502 at once, without an attempt")
    func noneAlive() throws {
        var bench = try EngineBench(
            http: Self.http, backends: ["127.0.0.1:3000": [.refuses], "127.0.0.1:3001": [.refuses]])
        #expect(bench.send(EngineBench.handshake()).upstream.count == 2)
        let second = bench.send(EngineBench.handshake())
        #expect(second.upstream.isEmpty)
        #expect(second.status == 502)
    }

    @Test("proxy_next_upstream off gives the client the first failure")
    func nextOff() throws {
        var bench = try EngineBench(http: Self.http, backends: ["127.0.0.1:3000": [.closes]])
        let result = bench.send(EngineBench.handshake("/once"))
        #expect(result.upstream.count == 1)
        #expect(result.status == 502)
        #expect(result.responses.first?.decided?.because.contains("prematurely closed") == true)
    }

    @Test("no answer within proxy_read_timeout is a 504")
    func timeout() throws {
        var bench = try EngineBench(http: Self.http, backends: ["127.0.0.1:3000": [.isSilent]])
        let result = bench.send(
            EngineBench.handshake("/short"),
            then: [
                { bench, _, result in
                    guard let (timer, instant) = result.timers.first else { return }
                    #expect(instant == .epoch + .seconds(2))
                    bench.now = instant
                    bench.feed(.deadline(timer), &result)
                }
            ])
        #expect(result.status == 504)
    }

    @Test("error_page keeps or replaces the status")
    func errorPage() throws {
        var bench = try EngineBench(http: Self.http, backends: ["127.0.0.1:3000": [.refuses]])
        let result = bench.send("GET /pages HTTP/1.1\nHost: a\n\n")
        #expect(result.status == 503)
        #expect(result.client.hasSuffix("sorry"))
    }

    @Test("a connection to an upstream is used again where keepalive and an empty Connection allow it")
    func keepalive() throws {
        var bench = try EngineBench(
            http: """
                upstream app { server 127.0.0.1:3000; keepalive 4; }
                server { listen 127.0.0.1:80; location / { proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; } }
                """, backends: ["127.0.0.1:3000": [.answers("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi")]])
        let request = "GET / HTTP/1.1\nHost: a\n\n"
        let first = bench.send(request)
        #expect(first.client.hasSuffix("\n\nhi"))
        let second = bench.send(request)
        #expect(second.upstream.count == 1)
        #expect(second.client.hasSuffix("\n\nhi"))
    }

    @Test("a variable in proxy_pass that names a host needs a resolver")
    func resolver() throws {
        var bench = try EngineBench(server: "location / { set $h backend.internal; proxy_pass http://$h:3000; }")
        let response = try #require(bench.send(EngineBench.handshake()).responses.first)
        #expect(response.head.status == 502)
        #expect(response.decided?.because.contains("no resolver defined") == true)
    }

    @Test("the client that leaves ends the exchange without an answer")
    func clientLeaves() throws {
        var bench = try EngineBench(http: Self.http, backends: ["127.0.0.1:3000": [.isSilent]])
        let result = bench.send(
            EngineBench.handshake(), then: [{ bench, id, result in bench.feed(.clientClosed(id, .full), &result) }])
        #expect(result.client.isEmpty)
        #expect(result.closed != nil)
    }

    @Test("one worker with few connections turns clients away, as a WebSocket takes two")
    func workerConnections() throws {
        var bench = try EngineBench(http: Self.http)
        let before = (0..<260).map { _ in bench.send(EngineBench.handshake()) }
        #expect(before.first?.status == 101)
        #expect(before.last?.status == nil)
        #expect(before.last?.closed?.1.mend.contains("worker_connections") == true)
    }

    @Test("the head's time runs from the opening of the connection, not from its first byte")
    func headerTimeout() throws {
        var bench = try EngineBench(server: "client_header_timeout 5s; location / { return 200; }")
        let result = bench.send(
            "GET / HT",
            then: [
                { bench, id, result in
                    bench.now = .epoch + .seconds(3)
                    bench.feed(.received(id, Array("TP/1.1\r\n".utf8)), &result)
                }
            ])
        #expect(result.timers.values.map(\.self) == [.epoch + .seconds(5)])
    }

    @Test("a server behind auth_request that switches protocols costs the connection, and the mend says why")
    func subrequestSwitches() throws {
        var bench = try EngineBench(
            http: """
                \(recipeMap)
                server { listen 127.0.0.1:80; \(recipe)
                    location / { auth_request /auth; proxy_pass http://127.0.0.1:3000; }
                    location = /auth { proxy_pass http://127.0.0.1:4000; }
                }
                """)
        let result = bench.send(EngineBench.handshake())
        #expect(result.client.isEmpty)
        #expect(result.closed?.1.mend.contains("proxy_set_header Upgrade \"\"") == true)
    }
}
