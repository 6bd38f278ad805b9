import Foundation
import Testing

@Suite("--filter and --limit")
struct FilterTests {
    private static let chat = Bundled.capture("chat")

    @Test("the text says how many sessions were chosen, and the JSON holds those")
    func inspect() throws {
        let text = try Wsreplay.run(["inspect", Self.chat, "--filter", "path=/chat", "--filter", "close=1000"])
        #expect(text.status == 0)
        #expect(text.text.contains("2 of 6 sessions chosen by path=/chat and close=1000"))
        let json = try Wsreplay.run(["inspect", Self.chat, "--filter", "id=4", "--format", "json"])
        let document = try #require(try JSONSerialization.jsonObject(with: json.output) as? [String: Any])
        let capture = try #require((document["captures"] as? [[String: Any]])?.first)
        #expect((capture["sessions"] as? [[String: Any]])?.map { $0["id"] as? String } == ["capture.pcap#4"])
        let filter = try #require(capture["filter"] as? [String: Any])
        #expect(filter["chosen"] as? Int == 1)
        #expect(filter["total"] as? Int == 6)
    }

    @Test("a replay ends as its chosen sessions do")
    func replay() throws {
        let command = [
            "replay", Self.chat, "--proxy", Bundled.configuration("chat-headers-not-inherited"), "--filter",
        ]
        #expect(try Wsreplay.run(command + ["verdict=broken"]).status == 1)
        #expect(try Wsreplay.run(command + ["verdict=same"]).status == 0)
    }

    @Test(
        "what cannot be read, or chooses nothing, ends with 2",
        arguments: [
            (["--filter", "pth=/chat"], "--filter 'pth=/chat', character 1"),
            (["--filter", "path=/nope"], "met by none"),
            (["--filter", "verdict=same"], "there is no verdict"), (["--limit", "head=x"], "--limit 'head=x'"),
        ])
    func errors(options: [String], says: String) throws {
        let ended = try Wsreplay.run(["inspect", Self.chat] + options)
        #expect(ended.status == 2)
        #expect(ended.output.isEmpty)
        #expect(ended.diagnostics.contains(says), "\(ended.diagnostics)")
        #expect(ended.diagnostics.contains("mend:"))
    }

    @Test("the help of both commands names every limit and filter key", arguments: ["inspect", "replay"])
    func help(command: String) throws {
        let help = try Wsreplay.run([command, "--help"]).text
        for word in ["head=256k", "connections=200k", "violation", "address", "--filter path=/chat/*"] {
            #expect(help.contains(word), "\(word)")
        }
    }
}
