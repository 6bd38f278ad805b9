import Foundation

@testable import WSReplayKit

/// A bundled capture in several files, as `tcpdump -C` and people with Ctrl-C leave it.
struct SplitCapture {
    let name: String
    let path: String
    let file: CaptureBytes

    init(_ name: String, path: String) throws {
        (self.name, self.path) = (name, path)
        file = try CaptureBytes(Array(Data(contentsOf: URL(filePath: path))))
    }

    var packets: Int { file.boundaries.count - 1 }

    /// A capture file with the packets after the first `range.lowerBound` up to the one numbered `range.upperBound`.
    func part(_ range: Range<Int>) -> [UInt8] {
        Array(file.bytes[..<file.boundaries[0]])
            + file.bytes[file.boundaries[range.lowerBound]..<file.boundaries[range.upperBound]]
    }

    /// The files that the capture makes when it is cut behind those packets.
    func parts(cutBehind cuts: [Int]) -> [[UInt8]] {
        zip([0] + cuts, cuts + [packets]).map { part($0..<$1) }
    }

    /// What is read of these files.
    static func read(_ paths: [String], detail: ReaderDetail = .totals) throws -> InspectReport {
        try CaptureReading(paths: paths, detail: detail).read()
    }
}
