import Foundation
import Testing

@Suite("Captures in several files")
struct SeriesTests {
    private static let recipe = "Captures/chat/nginx.conf"

    /// The chat capture in files as `tcpdump -C` names them, cut behind those packets.
    private static func folder(cutBehind cuts: [Int]) throws -> (folder: TemporaryFolder, paths: [String]) {
        let folder = try TemporaryFolder()
        let files = Pcap(try Bundled.contents("Captures/chat/capture.pcap")).split(behind: cuts)
        let paths = files.enumerated().map { folder.path("chat.pcap\($0.offset == 0 ? "" : String($0.offset))") }
        for (path, bytes) in zip(paths, files) { try bytes.write(to: URL(filePath: path)) }
        return (folder, paths)
    }

    @Test("a folder of rotated files gives the verdicts of the whole capture, and says how the files were read")
    func verdicts() throws {
        let (folder, paths) = try Self.folder(cutBehind: [31, 52, 75])
        for proxy in [Self.recipe, "Captures/chat-headers-not-inherited/nginx.conf"] {
            let whole = try Wsreplay.run("replay", "Captures/chat/capture.pcap", "--proxy", proxy, "--format", "json")
            let rotated = try Wsreplay.run(
                ["replay", folder.url.path, "--proxy", proxy, "--format", "json"])
            #expect(rotated.status == whole.status)
            #expect(try Verdicts(rotated.output).withoutNumbers == Verdicts(whole.output).withoutNumbers)
        }
        let inspected = try Wsreplay.run(["inspect"] + paths.shuffled())
        #expect(inspected.status == 0)
        #expect(inspected.text.hasPrefix("4 files are read as one stream, because each continues the one before\n"))
        let places = paths.map { inspected.text.range(of: "\($0)  pcap, ")?.lowerBound }
        #expect(!places.contains(nil) && places.compactMap(\.self) == places.compactMap(\.self).sorted())
        let replayed = try Wsreplay.run("replay", folder.url.path, "--proxy", Self.recipe)
        #expect(replayed.text.contains("\ngoes on  \(paths[1])"))
    }

    @Test("a packet of another file than the session's is shown with its file, as text and as JSON")
    func places() throws {
        let (folder, paths) = try Self.folder(cutBehind: [31, 52, 75])
        let text = try Wsreplay.run("inspect", folder.url.path, "--frames").text
        #expect(text.contains(#/\d+ of chat\.pcap1 /#))
        let output = try Wsreplay.run("inspect", folder.url.path, "--frames", "--format", "json").output
        let report = try JSONDecoder().decode(Report.self, from: output)
        #expect(report.captures.map(\.path) == paths)
        #expect(report.captures.map(\.continues) == [nil] + paths.dropLast())
        let starts = [0, 31, 52, 75]
        var crossing = 0
        let whole = try Wsreplay.run("inspect", "Captures/chat/capture.pcap", "--frames", "--format", "json").output
        let frames = try JSONDecoder().decode(Report.self, from: whole).captures.flatMap(\.sessions).flatMap(\.frames)
        let found = report.captures.flatMap { capture in
            capture.sessions.flatMap(\.frames).map { frame in
                let path = frame.file ?? capture.path
                crossing += frame.file == nil ? 0 : 1
                #expect(path != frame.file || path != capture.path)
                return Report.Frame(packet: frame.packet + starts[paths.firstIndex(of: path) ?? 0])
            }
        }
        #expect(found == frames)
        #expect(crossing > 0)
    }

    @Test("a cut file among them: its finding, the results of all, and the status 2")
    func damage() throws {
        let (folder, paths) = try Self.folder(cutBehind: [31, 52, 75])
        let file = URL(filePath: paths[1])
        try Data(contentsOf: file).dropLast(5).write(to: file)
        let ended = try Wsreplay.run("inspect", folder.url.path)
        #expect(ended.status == 2)
        #expect(ended.diagnostics.contains("error: \(paths[1]): file cut in the middle of packet 21"))
        #expect(ended.text.contains("4 files are read as one stream"))
        #expect(ended.text.contains(#/chat\.pcap2 [^\/]* #1 /#))
    }

    @Test("what is no capture in a folder is named, and passed over")
    func passedOver() throws {
        let (folder, _) = try Self.folder(cutBehind: [50])
        try folder.create("notes.txt", Array("Monday\n".utf8))
        let inspected = try Wsreplay.run("inspect", folder.url.path)
        #expect(inspected.status == 0)
        #expect(inspected.prose.contains("hint \(folder.url.path): passed over: notes.txt why in a folder, files are read"))
        let replayed = try Wsreplay.run("replay", folder.url.path, "--proxy", Self.recipe)
        #expect(replayed.prose.contains("passed over: notes.txt"))
    }

    @Test("transcripts and captures are read from standard input, told by their first bytes")
    func standardInput() throws {
        let (folder, paths) = try Self.folder(cutBehind: [31, 52, 75])
        let transcripts = folder.path("all.ndjson")
        _ = try Wsreplay.run(["inspect"] + paths + ["--transcripts", transcripts])
        let options = ["--proxy", Self.recipe, "--format", "json"]
        let direct = try Wsreplay.run(["replay"] + paths + options)
        let piped = try Wsreplay.run(["replay", "-"] + options, input: URL(filePath: transcripts))
        #expect(piped.status == 0)
        #expect(try Verdicts(piped.output) == Verdicts(direct.output))

        let second = try Wsreplay.run(
            ["inspect", paths[0], "-", paths[2], paths[3]], input: URL(filePath: paths[1]))
        #expect(second.status == 0)
        #expect(second.text.hasPrefix("4 files are read as one stream"))
        let twice = try Wsreplay.run(["inspect", "-", "-"], input: URL(filePath: paths[1]))
        #expect(twice.status == 2)
        #expect(twice.diagnostics.hasPrefix("error: - is given twice"))
    }

    @Test("a case may name a folder of captures")
    func caseOfFolder() throws {
        let (folder, _) = try Self.folder(cutBehind: [31, 52, 75])
        let recipe = try Bundled.contents(Self.recipe)
        try folder.create("case/nginx.conf", Array(recipe))
        try folder.create(
            "case/case.yaml",
            """
            description: The recipe carries the chat, from rotated files.
            captures: [..]
            proxy: [nginx.conf]
            expect:
              - sessions: all
                verdict: same
            """)
        let ended = try Wsreplay.run("test", folder.path("case"))
        #expect(ended.status == 0, "\(ended.diagnostics)")
    }

    private struct Report: Decodable {
        var captures: [Capture]

        struct Capture: Decodable {
            var path: String
            var continues: String?
            var sessions: [Session]
        }

        struct Session: Decodable {
            var frames: [Frame]
        }

        struct Frame: Decodable, Equatable {
            var packet: Int
            var file: String?
        }
    }
}
