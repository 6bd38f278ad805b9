import Foundation
import Testing

@testable import WSReplayKit

/// Bundled captures without some of their packets.
@Suite("Captures with holes")
struct HoleTests {
    static let captures = Repository.captures.map(\.name)

    /// A frame by all that does not depend on the capture's other packets.
    private struct Sighting: Hashable {
        var port: UInt16
        var party: Party
        var opcode: UInt8
        var length: Int
        var sha256: [UInt8]?

        init(_ frame: FrameRecord, _ client: Endpoint) {
            (port, party, opcode) = (client.port, frame.party, frame.opcode)
            (length, sha256) = (frame.length, frame.sha256)
        }
    }

    private func inspect(_ bytes: [UInt8], in folder: TemporaryFolder) throws -> InspectedCapture {
        let path = try folder.create("holes", bytes).path
        return try #require(try Inspection(captures: [path], frames: true).run().captures.first)
    }

    private func frames(of capture: InspectedCapture) -> [(frame: FrameRecord, sighting: Sighting)] {
        let tunnels =
            capture.sessions.compactMap { session in
                session.transcript.tunnel.map { (session.transcript.client, $0) }
            } + capture.tunnels.map { ($0.client, $0.tunnel) }
        return tunnels.flatMap { client, tunnel in tunnel.frames.map { ($0, Sighting($0, client)) } }
    }

    @Test("show no frame that the whole capture does not hold, and account for every byte", arguments: captures)
    func noPhantoms(_ name: String) throws {
        let capture = try #require(Repository.captures.first { $0.name == name })
        let file = try CaptureBytes(Array(Data(contentsOf: URL(filePath: capture.path))))
        let folder = try TemporaryFolder()
        let whole = Set(frames(of: try inspect(file.bytes, in: folder)).map(\.sighting))
        var random = Seeded("holes \(name)")
        let packets = zip(file.boundaries, file.boundaries.dropFirst()).map { file.bytes[$0..<$1] }
        for round in 0..<40 {
            var left = packets
            if round % 4 == 0 {
                left.removeFirst(Int.random(in: 0...left.count / 2, using: &random))
            } else {
                for _ in 0..<Int.random(in: 1...6, using: &random) where !left.isEmpty {
                    left.remove(at: Int.random(in: left.indices, using: &random))
                }
            }
            let damaged = try inspect(Array(file.bytes[..<file.boundaries[0]]) + left.joined(), in: folder)
            #expect(Ledger.faults(of: damaged) == [])
            for (frame, sighting) in frames(of: damaged) where frame.missing == nil {
                #expect(whole.contains(sighting), "round \(round): \(frame)")
            }
        }
    }
}
