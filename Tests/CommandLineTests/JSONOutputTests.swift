import Foundation
import Testing

@Suite("--format json")
struct JSONOutputTests {
    /// A command, and the document that it promises.
    struct Row: CustomTestStringConvertible {
        var document: String
        var command: String

        var testDescription: String { command }
    }

    static let rows =
        Bundled.captured.flatMap { name in
            [
                Row(document: "inspect", command: "inspect \(Bundled.capture(name))"),
                Row(document: "inspect --frames", command: "inspect \(Bundled.capture(name)) --frames"),
                Row(
                    document: "replay",
                    command: "replay \(Bundled.capture(name)) --proxy \(Bundled.configuration(name))"),
            ]
        }
        + [
            "chat-no-upgrade-line", "chat-headers-not-inherited", "chat-no-headers-at-all", "chat-no-http11",
            "chat-wrong-location", "chat-trailing-slash",
        ].flatMap { name in
            [
                Row(
                    document: "replay",
                    command: "replay \(Bundled.capture("chat")) --proxy \(Bundled.configuration(name)) --trace"),
                Row(
                    document: "try",
                    command: "try ws://chat.example.test:8080/chat --proxy \(Bundled.configuration(name))"),
            ]
        }
        + [
            Row(
                document: "replay",
                command: "replay Captures/idle/capture.pcap --proxy Captures/idle-timeout/nginx.conf"),
            Row(document: "try", command: "try http://chat.example.test:8080/ --proxy Captures/chat/nginx.conf"),
            Row(document: "try", command: "try ws://a.test/ --proxy Captures/chat/nginx.conf --backend refuse"),
            Row(document: "try", command: "try ws://a.test/ --proxy Captures/chat/nginx.conf --backend timeOut"),
            Row(document: "test", command: "test Captures"),
            Row(document: "lint", command: "lint Captures/chat/nginx.conf Captures/chat-no-upgrade-line/nginx.conf"),
        ]

    @Test("is one document with the promised keys and types, its keys sorted and lowerCamelCase", arguments: rows)
    func promises(_ row: Row) throws {
        let ended = try Self.run(row.command)
        #expect(ended.byExit)
        #expect(ended.status == 0 || ended.status == 1)
        #expect(ended.diagnostics == "")
        let document = try JSONSerialization.jsonObject(with: ended.output)
        #expect(JSONPromises.document(row.document).complaints(about: document) == [])
        #expect(JSONKeys.complaints(about: ended.text) == [])
    }

    @Test("says nothing twice that does not agree", arguments: rows.filter { ["replay", "try"].contains($0.document) })
    func agreement(_ row: Row) throws {
        let ended = try Self.run(row.command)
        let run = try JSONDecoder().decode(Run.self, from: ended.output)
        for verdict in ["same", "changed", "broken", "fixed", "inconclusive"] {
            #expect(run.summary[verdict] == run.sessions.count { $0.verdict == verdict })
        }
        #expect(run.summary["sessions"] == run.sessions.count)
        #expect(ended.status == (run.sessions.contains { $0.verdict == "broken" } ? 1 : 0))
        for session in run.sessions {
            let received = String(decoding: session.clientReceives, as: UTF8.self)
            let status = session.status.map { "HTTP/1.1 \($0) " }
            #expect(received.hasPrefix(status ?? ""))
            // A session that breaks says what differs, why, and never without a mend in the whole of it.
            let isBroken = session.verdict == "broken"
            #expect(!isBroken || session.differences.contains { !$0.because.isEmpty })
            for end in [session.tunnel?.client, session.tunnel?.server].compactMap(\.self) {
                #expect(end.delivered + end.lost == end.frames)
            }
        }
    }

    @Test(
        "a run that cannot be done gives one document that says why, beside the message on standard error",
        arguments: [
            ("replay none.pcap --proxy Captures/chat/nginx.conf", "none.pcap: cannot be read"),
            (
                "replay Captures/chat/capture.pcap --proxy Captures/recipe-copied-wrong/nginx.conf",
                "unknown directive \"192.168.3.1:3000\""
            ),
            ("try wss://a.test/ --proxy Captures/chat/nginx.conf", "`wss://a.test/` cannot be tried"),
            ("inspect README.md", "this is no capture"), ("test Tests", "there is no case at or below Tests"),
        ])
    func errorDocument(_ command: String, _ message: String) throws {
        let ended = try Self.run(command)
        #expect(ended.status == 2)
        #expect(ended.diagnostics.contains(message))
        let document = try JSONSerialization.jsonObject(with: ended.output)
        #expect(JSONPromises.error.complaints(about: document) == [])
        #expect(JSONKeys.complaints(about: ended.text) == [])
        let problems = (document as? [String: Any])?["problems"] as? [[String: Any]]
        #expect((problems?.first?["message"] as? String)?.contains(message) == true)
    }

    @Test("a broken form is noticed: the checks above can fail")
    func control() throws {
        let shape = JSONPromises.document("replay")
        let text = #"{"schema": "wsreplay.replay/1", "sessions": [{"status": "101"}]}"#
        let complaints = shape.complaints(about: try JSONSerialization.jsonObject(with: Data(text.utf8)))
        #expect(complaints.contains(".summary is missing"))
        #expect(complaints.contains { $0.hasPrefix(".sessions[0].status is 101") })
        #expect(
            JSONKeys.complaints(about: #"{"b": {"x": 1, "y": "{:"}, "a": [{"c": 1}, {"b": 2}]}"#) == ["a comes after b"]
        )
        #expect(JSONKeys.complaints(about: #"{"a": 1, "a": 2}"#) == ["a comes after a"])
        #expect(JSONKeys.complaints(about: #"{"Not_camel": 1}"#) == ["Not_camel is no lowerCamelCase"])
    }

    private static func run(_ command: String) throws -> Ended {
        try Wsreplay.run((command + " --format json").split(separator: " ").map(String.init))
    }

    private struct Run: Decodable {
        var summary: [String: Int]
        var sessions: [Session]
    }

    private struct Session: Decodable {
        var verdict: String
        var status: Int?
        var clientReceives: Data
        var tunnel: Tunnel?
        var differences: [Difference]
    }

    private struct Tunnel: Decodable {
        var client: Delivery
        var server: Delivery
    }

    private struct Delivery: Decodable {
        var frames: Int
        var delivered: Int
        var lost: Int
    }

    private struct Difference: Decodable {
        var because: String
        var mend: String
    }
}
