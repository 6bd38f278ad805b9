import Foundation
import Testing

@Suite("lint: mistakes that need no traffic")
struct LintTests {
    static let good = """
        map $http_upgrade $connection_upgrade { default upgrade; '' close; }
        map $http_upgrade $websocket { default ''; websocket websocket; }
        server {
            listen 8080;
            location /ws {
                proxy_pass http://127.0.0.1:3000;
                proxy_http_version 1.1;
                proxy_set_header Host $http_host;
                proxy_set_header Upgrade $websocket;
                proxy_set_header Connection $connection_upgrade;
                proxy_read_timeout 1h;
            }
        }

        """
    static let withoutUpgrade = good.replacing("proxy_set_header Upgrade $websocket;", with: "")
    static let withoutVersion = good.replacing("proxy_http_version 1.1;", with: "")
    static let withShortTimeout = good.replacing("1h", with: "60s")

    @Test(
        "the exit status goes by the worst finding and --fail-on",
        arguments: [
            (good, "note", 0), (withShortTimeout, "note", 1), (withShortTimeout, "warning", 0),
            (withoutVersion, "warning", 1), (withoutVersion, "error", 0), (withoutUpgrade, "error", 1),
        ] as [(String, String, Int32)])
    func status(text: String, limit: String, status: Int32) throws {
        let folder = try TemporaryFolder()
        let file = try folder.create("ws.conf", text)
        let ended = try Wsreplay.run("lint", file.path, "--fail-on", limit)
        #expect(ended.status == status, "\(ended.text)")
        #expect(ended.diagnostics == "")
    }

    @Test("a warning fails unless told otherwise, and the text says what, where, why and how to mend")
    func text() throws {
        let folder = try TemporaryFolder()
        let file = try folder.create("ws.conf", Self.withoutUpgrade)
        let ended = try Wsreplay.run("lint", file.path)
        #expect(ended.status == 1)
        for part in [
            "\(file.path):6:9 error ws-upgrade-not-forwarded",
            "an opening handshake to ws://example.test:8080/ws reaches 127.0.0.1:3000 without Upgrade",
            "no proxy_set_header names it", "write `proxy_set_header Upgrade $http_upgrade;` inside location /ws",
            "1 configuration · 1 error", "Do not deploy this as it is",
        ] { #expect(ended.prose.contains(part), "\(part)") }
    }

    @Test("several configurations make one report; what nginx refuses has its message, and status 2")
    func several() throws {
        let folder = try TemporaryFolder()
        let paths = [
            try folder.create("a.conf", Self.good).path, try folder.create("b.conf", Self.withoutUpgrade).path,
            try folder.create("c.conf", "server { listen 80; proxy_passs http://a; }").path,
        ]
        let ended = try Wsreplay.run(["lint", "--format", "json"] + paths)
        #expect(ended.status == 2)
        #expect(ended.diagnostics.contains("unknown directive \"proxy_passs\""))
        #expect(ended.diagnostics.contains("nginx: [emerg]"))
        let document = try JSONSerialization.jsonObject(with: ended.output)
        #expect(JSONPromises.document("lint").complaints(about: document) == [])
        #expect(JSONKeys.complaints(about: ended.text) == [])
        let summary = (document as? [String: Any])?["summary"] as? [String: Int]
        #expect(
            summary == ["configurations": 3, "refused": 1, "ignored": 0, "error": 1, "warning": 0, "hint": 0])
    }

    @Test("of what nginx refuses the text has the message, the reason and the mend, and says so once")
    func refusedAsText() throws {
        let folder = try TemporaryFolder()
        let file = try folder.create("a.conf", "server { listen 80; proxy_passs http://a; }")
        let ended = try Wsreplay.run("lint", file.path)
        #expect(ended.status == 2)
        #expect(ended.diagnostics == "")
        for part in [
            "\(file.path):1:21 error", "what unknown directive \"proxy_passs\"", "mend write proxy_pass",
            "nginx: [emerg] unknown directive \"proxy_passs\"", "1 configuration · 1 refused",
        ] { #expect(ended.prose.contains(part), "\(part)") }
    }

    @Test("--proxy-version decides which rules hold")
    func version() throws {
        let folder = try TemporaryFolder()
        let file = try folder.create("ws.conf", Self.withoutVersion)
        #expect(try Wsreplay.run("lint", file.path, "--proxy-version", "1.29.6").status == 1)
        #expect(try Wsreplay.run("lint", file.path, "--proxy-version", "1.29.7").status == 0)
        #expect(try Wsreplay.run("lint", file.path, "--proxy-version", "9.9").status == 2)
    }

    @Test("every form and every report file is written", arguments: ["text", "json", "sarif"])
    func forms(_ form: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.create("ws.conf", Self.withoutUpgrade)
        let ended = try Wsreplay.run(
            "lint", file.path, "--format", form, "--html", folder.path("r.html"), "--junit", folder.path("r.xml"),
            "--json", folder.path("r.json"))
        #expect(ended.status == 1)
        #expect(ended.text.contains("ws-upgrade-not-forwarded"))
        if form != "text" { _ = try JSONSerialization.jsonObject(with: ended.output) }
        for name in ["r.html", "r.xml", "r.json"] {
            let text = try String(contentsOf: folder.url.appending(path: name), encoding: .utf8)
            #expect(text.contains("ws-upgrade-not-forwarded"), "\(name)")
        }
    }

    @Test(
        "what cannot be linted is said, with status 2",
        arguments: [
            ("lint", "Missing expected argument '<config> ...'"), ("lint none.conf", "cannot read the configuration"),
            ("lint README.md --dialect none", "there is no dialect"),
            ("lint Captures/chat/nginx.conf --format ndjson", "is a form of `inspect` alone"),
            ("inspect Captures/chat/capture.pcap --format sarif", "is a form of `lint` alone"),
            ("lint Captures/chat/nginx.conf --html /none/r.html", "cannot write"),
        ])
    func refusals(_ command: String, _ message: String) throws {
        let ended = try Wsreplay.run(command.split(separator: " ").map(String.init))
        #expect(ended.status == 2)
        #expect(ended.diagnostics.contains(message), "\(ended.diagnostics)")
    }

    @Test("--rules prints the documentation")
    func rules() throws {
        let ended = try Wsreplay.run("lint", "--rules")
        #expect(ended.status == 0)
        let page = try String(
            contentsOf: Wsreplay.root.appending(path: "Documentation/lint.md"), encoding: .utf8)
        #expect(ended.text == page)
    }
}
