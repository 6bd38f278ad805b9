import HTTPWire
import ProxyModel
import Testing
import WireBasics

@Suite("The request that nginx sends to an upstream")
struct UpstreamRequestTests {
    @Test("the recipe's lines come first, nginx's own after them, the client's last")
    func order() throws {
        var bench = try EngineBench(
            http:
                "\(recipeMap) server { listen 127.0.0.1:80; location /ws { proxy_pass http://127.0.0.1:3000; \(recipe) } }"
        )
        let result = bench.send(EngineBench.handshake("/ws?a=b", "Origin: http://app.test"))
        #expect(
            result.head == [
                "GET /ws?a=b HTTP/1.1", "Upgrade: websocket", "Connection: upgrade", "Host: 127.0.0.1:3000",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "Origin: http://app.test",
                "",
                "",
            ])
        #expect(
            result.requests[0].headers.map(\.origin) == [.directive, .directive, .default, .client, .client, .client])
        #expect(result.requests[0].headers[0].explanation.source?.source == "nginx.conf:4")
    }

    @Test(
        "what nginx sends by itself depends on the release",
        arguments: [
            ("1.22.1", ["GET /ws HTTP/1.0", "Host: 127.0.0.1:3000", "Connection: close"]),
            ("1.28.0", ["GET /ws HTTP/1.0", "Host: 127.0.0.1:3000", "Connection: close"]),
            ("1.29.7", ["GET /ws HTTP/1.1", "Host: 127.0.0.1:3000"]),
            ("1.31.4", ["GET /ws HTTP/1.1", "Host: 127.0.0.1:3000"]),
        ])
    func releases(version: String, expected: [String]) throws {
        var bench = try EngineBench(server: "location / { proxy_pass http://127.0.0.1:3000; }", version: version)
        let result = bench.send("GET /ws HTTP/1.1\nHost: app.test\nUpgrade: websocket\n\n")
        #expect(result.head == expected + ["", ""])
    }

    @Test("since 1.31.4 Host is the first line wherever the configuration sets it")
    func hostFirst() throws {
        let lines =
            "location / { proxy_set_header X-A 1; proxy_set_header Host $host; proxy_pass http://127.0.0.1:3000; }"
        var old = try EngineBench(server: lines, version: "1.28.0")
        var new = try EngineBench(server: lines, version: "1.31.4")
        let text = "GET / HTTP/1.1\nHost: app.test\n\n"
        #expect(old.send(text).head.dropFirst().prefix(2) == ["X-A: 1", "Host: app.test"])
        #expect(new.send(text).head.dropFirst().prefix(2) == ["Host: app.test", "X-A: 1"])
    }

    @Test("a line of the location cancels those of the server, and the lost header says which and how to mend it")
    func cancelledLines() throws {
        var bench = try EngineBench(
            http: """
                \(recipeMap)
                server {
                    listen 127.0.0.1:80;
                    \(recipe)
                    location /ws {
                        proxy_set_header X-Real-IP $remote_addr;
                        proxy_pass http://127.0.0.1:3000;
                    }
                }
                """)
        let result = bench.send(EngineBench.handshake())
        let lost = try #require(result.requests.first?.lost.first { $0.field.name == "Upgrade" })
        #expect(lost.explanation.source?.line == 10)
        #expect(
            lost.explanation.because.hasPrefix(
                "proxy_set_header in location /ws cancels the 2 lines inherited from server"))
        #expect(
            lost.explanation.mend
                == "repeat `proxy_set_header Upgrade $http_upgrade;` and `proxy_set_header Connection $connection_upgrade;` inside location /ws"
        )
    }

    @Test("without a line for Upgrade the mend names all that is missing, the map included")
    func missingUpgrade() throws {
        var bench = try EngineBench(server: "location / { proxy_pass http://127.0.0.1:3000; }")
        let lost = try #require(
            bench.send(EngineBench.handshake()).requests.first?.lost.first { $0.field.name == "Upgrade" })
        for part in [
            "proxy_http_version 1.1;", "Upgrade $http_upgrade;", "Connection $connection_upgrade;", "map $http_upgrade",
        ] {
            #expect(lost.explanation.mend.contains(part))
        }
    }

    @Test("an empty value sends nothing and still takes the client's line away")
    func emptyValue() throws {
        var bench = try EngineBench(
            server:
                "location / { proxy_set_header Origin \"\"; proxy_set_header X-Blank \" \"; proxy_pass http://127.0.0.1:3000; }"
        )
        let head = bench.send("GET / HTTP/1.1\nHost: app.test\nOrigin: x\nX-Keep: 1\n\n").head
        #expect(!head.contains { $0.hasPrefix("Origin") })
        #expect(head.contains("X-Blank:  "))
        #expect(head.contains("X-Keep: 1"))
    }

    @Test(
        "the target goes out as proxy_pass and the rewrites leave it",
        arguments: [
            ("location /ws/ { proxy_pass http://127.0.0.1:3000; }", "/ws//a/./b%20c?", "/ws//a/./b%20c?"),
            ("location /ws/ { proxy_pass http://127.0.0.1:3000/; }", "/ws/a%2Fb%20c?d=%20", "/a/b%20c?d=%20"),
            ("location /ws { proxy_pass http://127.0.0.1:3000/; }", "/ws/a", "//a"),
            ("location /ws/ { proxy_pass http://127.0.0.1:3000/in; }", "/ws/a", "/ina"),
            ("location /ws/ { proxy_pass http://127.0.0.1:3000/in/; }", "/ws/\"q\"", "/in/\"q\""),
            ("location ~ ^/ws/(.*)$ { proxy_pass http://127.0.0.1:3000/got/$1; }", "/ws/a%20b?lost=1", "/got/a b"),
            (
                "location /ws/ { rewrite ^/ws/(.*)$ /$1 break; proxy_pass http://127.0.0.1:3000/no/; }", "/ws/%22q?a",
                "/%22q?a"
            ),
            (
                "location / { rewrite ^/a/(.*)$ /b?x=$1 break; proxy_pass http://127.0.0.1:3000; }", "/a/c%20d?e=f",
                "/b?x=c%20d&e=f"
            ),
            ("location / { set $t 127.0.0.1:3000; proxy_pass http://$t; }", "/x//y?z", "/x//y?z"),
        ])
    func targets(location: String, target: String, expected: String) throws {
        var bench = try EngineBench(server: location)
        let result = bench.send("GET \(target) HTTP/1.1\nHost: app.test\n\n")
        #expect(result.head.first == "GET \(expected) HTTP/1.0")
    }

    @Test(
        "variables hold what nginx puts into them",
        arguments: [
            ("$host|$http_host|$server_name|$proxy_host", "app.test|APP.test:99|app.test|127.0.0.1:3000"),
            ("$remote_addr:$remote_port $scheme $server_port", "10.1.2.3:5000 http 80"),
            ("$uri|$request_uri|$args|$is_args|$arg_b", "/a b|/a%20b?b=%20|b=%20|?|%20"),
            ("$proxy_add_x_forwarded_for", "1.1.1.1, 2.2.2.2, 10.1.2.3"),
            ("$cookie_sid|$http_cookie", "x|a=1; sid=x"),
            ("$http_x_two", "1"),
            ("$kind", "second-ro"),
        ])
    func variables(expression: String, expected: String) throws {
        var bench = try EngineBench(
            http: """
                map $http_x_key $kind { default none; a first; ~^b(?<rest>..) second-$rest; }
                server { listen 127.0.0.1:80; server_name app.test;
                    location / { proxy_set_header X "\(expression)"; proxy_pass http://127.0.0.1:3000; } }
                """)
        let head = bench.send(
            """
            GET /a%20b?b=%20 HTTP/1.1
            Host: APP.test:99
            X-Forwarded-For: 1.1.1.1
            X-Forwarded-For: 2.2.2.2
            Cookie: a=1
            Cookie: sid=x
            X-Two: 1
            X-Two: 2
            X-Key: browse


            """
        ).head
        #expect(head.contains("X: \(expected)"))
    }

    @Test("a variable that is not modelled is named, not passed over")
    func unmodelledVariable() throws {
        var bench = try EngineBench(
            server: "location / { proxy_set_header X $hostname; proxy_pass http://127.0.0.1:3000; }")
        let result = bench.send("GET / HTTP/1.1\nHost: app.test\n\n")
        #expect(result.unmodelled.contains { $0.because.contains("$hostname") })
    }
}
