import TCPReassembly
import Testing
import WireBasics

@Suite("Telling connections apart")
struct ConnectionTableTests {
    private let handshake = SegmentAssemblerTests.handshake

    struct Opening: CustomTestStringConvertible {
        var testDescription: String
        var packets: [TestPacket]
        var clientPort: UInt16
        var evidence: ConnectionStart.Evidence
    }

    static let openings: [Opening] = [
        Opening(
            testDescription: "a SYN is sent by the client", packets: [.flag(TestPacket.syn, .server, 499)],
            clientPort: 80, evidence: .handshake),
        Opening(
            testDescription: "a SYN+ACK is sent by the server",
            packets: [.flag(TestPacket.syn, .client, 99, ack: 500)], clientPort: 80, evidence: .handshake),
        Opening(
            testDescription: "a request is sent by the client",
            packets: [.ack(.client, 100, 500), .data(.server, 500, "GET /chat HTTP/1.1\r\n")], clientPort: 80,
            evidence: .http),
        Opening(
            testDescription: "a PROXY line is sent by the client",
            packets: [.data(.server, 500, "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n")], clientPort: 80, evidence: .http),
        Opening(
            testDescription: "a response is sent by the server",
            packets: [.data(.client, 100, "HTTP/1.1 101 Switching Protocols\r\n")], clientPort: 80, evidence: .http),
        Opening(
            testDescription: "else the lower port is the server's", packets: [.data(.server, 500, "\u{1}\u{2}")],
            clientPort: 40000, evidence: .ports),
        Opening(
            testDescription: "a connection without data is decided by its ports, at the end",
            packets: [.ack(.server, 500, 100)], clientPort: 40000, evidence: .ports),
    ]

    @Test("Who is the client is known from the best evidence there is", arguments: openings)
    func evidence(_ opening: Opening) throws {
        let played = play(opening.packets)
        let start = try #require(played.log.starts.first)
        #expect(played.log.starts.count == 1)
        #expect(start.client.port == opening.clientPort)
        #expect(start.evidence == opening.evidence)
        #expect(start.mark.packet == 1)
        #expect(played.log.events.last == "finish")
    }

    @Test("A capture that begins in the middle starts at the first byte that nobody had seen")
    func midstream() {
        let reordered = play([
            .ack(.server, 500, 100), .data(.client, 103, "def"), .data(.client, 100, "abc"),
        ])
        #expect(reordered.log.events == ["client abc", "client def", "finish"])

        let probed = play([
            .ack(.server, 500, 100), .data(.client, 99, "\0"), .data(.client, 100, "abc"),
        ])
        #expect(probed.log.events == ["client abc", "finish"])

        let early = play([.data(.client, 103, "def"), .data(.client, 100, "abc"), .data(.client, 106, "g")])
        #expect(early.log.events == ["client def", "client g", "finish"])
        #expect(early.bytes.beforeStart == 3)
        #expect(early.bytes.isBalanced)
    }

    @Test("A capture of one direction says what the other one lacks")
    func oneSided() {
        let played = play([
            .flag(TestPacket.syn, .client, 99), .ack(.client, 100, 500), .data(.client, 100, "GET", ack: 500),
            .ack(.client, 103, 650),
        ])
        #expect(played.log.events == ["client GET", "server skip 150", "finish"])
    }

