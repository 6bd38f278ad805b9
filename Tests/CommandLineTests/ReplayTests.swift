import Foundation
import Testing

@Suite("replay: which sessions break, and why")
struct ReplayTests {
    /// A bundled capture, a configuration, and how it ends.
    struct Row: CustomTestStringConvertible {
        var capture: String
        var proxy: String
        var status: Int32
        /// The counts of verdicts, as the last but one line has them.
        var counts: String
        /// What the output says besides.
        var says: [String] = []

        var testDescription: String { "\(capture) through \(proxy)" }
    }

    static let working = [
        Row(capture: "chat", proxy: "chat", status: 0, counts: "6 sessions · ✓ 6 same"),
        Row(capture: "chat-both-legs", proxy: "chat-both-legs", status: 0, counts: "6 sessions · ✓ 6 same"),
        Row(capture: "chat", proxy: "chat-http-host", status: 0, counts: "6 sessions · ✓ 6 same"),
        Row(capture: "chat", proxy: "chat-hardcoded-connection", status: 0, counts: "6 sessions · ✓ 6 same"),
        Row(capture: "closes", proxy: "closes", status: 0, counts: "14 sessions · ✓ 14 same"),
        Row(capture: "compression", proxy: "compression", status: 0, counts: "5 sessions · ✓ 5 same"),
        Row(capture: "frames", proxy: "frames", status: 0, counts: "5 sessions · ✓ 5 same"),
        Row(
            capture: "http-beside-websocket", proxy: "http-beside-websocket", status: 0,
            counts: "9 sessions · ✓ 9 same"),
        Row(capture: "idle", proxy: "idle", status: 0, counts: "3 sessions · ✓ 3 same"),
        Row(capture: "idle-cut-by-nginx", proxy: "idle-cut-by-nginx", status: 0, counts: "3 sessions · ✓ 3 same"),
        Row(capture: "ipv6", proxy: "ipv6", status: 0, counts: "2 sessions · ✓ 2 same"),
        Row(capture: "direct", proxy: "direct", status: 0, counts: "2 sessions · ✓ 2 same"),
        Row(capture: "subprotocols", proxy: "subprotocols", status: 0, counts: "5 sessions · ✓ 5 same"),
    ]

    static let broken = [
        Row(
            capture: "chat", proxy: "chat-no-upgrade-line", status: 1, counts: "6 sessions · ✗ 3 broken · ✓ 3 same",
            says: [
                "chat-no-upgrade-line/nginx.conf:19:13 error", "expected 101, got 426",
                "`proxy_set_header Upgrade $http_upgrade;`", "inside location /",
            ]),
        Row(
            capture: "chat", proxy: "chat-headers-not-inherited", status: 1,
            counts: "6 sessions · ✗ 3 broken · ✓ 3 same",
            says: [
                "chat-headers-not-inherited/nginx.conf:25:13 error", "expected 101, got 426",
                "proxy_set_header in location / cancels the 3 lines inherited from server chat.example.test "
                    + "(Captures/chat-headers-not-inherited/nginx.conf:19)",
                "repeat `proxy_set_header Upgrade $http_upgrade;`",
            ]),
        Row(
            capture: "chat", proxy: "chat-no-headers-at-all", status: 1, counts: "6 sessions · ✗ 3 broken · ✓ 3 same",
            says: ["expected 101, got 426", "chat-no-headers-at-all/nginx.conf:", "proxy_set_header Upgrade"]),
        Row(
            capture: "chat", proxy: "chat-no-http11", status: 1, counts: "6 sessions · ✗ 3 broken · ✓ 3 same",
            says: ["expected 101, got 400", "chat-no-http11/nginx.conf:", "`proxy_http_version 1.1;`"]),
        Row(
            capture: "chat", proxy: "chat-wrong-location", status: 1, counts: "6 sessions · ✗ 3 broken · ✓ 3 same",
            says: ["expected 101, got 302", "chat-wrong-location/nginx.conf:"]),
        Row(
            capture: "chat", proxy: "chat-trailing-slash", status: 1, counts: "6 sessions · ✗ 3 broken · ✓ 3 same",
            says: ["expected 101, got 301", "chat-trailing-slash/nginx.conf:"]),
        Row(
            capture: "idle", proxy: "idle-timeout", status: 1, counts: "3 sessions · ✗ 1 broken · ✓ 2 same",
            says: ["idle-timeout/nginx.conf:22", "proxy_read_timeout", "Do not deploy this as it is"]),
    ]

