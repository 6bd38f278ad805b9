import TCPReassembly
import Testing
import WireBasics

@Suite("Any order of segments")
struct AnyOrderTests {
    /// A stream cut into segments that overlap, come twice and in any order, with start numbers that wrap.
    private struct Shuffled {
        var text: [UInt8]
        var packets: [TestPacket]

        init(seed: UInt64, dropping: Double) {
            var random = SeededGenerator(seed: seed)
            text = (0..<Int.random(in: 1...4000, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            let start = UInt32.max - UInt32.random(in: 0...2000, using: &random)
            var data: [TestPacket] = []
            var offset = 0
            while offset < text.count {
                let from = max(0, offset - Int.random(in: 0...40, using: &random))
                let end = min(text.count, offset + Int.random(in: 1...120, using: &random))
                var packet = TestPacket.data(.client, start &+ UInt32(from), "", ack: 500)
                packet.payload = Array(text[from..<end])
                if Double.random(in: 0..<1, using: &random) >= dropping { data.append(packet) }
                if Double.random(in: 0..<1, using: &random) < 0.1 { data.append(packet) }
                offset = end
            }
            data.shuffle(using: &random)
            packets =
                [
                    .flag(TestPacket.syn, .client, start &- 1), .flag(TestPacket.syn, .server, 499, ack: start),
                ] + data
        }
    }

    @Test(
        "Whatever the order, the stream is the same and every byte has its place",
        arguments: 1...60 as ClosedRange<UInt64>)
    func sameStream(seed: UInt64) {
        let shuffled = Shuffled(seed: seed, dropping: 0)
        let played = play(shuffled.packets)
        #expect(played.log.streams[0]?[.client] == shuffled.text)
        #expect(played.bytes.delivered == shuffled.text.count)
        #expect(played.bytes.lost == 0)
        #expect(played.bytes.isBalanced)
        #expect(played.packets.total == shuffled.packets.count)
    }

    @Test("With segments missing, every piece lies where the holes say", arguments: 1...60 as ClosedRange<UInt64>)
    func piecesInPlace(seed: UInt64) {
        let shuffled = Shuffled(seed: seed, dropping: 0.2)
        var limits = ReassemblyLimits()
        limits.heldBytes = seed % 2 == 0 ? 700 : 1 << 20
        limits.heldSegments = seed % 3 == 0 ? 5 : 1000
        let played = play(shuffled.packets, limits: limits)
        for piece in played.log.pieces {
            let end = piece.offset + piece.bytes.count
            #expect(end <= shuffled.text.count && piece.bytes == Array(shuffled.text[piece.offset..<end]))
        }
        #expect(played.bytes.isBalanced)
    }
}
