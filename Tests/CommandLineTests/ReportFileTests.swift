import Foundation
import Testing

@Suite("Report files")
struct ReportFileTests {
    static let commands = [
        "replay Captures/chat/capture.pcap --proxy Captures/chat-no-upgrade-line/nginx.conf",
        "try ws://chat.example.test:8080/chat --proxy Captures/chat/nginx.conf",
        "test Captures/chat Captures/idle-timeout",
    ]

    @Test("--html, --junit and --json are written beside the output, each in its form", arguments: commands)
    func written(_ command: String) throws {
        let folder = try TemporaryFolder()
        let plain = try Self.run(command)
        let ended = try Self.run(
            "\(command) --html \(folder.path("r.html")) --junit \(folder.path("r.xml")) --json \(folder.path("r.json"))"
        )
        #expect(ended.status == plain.status)
        #expect(ended.output == plain.output)
        #expect(ended.diagnostics == plain.diagnostics)

        let html = try String(contentsOf: folder.url.appending(path: "r.html"), encoding: .utf8)
        #expect(html.hasPrefix("<!DOCTYPE html>"))
        #expect(html.hasSuffix("</html>\n"))
        let junit = try Data(contentsOf: folder.url.appending(path: "r.xml"))
        #expect(String(decoding: junit, as: UTF8.self).hasPrefix("<?xml"))
        #expect(String(decoding: junit, as: UTF8.self).contains("<testsuites"))
        let json = try Data(contentsOf: folder.url.appending(path: "r.json"))
        let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        #expect(object["schema"] as? String == "wsreplay.\(command.prefix { $0 != " " })/1")
    }

    @Test("what --json writes is what --format json prints, but for the command in it", arguments: commands)
    func sameJSON(_ command: String) throws {
        let folder = try TemporaryFolder()
        _ = try Self.run("\(command) --json \(folder.path("r.json"))")
        let written = try Self.withoutCommand(Data(contentsOf: folder.url.appending(path: "r.json")))
        let printed = try Self.withoutCommand(try Self.run("\(command) --format json").output)
        #expect(written == printed)
    }

    @Test(
        "a report that cannot be written is known before the work: status 2, and nothing on standard output",
        arguments: [
            "replay Captures/chat/capture.pcap --proxy Captures/chat/nginx.conf --html @/none/r.html",
            "replay Captures/chat/capture.pcap --proxy Captures/chat/nginx.conf --junit @/none/r.xml",
            "replay Captures/chat/capture.pcap --proxy Captures/chat/nginx.conf --json @/none/r.json",
            "try ws://a.test:8080/ --proxy Captures/chat/nginx.conf --html @",
            "test Captures/chat --junit @/none/r.xml",
            "inspect Captures/chat/capture.pcap --json @/none/r.json",
            "inspect Captures/chat/capture.pcap --transcripts @/none/r.ndjson",
            // Said before the capture is missed: the work has not begun.
            "replay none.pcap --proxy none.conf --html @/none/r.html",
        ])
    func unwritable(_ command: String) throws {
        let folder = try TemporaryFolder()
        let ended = try Self.run(command.replacing("@", with: folder.url.path))
        #expect(ended.status == 2)
        #expect(ended.output.isEmpty, "\(ended.text)")
        #expect(ended.diagnostics.contains("error: cannot write \(folder.url.path)"))
        #expect(ended.diagnostics.contains("mend: name a file in a folder that exists and can be written"))
        #expect(!ended.diagnostics.contains("none.pcap"))
    }

    @Test(
        "a run that cannot be done leaves no report, neither an empty one nor one of an earlier run",
        arguments: [
            "replay none.pcap --proxy Captures/chat/nginx.conf",
            "replay Captures/chat/capture.pcap --proxy Captures/recipe-copied-wrong/nginx.conf",
            "try wss://a.test/ --proxy Captures/chat/nginx.conf", "test Tests",
        ])
    func noReport(_ command: String) throws {
        let folder = try TemporaryFolder()
        let names = ["r.html", "r.xml", "r.json"]
        for isThere in [false, true] {
            if isThere { for name in names { try folder.create(name, "of an earlier run") } }
            let ended = try Self.run(
                "\(command) --html \(folder.path("r.html")) --junit \(folder.path("r.xml")) --json \(folder.path("r.json"))"
            )
            #expect(ended.status == 2)
            for name in names {
                let left = FileManager.default.contents(atPath: folder.path(name))
                #expect(left == nil || left == Data("of an earlier run".utf8), "\(name) after \(command)")
            }
        }
    }

    @Test("a disk that is full is an error, not a success", .enabled(if: access("/dev/full", W_OK) == 0))
    func fullDisk() throws {
        let ended = try Self.run("\(Self.commands[1]) --html /dev/full")
        #expect(ended.status == 2)
        #expect(ended.diagnostics.contains("cannot write /dev/full: No space left on device"))
    }

    private static func run(_ command: String) throws -> Ended {
        try Wsreplay.run(command.split(separator: " ").map(String.init))
    }

    private static func withoutCommand(_ json: Data) throws -> NSDictionary {
        var object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        #expect(object.removeValue(forKey: "command") is String)
        return object as NSDictionary
    }
}
