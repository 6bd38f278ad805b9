import TCPReassembly
import Testing
import WireBasics

@Suite("A capture that goes on in another file")
struct NextFileTests {
    struct Row: CustomTestStringConvertible {
        var testDescription: String
        /// The first packet of the second file.
        var packet: TestPacket
        /// What the readers are told of it, and of the connection that was open.
        var events: [String]
    }

    /// Bytes 100 to 102 of the client and 500 to 502 of the server are in the first file.
    static let rows: [Row] = [
        Row(
            testDescription: "goes on where it stopped", packet: .data(.client, 103, "def", ack: 503),
            events: ["#0 client def", "#0 finish"]),
        Row(
            testDescription: "goes on behind a hole", packet: .data(.server, 603, "def", ack: 103),
            events: ["#0 server skip 100", "#0 server def", "#0 finish"]),
        Row(
            testDescription: "repeats itself", packet: .data(.client, 100, "abc", ack: 503), events: ["#0 finish"]),
        Row(
            testDescription: "starts anew with a SYN", packet: .flag(TestPacket.syn, .client, 9000),
            events: ["#0 finish", "#1 finish"]),
        Row(
            testDescription: "is another one when its bytes lie far off",
            packet: .data(.client, 3_000_000_000, "def", ack: 503),
            events: ["#0 finish", "#1 client def", "#1 finish"]),
        Row(
            testDescription: "is another one when it acknowledges what lies far off",
            packet: .data(.client, 103, "def", ack: 3_000_000_000),
            events: ["#0 finish", "#1 client def", "#1 finish"]),
        Row(
            testDescription: "is no other one for a RST from nowhere",
            packet: .flag(TestPacket.rst, .client, 3_000_000_000), events: ["#0 finish"]),
    ]

    @Test("an open connection goes on there when its sequence numbers do", arguments: rows)
    func goesOn(_ row: Row) {
        let (log, bytes) = play(
            [.data(.client, 100, "abc", ack: 500), .data(.server, 500, "xyz", ack: 103)], [row.packet])
        #expect(log.events.prefix(2) == ["#0 client abc", "#0 server xyz"])
        #expect(Array(log.events.dropFirst(2)) == row.events)
        #expect(bytes.isBalanced)
    }

    @Test("so does one that has ended, with what comes late; bytes that lie far off are those of another one")
    func ended() {
        let ended: [TestPacket] = [
            .data(.client, 100, "abc", ack: 500), .flag(TestPacket.fin, .client, 103, ack: 500),
            .flag(TestPacket.fin, .server, 503, ack: 104),
        ]
        let late = play(ended, [.data(.server, 500, "xyz", ack: 104), .ack(.client, 104, 504)])
        #expect(
            late.log.events == [
                "#0 client abc", "#0 client fin", "#0 server xyz", "#0 server fin", "#0 finish",
            ])
        let other = play(ended, [.data(.client, 3_000_000_000, "GET ", ack: 503)])
        #expect(other.log.starts.count == 2)
        #expect(other.log.events.suffix(2) == ["#1 client GET ", "#1 finish"])
        #expect(!other.log.events.contains { $0.hasPrefix("#0 client skip") })
    }

    @Test("a connection that has shown itself is trusted as in the first file")
    func trusted() {
        let (log, _) = play(
            [.data(.client, 100, "abc", ack: 500)],
            [.ack(.server, 500, 103), .data(.client, 103, "def"), .data(.client, 2_000_000_000, "no")])
        #expect(log.starts.count == 1)
        #expect(log.events == ["#0 client abc", "#0 client def", "#0 finish"])
    }

    @Test("link types that cannot be read are told of each file by itself")
    func links() {
        var table = ConnectionTable { LoggingReader(StreamLog(), $0, numbered: true) }
        let bytes: [UInt8] = [1, 2, 3]
        let unknown = LinkType(rawValue: 999)
        table.receive(bytes.span.bytes, linkType: unknown, originalLength: 3, at: mark(1))
        table.receive(bytes.span.bytes, linkType: unknown, originalLength: 3, at: mark(2))
        let first = table.unsupportedLinks
        table.goOnInNextFile()
        let none = table.unsupportedLinks
        table.receive(bytes.span.bytes, linkType: unknown, originalLength: 3, at: mark(3))
        let second = table.unsupportedLinks
        #expect(first.map(\.first) == [mark(1)])
        #expect(first.map(\.packets) == [2])
        #expect(none == [])
        #expect(second.map(\.first) == [mark(3)])
        #expect(second.map(\.packets) == [1])
    }

    /// Plays the packets of two files.
    private func play(_ first: [TestPacket], _ second: [TestPacket]) -> (log: StreamLog, bytes: StreamLedger) {
        let log = StreamLog()
        var table = ConnectionTable { LoggingReader(log, $0, numbered: true) }
        for (index, packet) in (first + second).enumerated() {
            if index == first.count { table.goOnInNextFile() }
            let bytes = packet.ethernet
            table.receive(bytes.span.bytes, linkType: .ethernet, originalLength: bytes.count, at: mark(index + 1))
        }
        table.finish()
        return (log, table.bytes)
    }

    private func mark(_ number: Int) -> PacketMark {
        PacketMark(packet: number, instant: CaptureInstant(nanoseconds: Int64(number) * 1_000_000))
    }
}
