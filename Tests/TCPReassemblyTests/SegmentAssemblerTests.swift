import TCPReassembly
import Testing
import WireBasics

/// Segments of one connection in, deliveries out; sequence numbers start at 100 (client) and 500 (server).
@Suite("Putting segments in order")
struct SegmentAssemblerTests {
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var packets: [TestPacket]
        var expected: [String]

        init(_ claim: String, _ packets: [TestPacket], _ expected: [String]) {
            (testDescription, self.packets, self.expected) = (claim, packets, expected)
        }
    }

    static let handshake: [TestPacket] = [
        .flag(TestPacket.syn, .client, 99), .flag(TestPacket.syn, .server, 499, ack: 100), .ack(.client, 100, 500),
    ]

    static let cases: [Case] = [
        Case(
            "bytes in order are delivered packet by packet",
            [.data(.client, 100, "abc"), .data(.server, 500, "xy"), .data(.client, 103, "de")],
            ["client abc", "server xy", "client de", "finish"]),
        Case(
            "a segment before its turn waits",
            [.data(.client, 103, "de"), .data(.client, 100, "abc")], ["client abc", "client de", "finish"]),
        Case(
            "a retransmission is not delivered again",
            [.data(.client, 100, "abc"), .data(.client, 100, "abc"), .data(.client, 103, "d")],
            ["client abc", "client d", "finish"]),
        Case(
            "of an overlap with delivered bytes only what is new is delivered",
            [.data(.client, 100, "abc"), .data(.client, 101, "XXde")], ["client abc", "client de", "finish"]),
        Case(
            "of an overlap with waiting bytes the first copy counts",
            [.data(.client, 102, "cd"), .data(.client, 100, "abXXef")],
            ["client ab", "client cd", "client ef", "finish"]),
        Case(
            "a keep-alive probe is no data",
            [.data(.client, 100, "abc"), .data(.client, 102, "\0"), .data(.client, 103, "d")],
            ["client abc", "client d", "finish"]),
        Case(
            "bytes that are missing at the end of the capture are announced, and nothing is glued",
            [.data(.client, 100, "abc"), .data(.client, 106, "ghi")],
            ["client abc", "client skip 3", "client ghi", "finish"]),
        Case(
            "bytes that the peer acknowledged and that never came are announced at the end",
            [.data(.client, 100, "abc"), .ack(.server, 500, 110)], ["client abc", "client skip 7", "finish"]),
        Case(
            "a FIN is announced after the bytes before it",
            [
                .flag(TestPacket.fin, .client, 103, ack: 500), .data(.client, 100, "abc"),
                .flag(TestPacket.fin, .server, 500, ack: 104),
            ], ["client abc", "client fin", "server fin", "finish"]),
        Case(
            "bytes missing before a FIN are announced before it",
            [.flag(TestPacket.fin, .client, 105, ack: 500), .flag(TestPacket.fin, .server, 500, ack: 106)],
            ["server fin", "client skip 5", "client fin", "finish"]),
        Case(
            "a FIN with data closes behind the data",
            [.flag(TestPacket.fin, .client, 100, ack: 500, "bye")], ["client bye", "client fin", "finish"]),
        Case(
            "bytes behind a FIN are not delivered",
            [.flag(TestPacket.fin, .client, 100, ack: 500, "bye"), .data(.client, 104, "more")],
            ["client bye", "client fin", "finish"]),
        Case(
            "a FIN that the capture lacks is no hole",
            [.data(.client, 100, "abc"), .ack(.server, 500, 104)], ["client abc", "finish"]),
        Case(
            "a FIN that was acknowledged before it came is no hole",
            [
                .flag(TestPacket.fin, .server, 500, ack: 104), .data(.client, 100, "abc"),
                .flag(TestPacket.fin, .client, 103, ack: 501),
            ], ["server fin", "client abc", "client fin", "finish"]),
        Case(
            "the text in a RST is no part of the stream",
            [.data(.client, 100, "abc"), .flag(TestPacket.rst, .server, 500, ack: 103, "Go away!")],
            ["client abc", "server rst", "finish"]),
        Case(
            "a RST with a sequence number far off is not believed",
            [.flag(TestPacket.rst, .server, 400_000_000), .data(.server, 500, "still here")],
            ["server still here", "finish"]),
        Case(
            "bytes that the other end had under way when a RST came are delivered",
            [.flag(TestPacket.rst, .server, 500, ack: 100), .data(.client, 100, "late")],
            ["server rst", "client late", "finish"]),
        Case(
            "a segment further ahead than any window is not of this stream",
            [.data(.client, 100 + 1 << 31, "far"), .data(.client, 100, "near")], ["client near", "finish"]),
    ]

    @Test("Segments come out in order", arguments: cases)
    func order(_ test: Case) {
        let played = play(Self.handshake + test.packets)
        #expect(played.log.events == test.expected)
        #expect(played.bytes.isBalanced)
    }

    @Test("Sequence numbers wrap")
    func wrap() {
        let start = UInt32.max - 2
        let played = play([
            .flag(TestPacket.syn, .client, start - 1), .flag(TestPacket.syn, .server, 499, ack: start),
            .data(.client, 2, "fgh"), .data(.client, start, "abcde"), .ack(.server, 500, 5), .data(.client, 5, "i"),
        ])
        #expect(played.log.events == ["client abcde", "client fgh", "client i", "finish"])
    }

    @Test("A hole is announced when the peer acknowledged it and the missing packet did not merely come late")
    func certainHole() {
        var limits = ReassemblyLimits()
        limits.reorderedPackets = 3
        let hole: [TestPacket] = [.data(.client, 100, "abc"), .data(.client, 106, "ghi"), .ack(.server, 500, 109)]
        let acks = [TestPacket](repeating: .ack(.server, 500, 109), count: 3)
        let announced = play(Self.handshake + hole + acks + [.data(.server, 500, "after")], limits: limits)
        #expect(announced.log.events == ["client abc", "client skip 3", "client ghi", "server after", "finish"])
        #expect(announced.bytes.lost == 3)
        #expect(announced.bytes.holes == 1)

        let late = play(Self.handshake + hole + acks.dropLast() + [.data(.client, 103, "def")], limits: limits)
        #expect(late.log.events == ["client abc", "client def", "client ghi", "finish"])
        #expect(late.bytes.lost == 0)
    }

    @Test("A hole that nobody acknowledged is waited for, however long it takes")
    func uncertainHole() {
        var limits = ReassemblyLimits()
        limits.reorderedPackets = 3
        let chatter = (0..<40).map { TestPacket.data(.server, 500 + UInt32($0), "x", ack: 103) }
        let played = play(
            Self.handshake + [.data(.client, 100, "abc"), .data(.client, 106, "ghi")] + chatter
                + [.data(.client, 103, "def")], limits: limits)
        #expect(played.log.events(of: .client) == ["client abc", "client def", "client ghi"])
    }

    @Test("When too much waits the hole before it is given up, and that is counted")
    func heldLimit() {
        var limits = ReassemblyLimits()
        limits.heldBytes = 8
        let played = play(
            Self.handshake + [.data(.client, 104, "efgh"), .data(.client, 110, "klmn"), .data(.client, 115, "p")],
            limits: limits)
        #expect(
            played.log.events == [
                "client skip 4", "client efgh", "client skip 2", "client klmn", "client skip 1", "client p", "finish",
            ])
        #expect(played.bytes.heldLimitReached == 1)
        #expect(played.bytes.isBalanced)
    }

    @Test("Bytes that came twice and differ are counted while the first copy still waits")
    func conflict() {
        let played = play(
            Self.handshake + [.data(.client, 102, "cd"), .data(.client, 102, "cX"), .data(.client, 100, "ab")])
        #expect(played.log.events == ["client ab", "client cd", "finish"])
        #expect(played.bytes.conflicting == 1)
        #expect(played.log.conflicts == ["client 1 of 2 at 103, packet 5 after 4"])
        #expect(played.bytes.firstConflict?.counted.packet == 4)
    }

    @Test("What a capture cuts off a packet is a hole of known length")
    func cutPackets() {
        var first = TestPacket.data(.client, 100, "abcdef")
        first.cut = 4
        var ahead = TestPacket.data(.client, 109, "jkl")
        ahead.cut = 1
        let played = play(Self.handshake + [first, ahead, .data(.client, 106, "ghi"), .data(.client, 112, "m")])
        #expect(
            played.log.events == [
                "client ab", "client skip 4", "client ghi", "client jk", "client skip 1", "client m", "finish",
            ])
        #expect(played.bytes.cut == 5)
        #expect(played.bytes.lost == 0)
    }

    @Test("Data in a SYN counts when the peer acknowledges it, and not when it does not")
    func fastOpen() {
        let syn = TestPacket.flag(TestPacket.syn, .client, 99, "GET ")
        let accepted = play([
            syn, .flag(TestPacket.syn, .server, 499, ack: 104), .data(.client, 104, "/ HTTP/1.1", ack: 500),
        ])
        #expect(accepted.log.events == ["client GET ", "client / HTTP/1.1", "finish"])

        let refused = play([
            syn, .flag(TestPacket.syn, .server, 499, ack: 100), .data(.client, 100, "GET /", ack: 500),
        ])
        #expect(refused.log.events == ["client GET /", "finish"])
        #expect(refused.bytes.refusedSYN == 4)
        #expect(refused.bytes.isBalanced)
    }

    @Test("Data in a SYN+ACK follows the SYN")
    func dataInSYNACK() {
        let played = play([
            .flag(TestPacket.syn, .client, 99), .flag(TestPacket.syn, .server, 499, ack: 100, "hello"),
            .data(.server, 505, "!"),
        ])
        #expect(played.log.events == ["server hello", "server !", "finish"])
    }

    @Test("A stream longer than its sequence numbers go is one stream")
    func longStream() {
        // 3 GiB, as cut packets of 60 KiB: without a SYN, the first byte must not look like one that is still to come.
        let step = 61_440
        var frames: [(bytes: ArraySlice<UInt8>, originalLength: Int)] = []
        for index in 0..<(3 << 30) / step {
            var packet = TestPacket.data(.client, UInt32(truncatingIfNeeded: index * step), "G")
            packet.payload[0] = UInt8(truncatingIfNeeded: index % 251)
            let frame =
                TestPacket.ethernetHeader(0x0800)
                + TestPacket.ipv4(packet.segment, from: .client, totalLength: 40 + step)
            frames.append((frame[...], 54 + step))
        }
        let played = play(frames: frames)
        #expect(played.bytes.delivered == frames.count)
        #expect(played.bytes.beforeStart == 0)
        #expect(played.bytes.isBalanced)
    }
}
