import Foundation
import Testing

@testable import WSReplayKit

@Suite("The captures that paths mean")
struct CaptureListTests {
    private static let chat = Repository.path("Captures/chat/capture.pcap")
    private static let bytes = (try? Repository.bytes("Captures/chat/capture.pcap")) ?? []

    @Test("of a folder, the capture files are read, told by their first bytes; what else is in it is named")
    func folder() throws {
        let folder = try TemporaryFolder()
        try folder.create("chat.dat", Self.bytes)
        try folder.create(".hidden.pcap", Self.bytes)
        try folder.create("notes.pcap", "Monday: the sockets broke.\n")
        try folder.create("chat.ndjson", "{\"schema\":\"wsreplay.transcript/1\"}\n")
        try folder.create("older/chat.pcap", Self.bytes)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("current.pcap"), withDestinationPath: folder.path("chat.dat"))
        let list = try CaptureList([folder.url.path])
        #expect(list.files.map(\.path) == [folder.url.path + "/chat.dat"])
        let finding = try #require(list.findings.first)
        #expect(list.findings.count == 1)
        #expect(finding.code == "capture.passed-over")
        #expect(
            finding.message
                == "\(folder.url.path): passed over: .hidden.pcap, chat.ndjson, current.pcap, notes.pcap, older")
    }

    @Test("an empty file in a folder is a capture that lost its packets, not one to pass over")
    func emptyFile() throws {
        let folder = try TemporaryFolder()
        try folder.create("a.pcap", Self.bytes)
        try folder.create("b.pcap")
        let report = try SplitCapture.read([folder.url.path])
        #expect(report.captures.map(\.summary.isWhole) == [true, false])
        #expect(report.captures.last?.summary.format == "unknown")
    }

    @Test("what is given twice is refused: by the same name, by another one, and beside its folder")
    func twice() throws {
        let folder = try TemporaryFolder()
        let file = try folder.create("a/chat.pcap", Self.bytes).path
        let link = folder.path("link.pcap")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
        let same = [[file, file], [folder.path("a"), file]]
        for paths in same + [[file, folder.path("a/../a/chat.pcap")], [file, link]] {
            let error = try #require(throws: UserError.self) { try CaptureList(paths) }
            #expect(error.message.hasSuffix(same.contains(paths) ? "is given twice" : "are the same file"))
        }
    }

    @Test("files of one name get ids that tell them apart")
    func names() throws {
        let folder = try TemporaryFolder()
        let paths = try ["a/x.pcap", "b/x.pcap", "b/y.pcap"].map { try folder.create($0, Self.bytes).path }
        let report = try SplitCapture.read(paths)
        #expect(
            report.captures.map { $0.sessions.first?.id.description } == ["a/x.pcap#1", "b/x.pcap#1", "y.pcap#1"])
        let ids = report.captures.flatMap(\.sessions).map(\.id)
        #expect(Set(ids).count == ids.count)
    }

    @Test("what can be read only once stays where it stands, and is part of a series all the same")
    func pipe() throws {
        let split = try SplitCapture("chat", path: Self.chat)
        let folder = try TemporaryFolder()
        let parts = split.parts(cutBehind: [30, 60])
        let (first, last) = (try folder.create("0.pcap", parts[0]).path, try folder.create("2.pcap", parts[2]).path)
        let pipe = folder.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let writer = Thread {
            guard let file = fopen(pipe, "wb") else { return }
            _ = parts[1].withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
            fclose(file)
        }
        writer.start()
        let report = try CaptureReading(paths: [last, pipe, first], detail: .totals, withDigests: true).read()
        #expect(report.captures.map(\.summary.path) == [first, pipe, last])
        #expect(report.captures.map(\.summary.continuation?.path) == [nil, first, pipe])
        #expect(report.captures.map(\.summary.sha256.isEmpty) == [false, true, false])
        let whole = try SplitCapture.read([Self.chat]).captures.flatMap(\.sessions).map(\.transcript)
        #expect(report.captures.flatMap(\.sessions).map(\.transcript) == whole)
    }
}
