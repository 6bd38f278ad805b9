import ProxyModel
import Testing
import WireBasics

/// Found by the oracle on nginx 1.22.1 and 1.31.4.
@Suite("What variables come to, and when")
struct VariableOrderTests {
    @Test("a map that matches a regular expression takes the groups of the location, also from a line above it")
    func groupsAreLost() throws {
        var bench = try EngineBench(
            http: """
                map $http_upgrade $up { default ''; ~*^websocket$ upgrade; }
                server { listen 127.0.0.1:80;
                    location ~ ^/(.*)$ {
                        proxy_set_header X-Group "[$1]";
                        proxy_set_header Connection $up;
                        proxy_pass http://127.0.0.1:3000;
                    }
                }
                """)
        #expect(bench.send(EngineBench.handshake("/room")).head.contains("X-Group: []"))
        #expect(bench.send("GET /room HTTP/1.1\nHost: a\n\n").head.contains("X-Group: [room]"))
    }

    @Test("a text that grows while it is written leaves the outcome open: newer releases answer 500")
    func textGrows() throws {
        var bench = try EngineBench(
            http: """
                map $http_upgrade $up { default no; ~*^web(socket)$ yes; }
                server { listen 127.0.0.1:80; location ~ ^/(.*)$ { return 200 "$1 $up $1"; } }
                """)
        #expect(bench.send(EngineBench.handshake("/a")).unmodelled.count == 1)
        #expect(bench.send("GET /a HTTP/1.1\nHost: a\n\n").unmodelled.isEmpty)
    }

    @Test(
        "$request_length counts whole lines",
        arguments: [("OPTIONS * HTTP/1.1\nHost: a\n\n", "0"), ("GET / HTTP/1.1\nBad Header: x\n\n", "16")])
    func requestLength(request: String, expected: String) throws {
        var bench = try EngineBench(
            server: "error_page 400 =200 /len; location = /len { return 200 \"[$request_length]\"; }")
        #expect(bench.send(request).client.hasSuffix("[\(expected)]"))
    }

    @Test("$content_length of a chunked body that is thrown away is 0")
    func discardedLength() throws {
        var bench = try EngineBench(server: "location / { return 200 \"[$content_length]\"; }")
        let result = bench.send("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n")
        #expect(result.client.hasSuffix("[0]"))
    }

    @Test(
        "keepalive_disable closes after a browser's request",
        arguments: [
            ("", "POST", "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)", "close"),
            ("", "POST", "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)", "keep-alive"),
            ("", "GET", "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)", "keep-alive"),
            ("keepalive_disable none;", "POST", "Mozilla/4.0 (compatible; MSIE 5.5)", "keep-alive"),
            ("keepalive_disable safari;", "GET", "Mozilla/5.0 (Mac OS X) Version/17.0 Safari/605", "close"),
            ("keepalive_disable safari;", "GET", "Mozilla/5.0 (Mac OS X) Chrome/120.0 Safari/537", "keep-alive"),
        ])
    func browsers(line: String, method: String, agent: String, connection: String) throws {
        var bench = try EngineBench(server: "\(line) location / { return 200 x; }")
        let result = bench.send("\(method) / HTTP/1.1\nHost: a\nUser-Agent: \(agent)\nContent-Length: 0\n\n")
        #expect(result.client.contains("Connection: \(connection)\n"))
    }
}