    @Test("A SYN with another sequence number begins a new connection on the same ports")
    func portReuse() {
        let first = handshake + [.data(.client, 100, "one"), .flag(TestPacket.fin, .client, 103, ack: 500)]
        let second: [TestPacket] = [
            .flag(TestPacket.syn, .client, 7_000), .flag(TestPacket.syn, .server, 9_000, ack: 7_001),
            .data(.client, 7_001, "two"),
        ]
        let played = play(first + second, numbered: true)
        #expect(
            played.log.events == ["#0 client one", "#0 client fin", "#0 finish", "#1 client two", "#1 finish"])
        #expect(played.log.starts.map(\.tcpStream) == [0, 1])
        #expect(played.log.starts.map(\.mark.packet) == [1, 6])
    }

    @Test("A copy of the SYN begins nothing")
    func repeatedSYN() {
        let played = play([handshake[0], handshake[0], handshake[1], handshake[1], .data(.client, 100, "one")])
        #expect(played.log.starts.count == 1)
        #expect(played.log.events == ["client one", "finish"])
    }

    @Test("Both ends may open at once; the first is the client")
    func simultaneousOpen() {
        let played = play([
            .flag(TestPacket.syn, .client, 99), .flag(TestPacket.syn, .server, 499),
            .flag(TestPacket.syn, .client, 99, ack: 500), .flag(TestPacket.syn, .server, 499, ack: 100),
            .data(.client, 100, "a"), .data(.server, 500, "b"),
        ])
        #expect(played.log.starts.count == 1)
        #expect(played.log.events == ["client a", "server b", "finish"])
    }

    @Test("Every packet twice gives the same streams")
    func everyPacketTwice() {
        let packets =
            handshake + [
                .data(.client, 100, "abc"), .data(.server, 500, "xy", ack: 103), .ack(.client, 103, 502),
                .flag(TestPacket.fin, .client, 103, ack: 502), .flag(TestPacket.fin, .server, 502, ack: 104),
                .ack(.client, 104, 503),
            ]
        let once = play(packets)
        let twice = play(packets.flatMap { [$0, $0] })
        #expect(once.log.events == ["client abc", "server xy", "client fin", "server fin", "finish"])
        #expect(twice.log.events == once.log.events)
        #expect(twice.bytes.duplicate == 5)
    }

    @Test("A connection that ended is finished some packets later, and its stray packets begin nothing")
    func afterEnd() {
        var limits = ReassemblyLimits()
        limits.packetsAfterEnd = 4
        limits.packetsRemembered = 100
        let ended =
            handshake + [
                .flag(TestPacket.fin, .client, 100, ack: 500), .flag(TestPacket.fin, .server, 500, ack: 101),
            ]
        var other = TestPacket.ack(.client, 1, 1)
        other.clientPort = 50000
        let others = [TestPacket](repeating: other, count: 6)
        let stray: [TestPacket] = [
            .ack(.client, 101, 501), .flag(TestPacket.rst, .client, 101), .data(.server, 499, "\0", ack: 101),
        ]
        let played = play(ended + others + stray, limits: limits, numbered: true)
        #expect(
            played.log.events == ["#0 client fin", "#0 server fin", "#0 finish", "#1 finish"])
        #expect(played.bytes.afterEnd == 1)

        let fresh = play(ended + others + [.data(.client, 101, "GET / HTTP/1.1")], limits: limits, numbered: true)
        #expect(
            fresh.log.events.suffix(3) == ["#2 client GET / HTTP/1.1", "#1 finish", "#2 finish"])
    }

    /// The ends of a connection that may come in any order: both FINs and both RSTs.
    static let endings: [[TestPacket]] = {
        let all: [TestPacket] = [
            .flag(TestPacket.fin, .client, 103, ack: 502), .flag(TestPacket.fin, .server, 502, ack: 103),
            .flag(TestPacket.rst, .client, 103), .flag(TestPacket.rst, .server, 502),
        ]
        return all.indices.flatMap { first in
            all.indices.filter { $0 != first }.flatMap { second in
                all.indices.filter { $0 != first && $0 != second }.map { third in
                    [all[first], all[second], all[third], all[6 - first - second - third]]
                }
            }
        }
    }()

    @Test("FINs and RSTs in every order end one connection, and bytes that come late are its own", arguments: endings)
    func endingsInEveryOrder(_ ending: [TestPacket]) {
        for late in 0...ending.count {
            var packets = ending
            packets.insert(contentsOf: [.data(.client, 100, "abc"), .data(.server, 500, "xy")], at: late)
            let played = play(handshake + packets, numbered: true)
            #expect(played.log.starts.count == 1)
            #expect(played.log.streams[0]?[.client] == Array("abc".utf8))
            #expect(played.log.streams[0]?[.server] == Array("xy".utf8))
            #expect(played.log.events.filter { $0.hasSuffix("finish") } == ["#0 finish"])
            #expect(played.log.events.count { $0 == "#0 client rst" } == 1)
            #expect(played.log.events.count { $0 == "#0 server rst" } == 1)
            #expect(played.bytes.lost == 0)
            #expect(played.bytes.isBalanced)
        }
    }

    @Test("The state of connections that are over is forgotten")
    func memoryFollowsOpenConnections() {
        var limits = ReassemblyLimits()
        limits.packetsAfterEnd = 4
        limits.packetsRemembered = 16
        let log = StreamLog()
        var table = ConnectionTable(limits: limits) { LoggingReader(log, $0, numbered: true) }
        var most = 0
        var number = 0
        for port in UInt16(1000)..<3000 {
            for var packet in handshake + [.flag(TestPacket.rst, .client, 100)] {
                packet.clientPort = port
                number += 1
                let bytes = packet.ethernet
                table.receive(
                    bytes.span.bytes, linkType: .ethernet, originalLength: bytes.count,
                    at: PacketMark(packet: number, instant: .epoch))
            }
            table.settle()
            most = max(most, table.openConnections)
        }
        table.finish()
        #expect(table.connectionCount == 2000)
        #expect(most < 10)
        #expect(table.openConnections == 0)
        #expect(log.events.filter { $0.hasSuffix("finish") }.count == 2000)
        #expect(log.starts.map(\.tcpStream) == Array(0..<2000))
    }

    @Test("What is left at the end is finished in order of the numbers")
    func orderOfFinish() {
        var limits = ReassemblyLimits()
        limits.packetsAfterEnd = 0
        limits.packetsRemembered = 0
        var packets: [TestPacket] = []
        for index in 0..<20 {
            var syn = TestPacket.flag(TestPacket.syn, .client, 99)
            syn.clientPort = UInt16(5000 + (index * 7) % 20)
            packets.append(syn)
            guard index % 3 == 0 else { continue }
            var reset = TestPacket.flag(TestPacket.rst, .client, 100)
            reset.clientPort = syn.clientPort
            packets.append(reset)
        }
        let finished = play(packets, limits: limits, numbered: true).log.events.filter { $0.hasSuffix("finish") }
        let early = Set(stride(from: 0, through: 18, by: 3))
        let late = (0..<20).filter { !early.contains($0) }.map { "#\($0) finish" }
        #expect(Array(finished.suffix(late.count)) == late)
    }
}
