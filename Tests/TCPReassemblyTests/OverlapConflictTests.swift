import TCPReassembly
import Testing
import WireBasics

/// Packets are numbered from 4 on, behind the handshake; the client's first byte is 100.
@Suite("Bytes that come twice and differ")
struct OverlapConflictTests {
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var packets: [TestPacket]
        var delivered: String
        var conflicts: [String]

        init(_ claim: String, _ packets: [TestPacket], _ delivered: String, _ conflicts: [String]) {
            (testDescription, self.packets, self.delivered, self.conflicts) = (claim, packets, delivered, conflicts)
        }
    }

    static let cases: [Case] = [
        Case(
            "a retransmission with other bytes is noticed, and the first copy counts",
            [.data(.client, 100, "abcdef"), .data(.client, 100, "abXdeY")], "abcdef",
            ["client 2 of 6 at 102, packet 5 after 4"]),
        Case(
            "the same bytes again are none", [.data(.client, 100, "abc"), .data(.client, 100, "abc")], "abc", []),
        Case(
            "a segment that repeats parts of two names both",
            [.data(.client, 100, "abc"), .data(.client, 103, "def"), .data(.client, 101, "XcdXfgh")], "abcdefgh",
            ["client 1 of 2 at 101, packet 6 after 4", "client 1 of 3 at 104, packet 6 after 5"]),
        Case(
            "a keep-alive probe may hold anything",
            [.data(.client, 100, "abc"), .data(.client, 102, "\0"), .data(.client, 103, "d")], "abcd", []),
        Case(
            "what waited for missing bytes is compared after it was delivered, too",
            [.data(.client, 103, "def"), .data(.client, 100, "abc"), .data(.client, 103, "dXf")], "abcdef",
            ["client 1 of 3 at 104, packet 6 after 4"]),
        Case(
            "bytes that are no part of the capture cannot be compared",
            [.data(.client, 100, "abc"), .data(.client, 200, "xyz"), .ack(.server, 500, 203)], "abcxyz", []),
        Case(
            "bytes that were delivered long ago are not kept",
            [
                .data(.client, 100, "abc"), .data(.client, 103, String(repeating: "-", count: 32)),
                .data(.client, 100, "XXX"),
            ], "abc" + String(repeating: "-", count: 32), []),
    ]

    @Test("are named with both packets", arguments: cases)
    func conflicts(_ test: Case) {
        var limits = ReassemblyLimits()
        limits.comparedBytes = 32
        let played = play(SegmentAssemblerTests.handshake + test.packets, limits: limits)
        #expect(played.log.streams[0]?[.client] == Array(test.delivered.utf8))
        #expect(played.log.conflicts == test.conflicts)
        #expect(played.bytes.conflicts == test.conflicts.count)
        #expect(played.bytes.isBalanced)
        // Without it, the streams are the same.
        let plain = play(SegmentAssemblerTests.handshake + test.packets)
        #expect(plain.log.events == played.log.events)
        #expect(played.bytes.counts.map(\.count) == plain.bytes.counts.map(\.count))
    }

    @Test("in any order of segments the streams are those without comparing", arguments: 1...20 as ClosedRange<UInt64>)
    func sameStreams(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let packets = (0..<300).map { _ in
            let start = UInt32.random(in: 0...400, using: &random)
            return TestPacket.data(.client, 100 + start, String(repeating: "abcdefg", count: 3), ack: 500)
        }
        var limits = ReassemblyLimits()
        limits.comparedBytes = 100
        let compared = play(SegmentAssemblerTests.handshake + packets, limits: limits)
        let plain = play(SegmentAssemblerTests.handshake + packets)
        #expect(compared.log.events == plain.log.events)
        #expect(compared.bytes.isBalanced)
        #expect(compared.bytes.conflicts >= plain.bytes.conflicts)
    }

    @Test("of the parts of a run the first conflict is that of the earliest packet")
    func merged() {
        var limits = ReassemblyLimits()
        limits.comparedBytes = 32
        let handshake = SegmentAssemblerTests.handshake
        let late = play(
            handshake + [.data(.client, 100, "abc"), .ack(.server, 500, 103), .data(.client, 100, "Xbc")],
            limits: limits)
        let early = play(handshake + [.data(.client, 100, "abc"), .data(.client, 100, "abX")], limits: limits)
        var sum = late.bytes
        sum += early.bytes
        #expect(sum.firstConflict?.differing.packet == 5)
        #expect(sum.conflicts == 2)
        #expect(sum.conflicting == 2)
    }
}
