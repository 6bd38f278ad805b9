import HTTPWire
import ProxyModel
import Testing
import WireBasics

@Suite("Why a handshake is refused, and a mend that mends")
struct MisroutingTests {
    private func refusal(http: String, host: String = "app.test", path: String = "/ws/") throws -> Explanation {
        var bench = try EngineBench(http: http)
        let result = bench.send(EngineBench.handshake(path, host: host))
        return try #require(result.responses.first?.decided ?? result.closed?.1)
    }

    @Test("a regular expression that is asked before the prefix is named, and ^~ keeps it out")
    func regexBeforePrefix() throws {
        let locations =
            "location /ws/ { proxy_pass http://127.0.0.1:3000; } location ~ \\.(js|sock)$ { return 404; }"
        let why = try refusal(http: "server { listen 127.0.0.1:80; \(locations) }", path: "/ws/a.sock")
        #expect(why.because.contains("location /ws/ has this URI as well"))
        #expect(why.mend.contains("`location ^~ /ws/`"))
    }

    @Test("a host that is no server's name is named, with the default server that takes it")
    func defaultServer() throws {
        let why = try refusal(
            http:
                "server { listen 127.0.0.1:80 default_server; return 444; } server { listen 127.0.0.1:80; server_name app.test; }",
            host: "ap.test")
        #expect(why.because.contains("no server_name of this address is ap.test"))
        #expect(why.mend.contains("ap.test into the server_name"))
    }

    @Test("a return of the server is asked before any location, so that it is moved and not overtaken")
    func returnOfTheServer() throws {
        let why = try refusal(
            http:
                "server { listen 127.0.0.1:80; return 301 https://$host$request_uri; location /ws/ { proxy_pass http://127.0.0.1:3000; } }"
        )
        #expect(why.because.contains("answers every request of server"))
        #expect(why.mend.contains("move this line into `location / { … }`"))
    }

    @Test("an error_page without = keeps its status over the backend's 101, and the mend is the =")
    func errorPageKeepsStatus() throws {
        var bench = try EngineBench(
            http:
                "\(recipeMap) server { listen 127.0.0.1:80; location / { root e; error_page 404 @app; } location @app { proxy_pass http://127.0.0.1:3000; \(recipe) } }",
            backends: ["127.0.0.1:3000": [.answers(EngineBench.switching)]])
        let result = bench.send(EngineBench.handshake())
        #expect(result.status == 404)
        #expect(result.responses.first?.decided?.because.contains("the backend answers 101") == true)
        #expect(result.responses.first?.decided?.mend.contains("with the `=`") == true)
    }

    @Test(
        "a Connection line that is there already is not to be written again: its map or its set is at fault",
        arguments: [
            ("map $http_upgrade $connection_upgrade { default close; '' upgrade; }", "", "write its map as"),
            ("map $http_upgrade $connection_upgrade { '' close; }", "", "write its map as"),
            (recipeMap, "set $connection_upgrade close;", "take out the `set $connection_upgrade"),
            ("", "set $connection_upgrade close;", "take out the `set $connection_upgrade"),
        ])
    func valueOfTheVariable(map: String, line: String, mend: String) throws {
        var bench = try EngineBench(
            http:
                "\(map) server { listen 127.0.0.1:80; \(line) location / { proxy_pass http://127.0.0.1:3000; \(recipe) } }"
        )
        let lost = try #require(bench.send(EngineBench.handshake()).requests.first?.lost)
        let connection = try #require(lost.first { $0.field.name == "Connection" })
        #expect(connection.explanation.mend.hasPrefix(mend))
    }

    @Test("a colon in the name of a proxy_set_header is found")
    func colon() throws {
        var bench = try EngineBench(
            server: "location / { proxy_pass http://127.0.0.1:3000; proxy_set_header Upgrade: $http_upgrade; }")
        let lost = try #require(bench.send(EngineBench.handshake()).requests.first?.lost)
        let upgrade = try #require(lost.first { $0.field.name == "Upgrade" })
        #expect(upgrade.explanation.mend == "take the colon out: `proxy_set_header Upgrade $http_upgrade;`")
    }
}
