import Foundation
import Testing
import WSReplayKit

@Suite("Packets of which only the first bytes were captured")
struct SnapLengthTests {
    @Test("are counted, with the most bytes that one of them has, and how to capture whole ones")
    func finding() throws {
        let capture = try CaptureBytes(Repository.bytes("Captures/chat/capture.pcap"))
        var bytes = Array(capture.bytes[..<24])
        var cut = 0
        for (start, end) in zip(capture.boundaries, capture.boundaries.dropFirst()) {
            var record = Array(capture.bytes[start..<end])
            let length = min(120, record.count - 16)
            if length < record.count - 16 { cut += 1 }
            record.replaceSubrange(8..<12, with: [UInt8(length), 0, 0, 0])
            bytes += record[..<(16 + length)]
        }
        let folder = try TemporaryFolder()
        let file = try folder.create("cut.pcap", bytes)
        let summary = try #require(try Inspection(captures: [file.path]).run().captures.first?.summary)
        let finding = try #require(summary.findings.first { $0.code == "capture.snaplen" })
        #expect(finding.message.contains("of \(cut) packets only the first bytes were captured, at most 120"))
        #expect(finding.mend.contains("tcpdump -s 0"))
        #expect(summary.packets == 98)
    }

    @Test("are none in a capture of whole packets")
    func whole() throws {
        let report = try Inspection(captures: [Repository.path("Captures/chat/capture.pcap")]).run()
        #expect(report.captures.first?.summary.findings.isEmpty == true)
    }
}
