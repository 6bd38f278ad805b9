import TCPReassembly
import Testing
import WireBasics

@Suite("IP fragments")
struct FragmentReassemblerTests {
    private static let packet = TestPacket.data(.client, 100, "GET /chat HTTP/1.1\r\nHost: a.test\r\n\r\n")
    private static let text = "client GET /chat HTTP/1.1\r\nHost: a.test\r\n\r\n"

    /// The fragments of the packet, eight bytes at a time.
    private static func fragments(v6: Bool) -> [[UInt8]] {
        let segment = packet.segment
        return stride(from: 0, to: segment.count, by: 8).map { offset in
            fragment(v6: v6, offset: offset, Array(segment[offset..<min(offset + 8, segment.count)]))
        }
    }

    private static func fragment(v6: Bool, offset: Int, _ part: [UInt8]) -> [UInt8] {
        let more = offset + part.count < packet.segment.count
        if v6 {
            let place = UInt16(offset) | (more ? 1 : 0)
            return TestPacket.ipv6([6, 0] + bigEndian(place) + [0, 0, 0, 9] + part, from: .client, nextHeader: 44)
        }
        return TestPacket.ipv4(part, from: .client, fragment: UInt16(offset / 8) | (more ? 0x2000 : 0))
    }

    private func play(_ frames: [[UInt8]], limits: ReassemblyLimits = ReassemblyLimits()) -> Played {
        TCPReassemblyTests.play(frames: frames.map { ($0[...], $0.count) }, linkType: .raw, limits: limits)
    }

    @Test(
        "A datagram is put together from its fragments in any order", arguments: 1...10 as ClosedRange<UInt64>,
        [false, true])
    func anyOrder(seed: UInt64, v6: Bool) {
        var random = SeededGenerator(seed: seed)
        let frames = (Self.fragments(v6: v6) + Self.fragments(v6: v6).prefix(3)).shuffled(using: &random)
        let played = play(frames)
        #expect(played.log.events == [Self.text, "finish"])
        #expect(played.packets.tcp == 1)
        #expect(played.packets[.fragment] == frames.count - 1)
    }

    @Test("Where fragments overlap the first copy counts")
    func overlap() {
        let segment = Self.packet.segment
        var other = Array(segment[16..<40])
        other[8...] = ArraySlice(repeating: UInt8(ascii: "X"), count: 16)
        let played = play([
            Self.fragment(v6: false, offset: 24, Array(segment[24...])),
            Self.fragment(v6: false, offset: 16, other),
            Self.fragment(v6: false, offset: 0, Array(segment[..<16])),
        ])
        #expect(played.log.events == [Self.text, "finish"])
    }

    @Test("A datagram with a missing fragment gives nothing, and is counted")
    func missing() {
        let log = StreamLog()
        var table = ConnectionTable { LoggingReader(log, $0, numbered: false) }
        for frame in Self.fragments(v6: false).dropFirst() {
            table.receive(
                frame.span.bytes, linkType: .raw, originalLength: frame.count,
                at: PacketMark(packet: 1, instant: .epoch))
        }
        table.finish()
        #expect(log.events.isEmpty)
        #expect(table.incompleteDatagrams == 1)
        #expect(table.packets[.fragment] == table.packets.total)
    }

    @Test("Bytes beyond the end of a datagram do not stand in for those that are missing")
    func beyondEnd() {
        let segment = Self.packet.segment
        let last = segment.count - 8
        let played = play([
            Self.fragment(v6: false, offset: last, Array(segment[last...])),
            TestPacket.ipv4([UInt8](repeating: 0, count: 64), from: .client, fragment: 0x2000 | 200),
        ])
        #expect(played.packets.counts.filter { $0.count > 0 }.map { "\($0.name) \($0.count)" } == ["fragment 2"])
        #expect(played.log.events.isEmpty)
    }

    @Test("The oldest datagram is given up when too many wait")
    func limit() {
        var limits = ReassemblyLimits()
        limits.fragmentedDatagrams = 2
        var frames = [Self.fragments(v6: false)[0]]
        for identification in UInt8(20)..<23 {
            var frame = Self.fragments(v6: false)[0]
            frame[5] = identification
            frames.append(frame)
        }
        let played = play(frames + Self.fragments(v6: false).dropFirst(), limits: limits)
        #expect(played.log.events.isEmpty)
    }

    @Test("A fragment that reaches beyond the longest datagram is malformed")
    func tooFar() {
        let frame = TestPacket.ipv4([UInt8](repeating: 0, count: 64), from: .client, fragment: 0x2000 | 0x1FFF)
        #expect(play([frame]).packets[.malformed] == 1)
    }
}
