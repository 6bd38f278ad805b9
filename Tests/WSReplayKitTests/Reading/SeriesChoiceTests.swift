import Foundation
import Testing

@testable import WSReplayKit

@Suite("Which files continue each other")
struct SeriesChoiceTests {
    struct Row: CustomTestStringConvertible {
        var testDescription: String
        /// First and last packet of each series so far, in milliseconds, and the name of its last file.
        var series: [(first: Int64, last: Int64, path: String)?]
        var start: Int64?
        var path = "chat.pcap9"
        var index: Int?
        var undecided: [Int] = []
    }

    static let rows: [Row] = [
        Row(testDescription: "the first file continues nothing", series: [], start: 0),
        Row(
            testDescription: "a file that starts when the one before ends", series: [(0, 9000, "a")], start: 9000,
            index: 0),
        Row(testDescription: "a file of the same night", series: [(0, 9000, "a")], start: 80_000_000, index: 0),
        Row(testDescription: "a day without a packet is between", series: [(0, 9000, "a")], start: 90_000_000),
        Row(testDescription: "an overlap of half a second", series: [(0, 9000, "a")], start: 8500, index: 0),
        Row(testDescription: "a longer overlap is another place", series: [(0, 9000, "a")], start: 8499),
        Row(testDescription: "half of a short capture", series: [(0, 400, "a")], start: 200, index: 0),
        Row(testDescription: "more than half of a short capture", series: [(0, 400, "a")], start: 199),
        Row(testDescription: "the same moment", series: [(0, 0, "a")], start: 0, index: 0),
        Row(testDescription: "a file without packets continues nothing", series: [(0, 9000, "a")], start: nil),
        Row(testDescription: "nothing continues a file without packets", series: [nil], start: 5),
        Row(
            testDescription: "of several series, the only one that has ended",
            series: [(0, 9000, "a"), (0, 90_000, "chat.pcap8")], start: 10_000, index: 0),
        Row(
            testDescription: "of several that have ended, the one of that name",
            series: [(0, 9000, "a"), (0, 9000, "chat.pcap8"), (0, 9000, "b/chat.pcap8")], start: 10_000, index: 1),
        Row(
            testDescription: "of several that have ended, compressed ones too",
            series: [(0, 9000, "a"), (0, 9000, "chat.pcap10.gz")], start: 10_000, index: 1),
        Row(
            testDescription: "of several that have ended, none when the names do not tell",
            series: [(0, 9000, "a"), (0, 20_000, "b"), (0, 9000, "c")], start: 10_000, undecided: [0, 2]),
    ]

    @Test("is decided by when packets were captured, and by names only between several", arguments: rows)
    func choice(_ row: Row) {
        let candidates = row.series.map { series in
            series.map {
                SeriesChoice.Candidate(
                    first: CaptureInstant(nanoseconds: $0.first * 1_000_000),
                    last: CaptureInstant(nanoseconds: $0.last * 1_000_000), path: $0.path)
            }
        }
        let start = row.start.map { CaptureInstant(nanoseconds: $0 * 1_000_000) }
        let choice = SeriesChoice(start: start, path: row.path, among: candidates)
        #expect(choice.index == row.index)
        #expect(choice.undecided == row.undecided)
    }

    @Test("instants that no clock shows are compared without a trap")
    func extremes() {
        let candidate = SeriesChoice.Candidate(
            first: CaptureInstant(nanoseconds: .min), last: CaptureInstant(nanoseconds: .max), path: "a")
        for start in [Int64.min, 0, .max] {
            let choice = SeriesChoice(
                start: CaptureInstant(nanoseconds: start), path: "b", among: [candidate, candidate])
            #expect(choice.undecided.count == (start == .max ? 2 : 0))
        }
    }

    @Test("two captures of the same traffic are two streams, each with all its sessions")
    func twoPlaces() throws {
        let folder = try TemporaryFolder()
        let split = try SplitCapture("chat", path: Repository.path("Captures/chat/capture.pcap"))
        let whole = try SplitCapture.read([split.path]).captures.flatMap(\.sessions).map(\.transcript)
        for (index, bytes) in split.parts(cutBehind: [40, 80]).enumerated() {
            for place in ["client", "proxy"] { try folder.create("\(place)-\(index).pcap", bytes) }
        }
        let captures = try SplitCapture.read([folder.url.path]).captures
        let names = captures.map { $0.summary.path.split(separator: "/").last ?? "" }
        #expect(
            names == [
                "client-0.pcap", "client-1.pcap", "client-2.pcap", "proxy-0.pcap", "proxy-1.pcap", "proxy-2.pcap",
            ])
        #expect(captures.map(\.summary).series == [0..<3, 3..<6])
        #expect(captures[..<3].flatMap(\.sessions).map(\.transcript) == whole)
        #expect(captures[3...].flatMap(\.sessions).map(\.transcript) == whole)
    }
}
