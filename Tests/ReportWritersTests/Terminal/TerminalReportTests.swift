import ReportWriters
import Testing
import Verdicts
import WireBasics

@testable import ReportWriters

@Suite struct TerminalReportTests {
    @Test("no line is wider than the terminal", arguments: [40, 60, 80, 100, 160], SampleDocuments.all.map(\.kind))
    func width(_ columns: Int, _ kind: ReportDocument.Kind) throws {
        let document = try #require(SampleDocuments.all.first { $0.kind == kind })
        let text = document.text("text") { $0.columns = columns }
        for line in text.split(separator: "\n") {
            #expect(ColumnText.width(line) <= columns + 8, "\(line)")
        }
        #expect(!text.contains(" \n"), "blanks at the end of a line")
    }

    @Test("colour only where asked")
    func colour() {
        let document = SampleDocuments[.replay]
        #expect(!document.text("text").contains("\u{1B}"))
        let coloured = document.text("text") { $0.usesColour = true }
        #expect(coloured.contains("\u{1B}[1;31m✗ broken"))
        let plain = coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "")
        #expect(plain == document.text("text"))
    }

    @Test("a replay says which sessions break, why, and what to write")
    func replay() {
        let text = SampleDocuments[.replay].text("text")
        let expected = """
            capture  chat.pcap   4,211 packets, 9 connections, 93.400 s
            proxy    nginx.conf  nginx/1.22.1 (seen in the capture)

            ✓ same          chat.pcap#1  10.0.0.1:40101 → a.test/ws          101        10 frames        3.003 s
            ✓ same          chat.pcap#2  10.0.0.2:40102 → a.test/ws/rooms    101        10 frames        3.003 s
            ✗ broken        chat.pcap#3  10.0.0.7:51544 → a.test/chat?…      101 → 426  0 of 14 frames   4.403 s
            ✗ broken        chat.pcap#4  10.0.0.8:40100 → a.test/feed        101        2 of 8 frames   76.953 s
            """
        #expect(text.hasPrefix(expected))
        #expect(text.contains("1 nginx.conf:26:9  error  chat.pcap#3, chat.pcap#5\n"))
        #expect(text.contains("  mend  in location /chat: proxy_set_header Upgrade $http_upgrade;"))
        #expect(text.hasSuffix("Do not deploy this as it is: 3 of 8 sessions break and 1 cannot be judged.\n"))
    }

    @Test("of very many sessions those that came out the same are counted")
    func many() {
        var run = SampleRun.run
        run.sessions = (1...30).map { SampleRun.same($0, target: "/ws") } + [SampleRun.idle(31)]
        let text = ReportDocument.replay(run).text("text") { $0.maximumListedSessions = 20 }
        #expect(text.contains("✓ 30 more sessions came out as captured"))
        #expect(text.contains("chat.pcap#31"))
        #expect(!text.contains("chat.pcap#30"))
    }

    @Test("a request by hand shows every header with its origin, and what was lost")
    func attempt() {
        let text = SampleDocuments[.try].text("text") { $0.listsTrace = false }
        #expect(text.contains("    default    nginx.conf:20  Host: backend"))
        #expect(text.contains("    directive  nginx.conf:26  X-Real-IP: 127.0.0.1"))
        #expect(text.contains("    client                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="))
        #expect(text.contains("  not passed on\n    Upgrade: websocket\n      why   nginx.conf:26:"))
        #expect(text.contains("HTTP/1.1 426 Upgrade Required"))
        #expect(!text.contains("find_config"))
        #expect(SampleDocuments[.try].text("text").contains("find_config"))
    }

    @Test("an inspection lists frames only when asked")
    func inspect() {
        let document = SampleDocuments[.inspect]
        let frame = #"    0.199 s     106  →  text      35  {"op":"say","n":0,"text":"grüße"}"#
        #expect(document.text("text").contains(frame))
        #expect(!document.text("text") { $0.listsFrames = false }.contains(#""op":"say""#))
    }

    @Test("a case that fails says which expectation, where it is stated, why, and the mend")
    func cases() {
        let text = SampleDocuments[.test].text("text")
        #expect(text.contains("✗ failed  Captures/forgotten  2 expectations\n"))
        #expect(text.contains("chat.pcap#3  response.status  stated in Captures/forgotten/case.yaml:7:3\n"))
        #expect(text.hasSuffix("4 cases · ✓ 1 passed · ✗ 1 failed · ? 1 inconclusive · – 1 skipped\n"))
    }

    @Test("an error has its four parts")
    func error() {
        let expected = """
            error  nginx.conf:2:5: unknown directive "192.168.3.1:3000"
              why   a line of an upstream block begins with the word server
              mend  server 192.168.3.1:3000;

            nginx: [emerg] unknown directive "192.168.3.1:3000" in nginx.conf:2

            """
        #expect(SampleDocuments[.error].text("text") == expected)
    }
}
