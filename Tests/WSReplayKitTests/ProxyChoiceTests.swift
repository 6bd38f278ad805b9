import Foundation
import Testing

@testable import WSReplayKit

@Suite("The version that is modelled")
struct ProxyChoiceTests {
    static let capture = Repository.path("Captures/chat/capture.pcap")
    static let direct = Repository.path("Captures/direct/capture.pcapng")
    static let configuration = Repository.path("Captures/chat/nginx.conf")

    /// A capture, the version asked for, and the one that is taken.
    struct Row: CustomTestStringConvertible {
        var capture: String?
        var asked: String?
        var product: String
        var chosenBy: String

        var testDescription: String { "\(capture ?? "no capture"), asked for \(asked ?? "nothing")" }
    }

    @Test(
        "is the one asked for, else the one seen in the capture, else the newest stable one; and the result says which",
        arguments: [
            Row(capture: capture, asked: "1.24.0", product: "nginx/1.24.0", chosenBy: "asked for"),
            Row(capture: capture, product: "nginx/1.22.1", chosenBy: "seen in the capture"),
            Row(
                capture: direct, product: "nginx/1.28.0", chosenBy: "the newest stable release that is modelled"),
            Row(product: "nginx/1.28.0", chosenBy: "the newest stable release that is modelled"),
            Row(asked: "1.22.1", product: "nginx/1.22.1", chosenBy: "asked for"),
        ])
    func version(_ row: Row) throws {
        let choice = ProxyChoice(path: Self.configuration, version: row.asked)
        let run =
            if let capture = row.capture {
                try Replay(captures: [capture], proxies: [choice], listener: Endpoint("127.0.0.1:8080")).run()
            } else {
                try Try(url: "ws://chat.example.test:8080/chat", proxies: [choice]).run()
            }
        #expect(run.proxies.map(\.product) == [row.product])
        #expect(run.proxies.map(\.versionChosenBy) == [row.chosenBy])
    }

    @Test(
        "a version that is not modelled is refused by name, whether too old or no version",
        arguments: ["1.17.9", "0.7.0", "2.0", "latest", "", "1.22.1; rm", "9999999999999999999999.1.1"])
    func unknownVersion(_ version: String) throws {
        let choice = ProxyChoice(path: Self.configuration, version: version)
        let error = try #require(throws: UserError.self) {
            try Try(url: "ws://chat.example.test:8080/chat", proxies: [choice]).run()
        }
        #expect(error.message.contains("\"\(version)\"") || error.message.contains(version), "\(error)")
        #expect(!error.mend.isEmpty)
    }

    @Test("a version in the capture that is not modelled does not count")
    func foreignVersion() throws {
        let folder = try TemporaryFolder()
        var bytes = try Repository.bytes("Captures/chat/capture.pcap")
        let (old, new) = (Array("nginx/1.22.1".utf8), Array("nginx/1.02.1".utf8))
        var index = 0
        while index + old.count <= bytes.count {
            if bytes[index..<index + old.count].elementsEqual(old) {
                bytes.replaceSubrange(index..<index + old.count, with: new)
            }
            index += 1
        }
        let capture = try folder.create("old.pcap", bytes).path
        let run = try Replay(captures: [capture], proxies: [ProxyChoice(path: Self.configuration)]).run()
        #expect(run.proxies.map(\.product) == ["nginx/1.28.0"])
        #expect(run.proxies.map(\.versionChosenBy) == ["the newest stable release that is modelled"])
    }
}
