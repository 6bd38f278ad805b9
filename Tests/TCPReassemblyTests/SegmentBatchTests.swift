import TCPReassembly
import Testing
import WireBasics

@Suite("Packets in batches")
struct SegmentBatchTests {
    @Test("a batch is full after a bounded number of segments, and after a bounded number of bytes")
    func bounds() {
        let (short, long) = ([UInt8](repeating: 1, count: 6), [UInt8](repeating: 1, count: 40_000))
        for (payload, most) in [(short, 2...64), (long, 1...1)] {
            let packet = TestPacket.data(.client, 1, String(decoding: payload, as: UTF8.self), ack: 1).ethernet
            var intake = PacketIntake()
            var batches = [SegmentBatch()]
            var count = 0
            var full: Int?
            while full == nil, count < 1000 {
                full = intake.receive(
                    packet.span.bytes, linkType: .ethernet, originalLength: packet.count, at: mark(count),
                    into: &batches)
                count += 1
            }
            #expect(full == 0)
            #expect(batches[0].isFull)
            #expect(most.contains(count))
            batches[0].removeAll()
            #expect(!batches[0].isFull)
            #expect(batches[0].isEmpty)
        }
    }

    @Test(
        "what comes in batches gives the same as what comes one by one: many connections, damage, other link types",
        arguments: 1...20 as ClosedRange<UInt64>)
    func sameAsOneByOne(seed: UInt64) {
        let packets = traffic(seed: seed)
        let single = StreamLog()
        var oneByOne = ConnectionTable { LoggingReader(single, $0, numbered: true) }
        let batched = StreamLog()
        var inBatches = ConnectionTable { LoggingReader(batched, $0, numbered: true) }
        for (index, packet) in packets.enumerated() {
            let linkType: LinkType = index % 97 == 96 ? LinkType(rawValue: 999) : .ethernet
            oneByOne.receive(packet.span.bytes, linkType: linkType, originalLength: packet.count, at: mark(index))
            oneByOne.settle()
            inBatches.receive(packet.span.bytes, linkType: linkType, originalLength: packet.count, at: mark(index))
        }
        oneByOne.finish()
        inBatches.finish()
        #expect(single.events.contains { $0.contains("client") })
        #expect(batched.events == single.events)
        #expect(batched.starts == single.starts)
        #expect(inBatches.packets == oneByOne.packets)
        #expect(inBatches.bytes == oneByOne.bytes)
        #expect(inBatches.unsupportedLinks == oneByOne.unsupportedLinks)
    }

    @Test(
        "connections divided among tables are read as by one table, whatever the number of tables",
        arguments: 1...8 as ClosedRange<UInt64>, [2, 3, 8])
    func sameInAnyNumberOfTables(seed: UInt64, count: Int) {
        var limits = ReassemblyLimits()
        limits.packetsAfterEnd = 7
        limits.packetsRemembered = 60
        let whole = shares(of: traffic(seed: seed), 1, limits)
        let divided = shares(of: traffic(seed: seed), count, limits)
        #expect(whole.histories.count > 20)
        #expect(divided.histories == whole.histories)
        #expect(divided.bytes == whole.bytes)
    }

    /// What the readers of each connection were told, by the connection's first packet, and what became of all bytes.
    private func shares(
        of packets: [[UInt8]], _ count: Int, _ limits: ReassemblyLimits
    ) -> (histories: [Int: [String]], bytes: StreamLedger) {
        var intake = PacketIntake(limits: limits)
        var batches = (0..<count).map { _ in SegmentBatch() }
        for (index, packet) in packets.enumerated() {
            _ = intake.receive(
                packet.span.bytes, linkType: .ethernet, originalLength: packet.count, at: mark(index), into: &batches)
        }
        var histories: [Int: [String]] = [:]
        var bytes = StreamLedger()
        for batch in batches {
            var logs: [(Int, StreamLog)] = []
            var table = FlowTable(limits: limits) { start in
                let log = StreamLog()
                logs.append((start.mark.packet, log))
                return LoggingReader(log, start, numbered: false)
            }
            table.receive(batch)
            table.settle(behind: packets.count)
            table.finish()
            for (opening, log) in logs { histories[opening] = log.events }
            bytes += table.ledger
        }
        return (histories, bytes)
    }

    private func mark(_ index: Int) -> PacketMark {
        PacketMark(packet: index + 1, instant: CaptureInstant(nanoseconds: Int64(index)))
    }

    /// Connections that open, talk, end and open again on the same ports, some packets damaged.
    private func traffic(seed: UInt64) -> [[UInt8]] {
        var random = SeededGenerator(seed: seed)
        var next: [UInt16: UInt32] = [:]
        return (0..<600).map { _ in
            let port = UInt16.random(in: 40_000...40_020, using: &random)
            var packet: TestPacket
            if let sequence = next[port], Double.random(in: 0..<1, using: &random) < 0.9 {
                packet = .data(.client, sequence, "hello", ack: 1)
                next[port] = sequence &+ 5
            } else if let sequence = next.removeValue(forKey: port) {
                packet = .flag(TestPacket.rst, .client, sequence)
            } else {
                let start = UInt32.random(in: 0...UInt32.max, using: &random)
                packet = .flag(TestPacket.syn, .client, start)
                next[port] = start &+ 1
            }
            packet.clientPort = port
            var bytes = Array(packet.ethernet)
            if Double.random(in: 0..<1, using: &random) < 0.05 {
                bytes[Int.random(in: bytes.indices, using: &random)] ^= 0xFF
            }
            return bytes
        }
    }
}
