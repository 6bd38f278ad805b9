import HTTPWire
import ProxyModel
import Testing
import WireBasics

@Suite("Reading a request")
struct RequestReadingTests {
    private func bench(_ more: String = "") throws -> EngineBench {
        try EngineBench(
            server: "\(more) location / { proxy_pass http://127.0.0.1:3000; } location /ok { return 200 ok; }")
    }

    @Test(
        "a faulty request line or header gets nginx's status and closes the connection",
        arguments: [
            ("get / HTTP/1.1\nHost: a\n\n", 400), ("GET / HTTP/2.0\nHost: a\n\n", 505),
            ("GET / HTTP/1.2\nHost: a\n\n", nil),
            ("GET /a b HTTP/1.1\nHost: a\n\n", 400), ("OPTIONS * HTTP/1.1\nHost: a\n\n", 400),
            ("TRACE / HTTP/1.1\nHost: a\n\n", 405), ("GET / HTTP/1.1\n\n", 400), ("GET / HTTP/1.0\n\n", nil),
            ("GET / HTTP/1.1\nHost: a\nHost: a\n\n", 400), ("GET / HTTP/1.1\nHost: a/b\n\n", 400),
            ("GET / HTTP/1.1\nHost: a\nX Y: 1\n\n", 400), ("GET / HTTP/1.1\nHost: a\n folded\n\n", 400),
            ("POST / HTTP/1.1\nHost: a\nContent-Length: 1\nTransfer-Encoding: chunked\n\nx", 400),
            ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip\n\n", 501), ("GET /../x HTTP/1.1\nHost: a\n\n", 400),
            ("GET /%00 HTTP/1.1\nHost: a\n\n", 400), ("GET http://a:1/x HTTP/1.1\nHost: b\n\n", nil),
        ])
    func faults(text: String, status: Int?) throws {
        var bench = try bench()
        let result = bench.send(text)
        if let status {
            #expect(result.status == status)
            #expect(result.closed != nil)
            #expect(result.upstream.isEmpty)
        } else {
            #expect(result.upstream.count == 1)
        }
    }

    @Test("bytes may come one by one")
    func slowly() throws {
        var bench = try bench()
        let rest = ByteString(EngineBench.handshake().crlf).bytes
        let steps = rest.dropFirst().map { byte in
            { (bench: inout EngineBench, id: ConnectionID, result: inout EngineBench.Result) in
                bench.feed(.received(id, [byte]), &result)
            }
        }
        let result = bench.send("G", then: steps)
        #expect(result.upstream.count == 1)
        #expect(result.head.first == "GET /ws HTTP/1.0")
    }

    @Test(
        "what does not fit large_client_header_buffers is refused, and the mend names the directive",
        arguments: [(400, nil), (600, 494)] as [(Int, Int?)])
    func largeHeaders(length: Int, refusal: Int?) throws {
        var bench = try bench("client_header_buffer_size 256; large_client_header_buffers 2 512;")
        let value = String(repeating: "c", count: length)
        let result = bench.send("GET / HTTP/1.1\nHost: a\nCookie: \(value)\n\n")
        #expect((result.status == 400) == (refusal != nil))
        #expect(
            (result.responses.first?.decided?.mend.contains("large_client_header_buffers") == true) == (refusal != nil))
    }

    @Test("names with an underscore are dropped unless underscores_in_headers is on")
    func underscores() throws {
        let text = "GET / HTTP/1.1\nHost: a\nX_U: 1\n\n"
        var plain = try bench()
        var lenient = try bench("underscores_in_headers on;")
        #expect(!plain.send(text).head.contains("X_U: 1"))
        #expect(lenient.send(text).head.contains("X_U: 1"))
    }

    @Test("requests that the client sent ahead are answered in order, on one connection")
    func pipelining() throws {
        var bench = try bench()
        let request = "GET /ok HTTP/1.1\nHost: a\n\n"
        let result = bench.send(request + request + "GET /ok HTTP/1.1\nHost: a\nConnection: close\n\n")
        #expect(result.responses.map(\.head.status) == [200, 200, 200])
        #expect(result.responses.map { $0.head.headers.first("Connection") } == ["keep-alive", "keep-alive", "close"])
        #expect(result.closed?.1.because.contains("close") == true)
    }

    @Test("a body is read before the upstream is asked, and chunks get a length")
    func bodies() throws {
        var bench = try bench()
        let result = bench.send("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n3\nabc\n2\nde\n0\n\n")
        #expect(result.upstream.first?.request.hasSuffix("\r\n\r\nabcde") == true)
        #expect(result.head.contains("Content-Length: 5"))
        #expect(!result.head.contains { $0.hasPrefix("Transfer-Encoding") })
    }

    @Test("a body larger than client_max_body_size is refused with 413")
    func tooLarge() throws {
        var bench = try bench("client_max_body_size 4;")
        let result = bench.send("POST / HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello")
        #expect(result.status == 413)
        #expect(result.responses.first?.decided?.mend == "raise client_max_body_size")
    }

    @Test("Expect: 100-continue is answered by nginx and not passed on")
    func expectContinue() throws {
        var bench = try bench()
        let result = bench.send("POST / HTTP/1.1\nHost: a\nContent-Length: 2\nExpect: 100-continue\n\nhi")
        #expect(result.client.hasPrefix("HTTP/1.1 100 Continue"))
        #expect(!result.head.contains { $0.hasPrefix("Expect") })
    }
}
