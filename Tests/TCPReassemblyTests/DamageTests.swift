import TCPReassembly
import Testing
import WireBasics

@Suite("Damaged packets")
struct DamageTests {
    /// A conversation in packets of every kind, as a capture of every link type might hold it.
    private static let frames: [(LinkType, [UInt8])] =
        (PacketDecoderTests.links + PacketDecoderTests.networks + PacketDecoderTests.tunnels).map {
            ($0.linkType, $0.bytes)
        }
        + SegmentAssemblerTests.cases.flatMap { $0.packets.map { (LinkType.ethernet, $0.ethernet) } }

    @Test(
        "Bytes flipped, cut and invented at random never stop the reading, and every packet and byte has its place",
        arguments: 1...20 as ClosedRange<UInt64>)
    func flips(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let log = StreamLog()
        var limits = ReassemblyLimits()
        limits.reorderedPackets = 8
        limits.packetsAfterEnd = 20
        limits.packetsRemembered = 50
        limits.heldBytes = 400
        limits.fragmentedDatagrams = 8
        var table = ConnectionTable(limits: limits) { LoggingReader(log, $0, numbered: true) }
        let rounds = 4000
        for number in 1...rounds {
            var (linkType, bytes) = Self.frames[Int.random(in: 0..<Self.frames.count, using: &random)]
            let original = bytes.count + Int.random(in: 0...3, using: &random) * 20
            for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = Bool.random(using: &random) ? .random(in: 0...255, using: &random) : 0xFF
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
            }
            if Int.random(in: 0..<16, using: &random) == 0 { linkType = .raw }
            table.receive(
                bytes.span.bytes, linkType: linkType, originalLength: original,
                at: PacketMark(
                    packet: number, instant: CaptureInstant(nanoseconds: .random(in: .min ... .max, using: &random))))
        }
        table.finish()
        #expect(table.packets.total == rounds)
        #expect(table.bytes.isBalanced)
        #expect(table.bytes.held == 0)
        #expect(table.openConnections == 0)
        #expect(log.events.filter { $0.hasSuffix("finish") }.count == table.connectionCount)
        #expect(!log.events.contains { $0.hasSuffix("finish again") })
    }

    @Test(
        "Flags in every combination on a live connection never lose a byte unseen",
        arguments: 1...20 as ClosedRange<UInt64>)
    func flags(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var limits = ReassemblyLimits()
        limits.reorderedPackets = 4
        limits.packetsAfterEnd = 10
        limits.packetsRemembered = 30
        limits.heldBytes = 64
        let corners: [UInt32] = [0, 1, 99, 100, 101, 110, 1 << 24, 1 << 30, 1 << 31, .max]
        let packets = (0..<3000).map { _ in
            let sequence = (corners.randomElement(using: &random) ?? 0) &+ UInt32.random(in: 0...20, using: &random)
            var packet = TestPacket(
                from: Bool.random(using: &random) ? .client : .server, sequence: sequence,
                acknowledgement: Bool.random(using: &random) ? corners.randomElement(using: &random) : nil,
                flags: UInt8.random(in: 0...7, using: &random) & UInt8.random(in: 0...7, using: &random),
                payload: Array(repeating: 65, count: Int.random(in: 0...12, using: &random)))
            packet.cut = Int.random(in: 0...packet.payload.count, using: &random) / 4
            return packet
        }
        let played = play(packets, limits: limits, numbered: true)
        #expect(played.bytes.isBalanced)
        #expect(played.packets.total == packets.count)
        #expect(played.log.events.filter { $0.hasSuffix("finish") }.count == played.log.starts.count)
    }
}