    @Test("a capture through the configuration that it was made with ends with 0", arguments: working)
    func works(_ row: Row) throws {
        try check(row)
    }

    @Test("a broken twin of the configuration ends with 1 and says where, why and how to mend it", arguments: broken)
    func breaks(_ row: Row) throws {
        try check(row)
    }

    private func check(_ row: Row) throws {
        let ended = try Wsreplay.run(
            "replay", Bundled.capture(row.capture), "--proxy", Bundled.configuration(row.proxy))
        #expect(ended.status == row.status)
        #expect(ended.diagnostics == "")
        #expect(ended.prose.contains(row.counts))
        for sentence in row.says { #expect(ended.prose.contains(sentence), "\(sentence)") }
    }

    @Test("what an end can see is no failure, unless it is asked for with --fail-on changed")
    func failOn() throws {
        let command = [
            "replay", Bundled.capture("chat"), "--proxy", Bundled.configuration("chat-host-not-forwarded"),
        ]
        let ended = try Wsreplay.run(command)
        #expect(ended.status == 0)
        #expect(ended.prose.contains("changed"))
        #expect(try Wsreplay.run(command + ["--fail-on", "changed"]).status == 1)
        let same = ["replay", Bundled.capture("chat"), "--proxy", Bundled.configuration("chat")]
        #expect(try Wsreplay.run(same + ["--fail-on", "changed"]).status == 0)
    }

    @Test("what cannot be judged and nothing worse ends with 3, and says what the capture lacks")
    func inconclusive() throws {
        let folder = try TemporaryFolder()
        // Packet 14 is the first request; its answer is not there: stopped too soon, but the file is whole.
        let start = try Pcap(Bundled.contents(Bundled.capture("chat"))).prefix(ofPackets: 15)
        let capture = try folder.create("stopped.pcap", start).path
        let ended = try Wsreplay.run("replay", capture, "--proxy", Bundled.configuration("chat"))
        #expect(ended.status == 3)
        #expect(ended.diagnostics == "")
        #expect(ended.prose.contains("? inconclusive stopped.pcap#1"))
        #expect(ended.prose.contains("the capture holds no response to the request"))
        #expect(ended.prose.contains("The session cannot be judged from what was captured."))
    }

    @Test("a capture comes from standard input, and is judged the same")
    func standardInput() throws {
        let file = Wsreplay.root.appending(path: Bundled.capture("chat"))
        for (proxy, status) in [("chat", 0), ("chat-no-upgrade-line", 1)] as [(String, Int32)] {
            let options = ["--proxy", Bundled.configuration(proxy), "--format", "json"]
            let piped = try Wsreplay.run(["replay", "-"] + options, input: file)
            #expect(piped.status == status)
            let named = try Wsreplay.run(["replay", Bundled.capture("chat")] + options)
            #expect(try Verdicts(piped.output) == Verdicts(named.output))
        }
        #expect(try Wsreplay.run(["inspect", "-"], input: file).prose.contains("98 packets"))
    }

    @Test("two captures are replayed as one run, sessions named by their file")
    func twoCaptures() throws {
        let ended = try Wsreplay.run(
            "replay", Bundled.capture("chat"), Bundled.capture("closes"), "--proxy", Bundled.configuration("chat"))
        #expect(ended.prose.contains("20 sessions"))
    }
}
