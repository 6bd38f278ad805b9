import Foundation
import Testing

@testable import WSReplayKit

/// What two ends said does not depend on how TCP carried it.
@Suite("Any segments")
struct AnySegmentsTests {
    @Test(
        "split anywhere, in any order within the window, and with copies, segments give the same transcripts",
        arguments: Repository.captures.map(\.name))
    func sameTranscripts(_ name: String) throws {
        let path = try #require(Repository.captures.first { $0.name == name }).path
        let file = try CaptureBytes(Array(Data(contentsOf: URL(filePath: path))))
        let segments = try CapturedSegments(file)
        let whole = try contents(file.bytes)
        #expect(!whole.isEmpty)
        // First what was taken apart and put together again without any change.
        #expect(try contents(segments.pcap) == whole)
        var random = Seeded("segments \(name)")
        for round in 0..<12 {
            let carried = segments.carriedOtherwise(using: &random)
            #expect(try contents(carried.pcap) == whole, "round \(round)")
        }
    }

    private func contents(_ bytes: [UInt8]) throws -> [SessionTranscript] {
        let folder = try TemporaryFolder()
        let path = try folder.create("capture.pcap", bytes).path
        let capture = try #require(try Inspection(captures: [path], frames: true).run().captures.first)
        #expect(Ledger.faults(of: capture) == [])
        return capture.sessions.map(\.transcript.withoutPackets)
            .sorted { ($0.tcpStream, $0.requestsBefore) < ($1.tcpStream, $1.requestsBefore) }
    }
}

extension SessionTranscript {
    /// The same without packets and instants, and with what each end did on its own.
    fileprivate var withoutPackets: SessionTranscript {
        var transcript = self
        let nowhere = PacketMark(packet: 0, instant: .epoch)
        transcript.connected = nowhere
        transcript.request = Captured(request.head, first: nowhere, last: nowhere)
        transcript.interimResponses = interimResponses.map { Captured($0.head, first: nowhere, last: nowhere) }
        transcript.response = response.map { Captured($0.head, first: nowhere, last: nowhere) }
        transcript.ending.at = .epoch
        transcript.violations = Self.byParty(violations, \.party)
        for index in violations.indices { transcript.violations[index].packet = 0 }
        for index in losses.indices { transcript.losses[index].packet = 0 }
        guard var tunnel else { return transcript }
        (tunnel.opened, tunnel.lastByte, tunnel.silences) = (.epoch, .epoch, [])
        tunnel.client.close?.mark = nowhere
        tunnel.server.close?.mark = nowhere
        tunnel.frames = Self.byParty(tunnel.frames, \.party)
        tunnel.messages = Self.byParty(tunnel.messages, \.party)
        for index in tunnel.frames.indices { tunnel.frames[index].mark = nowhere }
        for index in tunnel.messages.indices { tunnel.messages[index].mark = nowhere }
        transcript.tunnel = tunnel
        return transcript
    }

    private static func byParty<Record>(_ records: [Record], _ party: (Record) -> Party) -> [Record] {
        records.filter { party($0) == .client } + records.filter { party($0) == .server }
    }
}
