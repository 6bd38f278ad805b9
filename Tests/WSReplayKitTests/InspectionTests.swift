import Testing
import WSReplayKit

@Suite("An inspection")
struct InspectionTests {
    @Test(
        "accounts for every packet and every byte of each bundled capture", arguments: Repository.captures.map(\.path))
    func ledger(_ path: String) throws {
        let capture = try #require(try Inspection(captures: [path]).run().captures.first)
        #expect(capture.summary.isWhole)
        #expect(capture.summary.findings == [])
        #expect(Ledger.faults(of: capture) == [])
    }

    @Test(
        "lists sessions under the names and totals that the frames add up to",
        arguments: Repository.captures.map(\.path))
    func framesAddUp(_ path: String) throws {
        let totals = try #require(try Inspection(captures: [path]).run().captures.first).sessions
        let frames = try #require(try Inspection(captures: [path], frames: true).run().captures.first).sessions
        #expect(totals.map(\.id) == frames.map(\.id))
        for (total, listed) in zip(totals, frames) {
            for party in [Party.client, .server] {
                let records = listed.transcript.tunnel?.frames.filter { $0.party == party } ?? []
                let counts = total.transcript.tunnel.map { party == .client ? $0.client : $0.server }
                #expect(records.count == counts?.frames ?? 0)
                #expect(records.reduce(0) { $0 + $1.length } == counts?.payloadBytes ?? 0)
                #expect(records.allSatisfy { $0.sha256 != nil })
            }
        }
    }
}
