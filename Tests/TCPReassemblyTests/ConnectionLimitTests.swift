import Testing
import WireBasics

@testable import TCPReassembly

@Suite("Limit of connections")
struct ConnectionLimitTests {
    private func limits(connections: Int) -> ReassemblyLimits {
        var limits = ReassemblyLimits()
        limits.connections = connections
        return limits
    }

    private func syn(port: UInt16) -> TestPacket {
        var packet = TestPacket.flag(TestPacket.syn, .client, 99)
        packet.clientPort = port
        return packet
    }

    private func data(port: UInt16, _ sequence: UInt32, _ text: String) -> TestPacket {
        var packet = TestPacket.data(.client, sequence, text)
        packet.clientPort = port
        return packet
    }

    @Test("the connection that was silent longest makes room for a new one, and is told so")
    func leastRecentlyUsed() {
        let packets = [syn(port: 1), syn(port: 2), data(port: 1, 100, "a"), syn(port: 3), data(port: 1, 101, "b")]
        let played = play(packets, limits: limits(connections: 2), numbered: true)
        #expect(
            played.log.events == [
                "#0 client a", "#1 give up", "#1 finish", "#0 client b", "#0 finish", "#2 finish",
            ])
        #expect(played.bytes.connectionsGivenUp == 1)
    }

    @Test("a connection that is over goes first, and is not given up")
    func overFirst() {
        var reset = TestPacket.flag(TestPacket.rst, .client, 100)
        reset.clientPort = 2
        let packets = [syn(port: 1), syn(port: 2), reset, syn(port: 3), data(port: 1, 100, "a")]
        let played = play(packets, limits: limits(connections: 2), numbered: true)
        #expect(
            played.log.events == ["#1 client rst", "#1 finish", "#0 client a", "#0 finish", "#2 finish"])
        #expect(played.bytes.connectionsGivenUp == 0)
    }

    @Test("what comes of a connection that was given up begins another one")
    func comesBack() {
        let packets = [syn(port: 1), syn(port: 2), syn(port: 3), data(port: 1, 100, "GET / HTTP/1.1")]
        let played = play(packets, limits: limits(connections: 2), numbered: true)
        #expect(
            played.log.events == [
                "#0 give up", "#0 finish", "#1 give up", "#1 finish", "#3 client GET / HTTP/1.1", "#2 finish",
                "#3 finish",
            ])
    }

    @Test("a flood of SYNs leaves as many connections as the limit allows, each finished once")
    func flood() {
        let log = StreamLog()
        var table = ConnectionTable(limits: limits(connections: 500)) { LoggingReader(log, $0, numbered: true) }
        var most = 0
        for number in 0..<20_000 {
            let bytes = syn(port: UInt16(1 + number)).ethernet
            table.receive(
                bytes.span.bytes, linkType: .ethernet, originalLength: bytes.count,
                at: PacketMark(packet: number + 1, instant: .epoch))
            most = max(most, table.openConnections)
        }
        let givenUp = table.bytes.connectionsGivenUp
        table.finish()
        #expect(most == 500)
        #expect(table.connectionCount == 20_000)
        #expect(givenUp > 19_000)
        #expect(log.events.count { $0.hasSuffix("give up") } == givenUp)
        let finished = log.events.filter { $0.hasSuffix("finish") }
        #expect(finished.count == 20_000)
        #expect(Set(finished).count == 20_000)
    }
}
