import Foundation
import Testing

@testable import WSReplayKit

@Suite("Connections divided among threads")
struct ConnectionDivisionTests {
    @Test(
        "give every report byte for byte as one thread does, on any number of cores",
        arguments: Repository.captures.map(\.path), [2, 3, 8, 64])
    func sameBytes(_ path: String, jobs: Int) throws {
        #expect(try reports([path], jobs: jobs) == reports([path], jobs: 1))
    }

    @Test(
        "also where files continue each other: each file's account closes with the same numbers", arguments: [2, 3, 8])
    func sameBytesOfSeries(jobs: Int) throws {
        let split = try SplitCapture("chat", path: Repository.path("Captures/chat/capture.pcap"))
        let folder = try TemporaryFolder()
        let paths = try split.parts(cutBehind: [20, 50, 70]).enumerated().map { place, bytes in
            try folder.create("\(place).pcap", bytes).path
        }
        #expect(try reports(paths, jobs: jobs) == reports(paths, jobs: 1))
    }

    @Test("all captures at once, one after the other in one stream, likewise", arguments: [2, 3, 8])
    func sameBytesOfAll(jobs: Int) throws {
        let paths = Repository.captures.map(\.path)
        #expect(try reports(paths, jobs: jobs) == reports(paths, jobs: 1))
    }

    @Test(
        "there is at least one share, and a bounded number", arguments: [(-1, 1), (0, 1), (1, 1), (2, 2), (1000, 16)])
    func shares(jobs: Int, count: Int) {
        #expect(ConnectionDivision(jobs: jobs).shares == count)
        #expect((1...16).contains(ConnectionDivision().shares))
    }

    /// What is written of these captures in each format; threads start with the first batches.
    private func reports(_ paths: [String], jobs: Int) throws -> [String] {
        let division = ConnectionDivision(jobs: jobs, batchesAlone: 1)
        let reading = CaptureReading(
            paths: paths, detail: .frames, comparesRepeatedBytes: true, division: division)
        let report = try reading.read()
        var options = ReportOptions()
        options.listsFrames = true
        return ["json", "text"].map { format in
            String(
                decoding: ReportRegistry.writer(named: format)?.render(.inspect(report), options) ?? [], as: UTF8.self)
        }
    }
}
