import TCPReassembly
import Testing
import WireBasics

@Suite("Packets in batches")
struct PacketBatchTests {
    @Test("a batch is full after a bounded number of packets, and after a bounded number of bytes")
    func bounds() {
        let short = [UInt8](repeating: 0, count: 60)
        let long = [UInt8](repeating: 0, count: 1 << 20)
        var batch = PacketBatch()
        var count = 0
        while !batch.isFull, count < 1000 {
            batch.append(short.span.bytes, linkType: .ethernet, originalLength: 60, at: mark(count))
            count += 1
        }
        #expect((2...64).contains(count))
        batch.removeAll()
        let isFullWhenEmpty = batch.isFull
        #expect(!isFullWhenEmpty)
        batch.append(long.span.bytes, linkType: .ethernet, originalLength: long.count, at: mark(0))
        let isFullOfBytes = batch.isFull
        #expect(isFullOfBytes)
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
        var batch = PacketBatch()
        for (index, packet) in packets.enumerated() {
            let linkType: LinkType = index % 97 == 96 ? LinkType(rawValue: 999) : .ethernet
            oneByOne.receive(
                packet.span.bytes, linkType: linkType, originalLength: packet.count, at: mark(index))
            batch.append(packet.span.bytes, linkType: linkType, originalLength: packet.count, at: mark(index))
            guard batch.isFull else { continue }
            inBatches.receive(batch)
            batch.removeAll()
        }
        inBatches.receive(batch)
        oneByOne.finish()
        inBatches.finish()
        #expect(single.events.contains { $0.contains("client") })
        #expect(batched.events == single.events)
        #expect(batched.starts == single.starts)
        #expect(inBatches.packets == oneByOne.packets)
        #expect(inBatches.bytes == oneByOne.bytes)
        #expect(inBatches.unsupportedLinks == oneByOne.unsupportedLinks)
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
