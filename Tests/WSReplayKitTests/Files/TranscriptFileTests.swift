import Foundation
import Testing

@testable import WSReplayKit

@Suite("Transcripts as a file")
struct TranscriptFileTests {
    @Test(
        "every bundled capture's transcripts are the same after writing and reading",
        arguments: Repository.captures.map(\.path))
    func roundTrip(_ path: String) throws {
        let folder = try TemporaryFolder()
        let file = folder.path("t.ndjson")
        let report = try Inspection(captures: [path]).run()
        let written = try #require(report.captures.first).sessions
        #expect(!written.isEmpty)
        try TranscriptFile.write(report, to: file)
        let read = try Self.read(file)
        #expect(read.count == 1)
        #expect(read.flatMap(\.sessions).map(\.id) == written.map(\.id))
        #expect(read.flatMap(\.sessions).map(\.transcript) == written.map(\.transcript))
        #expect(read.map(\.summary) == report.captures.map(\.summary))

        // Written again, they are the same bytes.
        let again = folder.path("again.ndjson")
        try TranscriptFile.write(InspectReport(captures: read), to: again)
        #expect(FileManager.default.contents(atPath: again) == FileManager.default.contents(atPath: file))
    }

    @Test("a capture is not taken for transcripts", arguments: Repository.captures.map(\.path))
    func captures(_ path: String) throws {
        #expect(!TranscriptFile.recognises(Array(try Data(contentsOf: URL(filePath: path)).prefix(64))))
    }

    @Test("transcripts compressed with gzip read as if they were not, and those that are cut are refused")
    func gzip() throws {
        let folder = try TemporaryFolder()
        let file = folder.path("t.ndjson")
        try TranscriptFile.write(try Inspection(captures: [Self.chat]).run(), to: file)
        let plain = try Self.read(file)
        let compressed = Gzip.stored(try #require(FileManager.default.contents(atPath: file)))
        let read = try Self.read(try folder.create("t.ndjson.gz", compressed).path)
        #expect(read.map(\.summary) == plain.map(\.summary))
        #expect(read.flatMap(\.sessions).map(\.transcript) == plain.flatMap(\.sessions).map(\.transcript))
        let cut = try folder.create("cut.ndjson.gz", compressed.dropLast(compressed.count / 3)).path
        let error = try #require(throws: UserError.self) { try Self.read(cut) }
        #expect(error.message.contains("the gzip data ends in the middle"))
    }

    @Test(
        "a line that is no transcript is refused with its number",
        arguments: [
            ("{}", "the object lacks what wsreplay.transcript/1 holds"),
            ("{\"a\"", "the object lacks what wsreplay.transcript/1 holds"),
            ("{\"schema\":\"wsreplay.transcript/1\"}", "the object lacks what wsreplay.transcript/1 holds"),
            ("[]", "the object lacks what wsreplay.transcript/1 holds"),
        ])
    func badLine(_ line: String, _ why: String) throws {
        let folder = try TemporaryFolder()
        let file = folder.path("t.ndjson")
        try TranscriptFile.write(try Inspection(captures: [Self.chat]).run(), to: file)
        let lines = try String(contentsOfFile: file, encoding: .utf8) + line + "\n"
        try folder.create("t.ndjson", lines)
        let error = try #require(throws: UserError.self) { try Self.read(file) }
        #expect(error.location == ConfigLocation(file: file, line: 8))
        #expect(error.message == "this line is no transcript")
        #expect(error.why == why)
        #expect(error.mend == "write transcripts with `wsreplay inspect CAPTURE --transcripts FILE`")
    }

    @Test("a capture that was cut is one that was cut as transcripts, too")
    func cut() throws {
        let folder = try TemporaryFolder()
        let bytes = try #require(FileManager.default.contents(atPath: Self.chat))
        let capture = folder.path("cut.pcap")
        try bytes.prefix(bytes.count - 7).write(to: URL(fileURLWithPath: capture))
        let file = folder.path("t.ndjson")
        try TranscriptFile.write(try Inspection(captures: [capture]).run(), to: file)
        #expect(try Self.read(file).first?.summary.isWhole == false)
    }

    @Test(
        "a count that no capture can hold is refused, and nothing is reckoned with it",
        arguments: ["-1", "9223372036854775807"])
    func impossibleCount(_ number: String) throws {
        let folder = try TemporaryFolder()
        let file = folder.path("t.ndjson")
        try TranscriptFile.write(try Inspection(captures: [Self.chat]).run(), to: file)
        let edited = try String(contentsOfFile: file, encoding: .utf8)
            .replacingOccurrences(of: "\"framesByOpcode\":[0,", with: "\"framesByOpcode\":[\(number),")
        try folder.create("t.ndjson", edited)
        let error = try #require(throws: UserError.self) { try Self.read(file) }
        #expect(error.why == "a count in it is negative or larger than any capture")
    }

    @Test("a capture that continues another stays one, and a count of packets before it that cannot be is refused")
    func continuation() throws {
        let folder = try TemporaryFolder()
        let split = try SplitCapture("chat", path: Self.chat)
        let paths = try split.parts(cutBehind: [30, 60]).enumerated().map { index, bytes in
            try folder.create("chat.pcap\(index)", bytes).path
        }
        let report = try Inspection(captures: paths).run()
        let file = folder.path("t.ndjson")
        try TranscriptFile.write(report, to: file)
        let read = try Self.read(file)
        #expect(read.map(\.summary) == report.captures.map(\.summary))
        #expect(read.flatMap(\.sessions).map(\.id) == report.captures.flatMap(\.sessions).map(\.id))
        #expect(
            CapturedExchange.numbered(read).map(\.connection)
                == CapturedExchange.numbered(report.captures).map(\.connection))

        let edited = try String(contentsOfFile: file, encoding: .utf8)
            .replacing("\"packetsBefore\":60", with: "\"packetsBefore\":9223372036854775807")
        try folder.create("t.ndjson", edited)
        let error = try #require(throws: UserError.self) { try Self.read(file) }
        #expect(error.why == "a count in it is negative or larger than any capture")
    }

    @Test("transcripts of another schema are refused by its name")
    func otherSchema() throws {
        let folder = try TemporaryFolder()
        let file = folder.path("t.ndjson")
        try TranscriptFile.write(try Inspection(captures: [Self.chat]).run(), to: file)
        let later = try String(contentsOfFile: file, encoding: .utf8)
            .replacing("wsreplay.transcript/1", with: "wsreplay.transcript/2")
        try folder.create("t.ndjson", later)
        let error = try #require(throws: UserError.self) { try Self.read(file) }
        #expect(error.why == "its schema is wsreplay.transcript/2, not wsreplay.transcript/1")
        #expect(error.location?.line == 1)
    }

    private static func read(_ path: String) throws -> [InspectedCapture] {
        try CaptureReading(paths: [path], detail: .totals).read().captures
    }

    static let chat = Repository.path("Captures/chat/capture.pcap")
}
