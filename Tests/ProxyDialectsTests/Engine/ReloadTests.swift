import HTTPWire
import ProxyModel
import Testing
import WireBasics

/// What nginx 1.22.1 was seen to do with `kill -HUP`: Captures/reload-cuts-tunnels/README.md.
@Suite("A reload")
struct ReloadTests {
    private static func http(_ core: String = "") -> String {
        """
        \(recipeMap)
        limit_conn_zone $binary_remote_addr zone=one:1m;
        upstream app { server 127.0.0.1:3000; keepalive 4; }
        server { listen 127.0.0.1:80; \(core)
            location / { proxy_pass http://app; \(recipe) }
            location /one { limit_conn one 1; proxy_pass http://app; \(recipe) }
        }
        """
    }

    private static let plain = "GET / HTTP/1.1\nHost: a\n\n"
    private static let answer = EngineBench.Backend.answers("HTTP/1.1 200 OK\nContent-Length: 2\n\nok")
    private static let timeout = "worker_shutdown_timeout 2s;"

    private func reloaded(
        _ request: String, main: String = "", core: String = "", version: String = "1.22.1",
        backend: EngineBench.Backend = .answers(EngineBench.switching),
        then further: [(inout EngineBench, ConnectionID, inout EngineBench.Result) -> Void] = []
    ) throws -> EngineBench.Result {
        var bench = try EngineBench(
            http: Self.http(core), main: main, version: version, backends: ["127.0.0.1:3000": [backend]])
        return bench.send(
            request,
            then: [
                { bench, _, result in
                    bench.now = .epoch + .seconds(1)
                    bench.feed(.reloaded, &result)
                }
            ] + further)
    }

    /// Lets time go by to that second after the start, and every timer that is due ring.
    private static func wait(
        until second: Int64
    ) -> (inout EngineBench, ConnectionID, inout EngineBench.Result) -> Void {
        { bench, _, result in
            bench.now = .epoch + .seconds(second)
            let due = result.timers.filter { $0.value <= .epoch + .seconds(second) }.keys.sorted()
            for timer in due {
                result.timers[timer] = nil
                bench.feed(.deadline(timer), &result)
            }
        }
    }

    @Test("a tunnel lives on without worker_shutdown_timeout")
    func tunnelLives() throws {
        let result = try reloaded(EngineBench.handshake(), then: [Self.wait(until: 50)])
        #expect(result.status == 101)
        #expect(result.closed == nil)
    }

    @Test("worker_shutdown_timeout closes a tunnel, and its line is the reason")
    func tunnelCut() throws {
        let before = try reloaded(EngineBench.handshake(), main: Self.timeout, then: [Self.wait(until: 2)])
        #expect(before.closed == nil)
        let after = try reloaded(EngineBench.handshake(), main: Self.timeout, then: [Self.wait(until: 3)])
        #expect(after.closed?.0 == .full)
        #expect(after.closed?.1.source?.line == 1)
        #expect(after.closed?.1.mend.contains("worker_shutdown_timeout") == true)
    }

    @Test("a connection that waits for a further request is closed at once")
    func idleIsClosed() throws {
        let result = try reloaded(Self.plain, backend: Self.answer)
        #expect(result.status == 200)
        #expect(result.closed?.0 == .full)
    }

    @Test("keepalive_min_timeout leaves it open for a request that is on its way")
    func minimum() throws {
        let core = "keepalive_min_timeout 3s;"
        let result = try reloaded(Self.plain, core: core, version: "1.28.0", backend: Self.answer)
        #expect(result.closed == nil)
        let later = try reloaded(
            Self.plain, core: core, version: "1.28.0", backend: Self.answer, then: [Self.wait(until: 3)])
        #expect(later.closed?.0 == .full)
    }

    @Test(
        "an answer that comes later says Connection: close since 1.21.6, and the connection is closed in any release",
        arguments: [("1.21.5", "keep-alive"), ("1.21.6", "close"), ("1.31.4", "close")])
    func lateAnswer(version: String, connection: String) throws {
        let result = try reloaded(
            "GET / HT", version: version, backend: Self.answer,
            then: [{ bench, id, result in bench.feed(.received(id, Array("TP/1.1\r\nHost: a\r\n\r\n".utf8)), &result) }]
        )
        #expect(result.responses.first?.head.headers.first("Connection")?.latin1 == connection)
        #expect(result.closed?.0 == .full)
    }

    @Test("the timeout ends an exchange without an answer, and leaves a request alone that is not whole")
    func unansweredAndUnfinished() throws {
        let silent = try reloaded(Self.plain, main: Self.timeout, backend: .isSilent, then: [Self.wait(until: 3)])
        #expect(silent.client.isEmpty)
        #expect(silent.closed?.0 == .full)
        let head = try reloaded("GET / HT", main: Self.timeout, then: [Self.wait(until: 3)])
        #expect(head.closed == nil)
    }

    @Test("new clients come to the new worker, while limits count the tunnels of the old one")
    func sharedZones() throws {
        var bench = try EngineBench(http: Self.http())
        #expect(bench.send(EngineBench.handshake("/one")).status == 101)
        var result = EngineBench.Result()
        bench.feed(.reloaded, &result)
        #expect(bench.send(EngineBench.handshake("/one")).status == 503)
        bench.feed(.tunnelClosed(ConnectionID(1), by: .client, .full), &result)
        #expect(bench.send(EngineBench.handshake("/one")).status == 101)
        #expect(bench.send(EngineBench.handshake("/")).status == 101)
    }

    @Test("balancing begins anew, as it does in the first worker")
    func balancingBeginsAnew() throws {
        var bench = try EngineBench(
            http: """
                \(recipeMap)
                upstream app { server 127.0.0.1:3000; server 127.0.0.1:3001; }
                server { listen 127.0.0.1:80; location / { proxy_pass http://app; \(recipe) } }
                """)
        #expect(bench.send(EngineBench.handshake()).upstream.map(\.address) == ["127.0.0.1:3000"])
        var result = EngineBench.Result()
        bench.feed(.reloaded, &result)
        #expect(bench.send(EngineBench.handshake()).upstream.map(\.address) == ["127.0.0.1:3000"])
        bench.feed(.tunnelClosed(ConnectionID(1), by: .client, .full), &result)
        #expect(bench.send(EngineBench.handshake()).upstream.map(\.address) == ["127.0.0.1:3001"])
    }
}
