import CaptureFiles
import Foundation
import WireBasics

/// What a capture file gave.
struct ReadCapture {
    struct Packet: Equatable {
        var number: Int
        var instant: String
        var linkType: UInt32
        var originalLength: Int
        var bytes: [UInt8]
    }

    var format: CaptureFile.Format
    var packets: [Packet] = []
    var finding: Finding?

    /// Writes the bytes to a file that lives for the call, and reads it.
    init(_ bytes: [UInt8]) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).pcap").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        try self.init(path: path)
    }

    /// Reads a file.
    init(path: String) throws {
        var file = try CaptureFile(path: path)
        format = file.format
        var packets: [Packet] = []
        while file.next({ packet, bytes in
            packets.append(
                Packet(
                    number: packet.number, instant: packet.instant.description, linkType: packet.linkType.rawValue,
                    originalLength: packet.originalLength, bytes: bytes.withUnsafeBytes { Array($0) }))
        }) {}
        self.packets = packets
        finding = file.finding
    }
}
