import Testing
import WSReplayKit

@Suite("The README's Swift example")
struct ReadmeExampleTests {
    @Test("compiles with one import, and says of each broken session why")
    func example() throws {
        let chat = Repository.path("Captures/chat/capture.pcap")
        let nginx = Repository.path("Captures/chat-headers-not-inherited/nginx.conf")
        var printed: [String] = []
        func print(_ id: SessionID, _ text: String) { printed.append("\(id) \(text)") }

        let run = try Replay(captures: [chat], proxies: [ProxyChoice(path: nginx)]).run()
        for session in run.sessions where session.verdict == .broken {
            for difference in session.differences { print(session.id, difference.explanation.because) }
        }

        #expect(run.sessions.count == 6)
        #expect(run.count(.broken) == 3)
        for id in ["capture.pcap#3", "capture.pcap#4", "capture.pcap#5"] {
            #expect(
                printed.contains {
                    $0.hasPrefix("\(id) ") && $0.contains("answers 426")
                        && $0.contains("cancels the 3 lines inherited")
                }, "\(id)")
        }
        #expect(printed.allSatisfy { !$0.hasPrefix("capture.pcap#1 ") })
    }

    @Test("what the README shows is the code above")
    func isTheSame() throws {
        let blocks = try Repository.text("README.md").split(separator: "```").filter { $0.hasPrefix("swift\n") }
        let block = try #require(blocks.count == 1 ? blocks.first : nil)
        let code = block.dropFirst("swift\n".count).replacing("\"chat.pcap\"", with: "chat")
            .replacing("\"nginx.conf\"", with: "nginx")
        let source = try Repository.text("Tests/WSReplayKitTests/ReadmeExampleTests.swift").split(separator: "\n")
            .map { $0.drop { $0 == " " } }
        for line in code.split(separator: "\n").map({ $0.drop { $0 == " " } }) {
            #expect(source.contains(line), "\(line)")
        }
    }
}
