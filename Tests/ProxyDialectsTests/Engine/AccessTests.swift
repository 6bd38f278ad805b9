import HTTPWire
import ProxyModel
import Testing
import WireBasics

@Suite("Access before any backend")
struct AccessTests {
    @Test(
        "allow and deny are asked in order",
        arguments: [("10.1.2.3:1", 101), ("10.2.0.1:1", 403), ("192.168.0.1:1", 403)])
    func addresses(client: String, status: Int) throws {
        var bench = try EngineBench(
            http:
                "\(recipeMap) server { listen 127.0.0.1:80; location / { allow 10.1.0.0/16; deny all; proxy_pass http://127.0.0.1:3000; \(recipe) } }"
        )
        #expect(bench.send(EngineBench.handshake(), from: client).status == status)
    }

    @Test(
        "auth_basic takes the forms of a user file",
        arguments: [
            ("plain:secret", 404), ("plain:wrong", 401), ("apr:secret", 404), ("apr:wrong", 401), ("sha:secret", 404),
            ("ssha:secret", 404), ("nobody:secret", 401),
        ])
    func passwords(credentials: String, status: Int) throws {
        let users = """
            plain:{PLAIN}secret
            apr:$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0
            sha:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=
            ssha:{SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0
            """
        var bench = try EngineBench(
            server: "auth_basic area; auth_basic_user_file users; location / { root empty; }", files: ["users": users])
        let result = bench.send(
            "GET /x HTTP/1.1\nHost: app.test\nAuthorization: Basic \(base64(credentials))\n\n")
        #expect(result.status == status)
        #expect(
            (result.responses.first?.head.headers.first("WWW-Authenticate") == "Basic realm=\"area\"")
                == (status == 401))
    }

    @Test(
        "auth_request lets 2xx pass, hands on 401 and 403, and turns the rest into 500",
        arguments: [(204, 101), (401, 401), (403, 403), (404, 500)])
    func subrequest(answer: Int, status: Int) throws {
        var bench = try EngineBench(
            http: """
                \(recipeMap)
                server { listen 127.0.0.1:80;
                    location / { auth_request /auth; proxy_pass http://127.0.0.1:3000; \(recipe) }
                    location = /auth { internal; proxy_pass http://127.0.0.1:4000/check; }
                }
                """, backends: ["127.0.0.1:4000": [.answers("HTTP/1.1 \(answer) X\nContent-Length: 0\n\n")]])
        let result = bench.send(EngineBench.handshake())
        #expect(result.status == status)
        #expect(result.upstream.first?.request.hasPrefix("GET /check HTTP/1.0") == true)
        #expect(result.upstream.count == (status == 101 ? 2 : 1))
    }

    @Test("satisfy any asks until one lets the client in")
    func satisfyAny() throws {
        var bench = try EngineBench(
            server:
                "satisfy any; deny all; auth_basic x; auth_basic_user_file users; location / { return 404; } location /f { root e; }",
            files: ["users": "u:{PLAIN}p"])
        #expect(bench.send("GET /f HTTP/1.1\nHost: app.test\n\n").status == 401)
        #expect(bench.send("GET /f HTTP/1.1\nHost: app.test\nAuthorization: Basic \(base64("u:p"))\n\n").status == 404)
    }

    @Test("limit_conn counts a tunnel as long as it is open")
    func connectionLimit() throws {
        var bench = try EngineBench(
            http: """
                limit_conn_zone $binary_remote_addr zone=z:1m; \(recipeMap)
                server { listen 127.0.0.1:80; location / { limit_conn z 1; proxy_pass http://127.0.0.1:3000; \(recipe) } }
                """)
        var first: ConnectionID?
        #expect(bench.send(EngineBench.handshake(), then: [{ _, id, _ in first = id }]).status == 101)
        let refused = bench.send(EngineBench.handshake())
        #expect(refused.status == 503)
        #expect(refused.responses.first?.decided?.source?.line == 4)
        #expect(bench.send(EngineBench.handshake(), from: "10.9.9.9:1").status == 101)
        var rest = EngineBench.Result()
        let tunnel = try #require(first)
        bench.feed(.tunnelClosed(tunnel, by: .client, .full), &rest)
        #expect(bench.send(EngineBench.handshake()).status == 101)
    }

    @Test("limit_req refuses what comes faster than its rate, and forgets with time")
    func requestLimit() throws {
        var bench = try EngineBench(
            http: """
                limit_req_zone $binary_remote_addr zone=r:1m rate=1r/s;
                server { listen 127.0.0.1:80; location / { limit_req zone=r; limit_req_status 429; root e; } }
                """)
        let request = "GET /x HTTP/1.1\nHost: a\n\n"
        #expect(bench.send(request).status == 404)
        #expect(bench.send(request).status == 429)
        bench.now = bench.now + .seconds(2)
        #expect(bench.send(request).status == 404)
    }

    @Test("realip takes the address from a trusted hop")
    func realIP() throws {
        var bench = try EngineBench(
            server: """
                set_real_ip_from 10.0.0.0/8; real_ip_header X-Forwarded-For; real_ip_recursive on;
                location / { proxy_set_header X "$remote_addr $realip_remote_addr"; proxy_pass http://127.0.0.1:3000; }
                """)
        let text = "GET / HTTP/1.1\nHost: app.test\nX-Forwarded-For: 203.0.113.9, 10.0.0.7\n\n"
        #expect(bench.send(text).head.contains("X: 203.0.113.9 10.1.2.3"))
        #expect(bench.send(text, from: "192.0.2.1:1").head.contains("X: 192.0.2.1 192.0.2.1"))
    }

    @Test("a listener with proxy_protocol takes the header off, and what it says is known to those who ask")
    func proxyProtocol() throws {
        var bench = try EngineBench(
            http: """
                server {
                listen 127.0.0.1:80 proxy_protocol;
                set_real_ip_from 10.0.0.0/8; real_ip_header proxy_protocol;
                location / {
                    proxy_set_header X "$remote_addr:$remote_port $realip_remote_addr $proxy_protocol_addr";
                    proxy_set_header Y "$proxy_protocol_port $proxy_protocol_server_addr:$proxy_protocol_server_port";
                    proxy_pass http://127.0.0.1:3000;
                }
                }
                """)
        let header = "PROXY TCP4 203.0.113.9 192.0.2.2 4000 443\n"
        let request = "GET / HTTP/1.1\nHost: app.test\n\n"
        let trusted = bench.send(header + request)
        #expect(trusted.unmodelled == [])
        #expect(trusted.head.contains("X: 203.0.113.9:4000 10.1.2.3 203.0.113.9"))
        #expect(trusted.head.contains("Y: 4000 192.0.2.2:443"))
        let other = bench.send(header + request, from: "192.0.2.1:1")
        #expect(other.head.contains("X: 192.0.2.1:1 192.0.2.1 203.0.113.9"))
        let nobody = bench.send("PROXY UNKNOWN\n" + request)
        #expect(nobody.head.contains("X: 10.1.2.3:5000 10.1.2.3 "))
        #expect(nobody.unmodelled == [])
        // Whether the load balancer will send one is not in a capture without any.
        #expect(!bench.send(request).unmodelled.isEmpty)
    }

    @Test("a listener without proxy_protocol refuses the header as a request that cannot be read")
    func unexpectedProxyProtocol() throws {
        var bench = try EngineBench(server: "location / { proxy_pass http://127.0.0.1:3000; }")
        let refused = bench.send("PROXY TCP4 203.0.113.9 192.0.2.2 4000 443\nGET / HTTP/1.1\nHost: app.test\n\n")
        #expect(refused.status == 400)
        #expect(refused.upstream.isEmpty)
    }

    private func base64(_ text: String) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bytes = Array(text.utf8)
        var out = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0..<4 { out.append(index <= group.count ? letters[bits >> (18 - 6 * index) & 63] : "=") }
        }
        return out
    }
}
