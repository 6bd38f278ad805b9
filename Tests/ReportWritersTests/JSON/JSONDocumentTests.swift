import Foundation
import ProxyModel
import ReportWriters
import Testing
import Verdicts
import WireBasics

@Suite struct JSONDocumentTests {
    private func object(_ document: ReportDocument, frames: Bool = false) throws -> [String: Any] {
        let text = document.text("json") { $0.listsFrames = frames }
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func sessions(_ object: [String: Any]) throws -> [[String: Any]] {
        try #require(object["sessions"] as? [[String: Any]])
    }

    @Test("a replay has the documented form, bytes exact and not redacted")
    func replay() throws {
        let replay = try object(.replay(SampleRun.run))
        #expect(replay["schema"] as? String == "wsreplay.replay/1")
        #expect(
            replay["summary"] as? [String: Int]
                == ["sessions": 8, "same": 2, "changed": 1, "broken": 3, "fixed": 1, "inconclusive": 1])
        let broken = try sessions(replay)[2]
        #expect(broken["id"] as? String == "chat.pcap#3")
        #expect(broken["verdict"] as? String == "broken")
        #expect(broken["status"] as? Int == 426)
        #expect(broken["tunnel"] is NSNull)
        let hop = try #require((broken["hops"] as? [[String: Any]])?.first)
        let attempt = try #require((hop["upstream"] as? [[String: Any]])?.first)
        let request = try #require((attempt["request"] as? String).flatMap { Data(base64Encoded: $0) })
        #expect(Array(request) == SampleRun.run.sessions[2].outcome.hops[0].attempts[0].sent)
        let differences = try #require(broken["differences"] as? [[String: Any]])
        #expect(differences[0]["path"] as? String == "response.status")
        #expect(differences[0]["expected"] as? Int == 101)
        #expect(differences[1]["actual"] is NSNull)
        #expect(differences[0]["source"] as? String == "nginx.conf:26")
        let idle = try sessions(replay)[3]
        let client = (idle["tunnel"] as? [String: Any])?["client"] as? [String: Int]
        #expect(client == ["frames": 4, "delivered": 1, "lost": 3])
    }

    @Test("a single request has the form of a replay under its own name")
    func attempt() throws {
        let attempt = try object(.try(SampleDocuments.attempt))
        #expect(attempt["schema"] as? String == "wsreplay.try/1")
        #expect(try sessions(attempt).count == 1)
    }

    @Test("an inspection lists frames only when asked, totals otherwise")
    func inspect() throws {
        for frames in [false, true] {
            let inspect = try object(.inspect(SampleDocuments.inspection), frames: frames)
            let capture = try #require((inspect["captures"] as? [[String: Any]])?.first)
            let ledger = capture["ledger"] as? [String: [String: Int]]
            #expect(ledger?["packets"] == ["total": 4211, "tcp": 4190, "udp": 21])
            let session = try sessions(capture)[0]
            #expect((session["frames"] as? [Any])?.count == (frames ? 10 : nil))
            #expect((session["totals"] == nil) == frames)
            let close = try #require(session["close"] as? [String: Any])
            #expect(close["client"] as? NSArray == [1000, ""])
            #expect(close["ending"] as? String == "fin")
            let request = try #require(session["request"] as? [String: Any])
            #expect((request["headers"] as? [[String]])?.first == ["Host", "a.test"])
        }
    }

    @Test("a frame carries what an independent reader compares")
    func frame() throws {
        let inspect = try object(.inspect(SampleDocuments.inspection), frames: true)
        let capture = try #require((inspect["captures"] as? [[String: Any]])?.first)
        let frame = try #require((try sessions(capture)[0]["frames"] as? [[String: Any]])?.first)
        #expect(frame["direction"] as? String == "client")
        #expect(frame["opcode"] as? Int == 1)
        #expect(frame["masked"] as? Bool == true)
        #expect(frame["sha256"] as? String == String(repeating: "ab", count: 32))
        #expect(frame["at"] as? String == "1700000001.150000000")
        #expect(frame["packet"] as? Int == 106)
    }
}
