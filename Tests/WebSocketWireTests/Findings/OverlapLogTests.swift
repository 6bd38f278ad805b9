import HTTPWire
import TCPReassembly
import Testing
import WireBasics

@testable import WebSocketWire

/// In a session the request is packet 2, the response 3, what the client sends 4, the server 5.
@Suite("Sessions with bytes that came twice and differ")
struct OverlapLogTests {
    private func losses(_ steps: [Dialogue.Step]) -> [Loss] {
        var dialogue = Dialogue.session(client: Wire.client(1, [65]), server: Wire.server(1, [66]))
        dialogue.steps += steps
        return dialogue.readEveryWay().transcripts.flatMap(\.losses)
    }

    @Test("say so with both packets", arguments: [(2, Party.client), (3, .server), (4, .client), (5, .server)])
    func packets(_ packet: Int, _ party: Party) throws {
        let losses = losses([.conflict(packet: packet, party)])
        let loss = try #require(losses.first)
        #expect(losses.count == 1)
        #expect(loss.code == "tcp.overlap-conflict")
        #expect(loss.packet == packet)
        #expect(loss.otherPacket == 6)
        #expect(loss.party == party)
        #expect(loss.message.contains("10 bytes of the \(party.rawValue) come twice, and 3 of them"))
    }

    @Test("are told of a few, and the rest is counted")
    func bounded() {
        let losses = losses(Array(repeating: .conflict(packet: 4, .client), count: 20))
        #expect(losses.count == 4)
        #expect(losses.map { $0.message.contains("likewise 16 more times") } == [false, false, false, true])
    }

    @Test("are those to which the bytes belong: the exchange before it is as it was")
    func exchanges() {
        let get = Wire.head("GET / HTTP/1.1", ["Host: a"])
        let ok = Wire.head("HTTP/1.1 200 OK", ["Content-Length: 2"]) + Wire.text("ok")
        let reading = Dialogue([
            .bytes(get, .client), .bytes(ok, .server), .bytes(get, .client), .bytes(ok, .server),
            .conflict(packet: 4, .client), .conflict(packet: 5, .server),
        ]).readEveryWay()
        #expect(reading.transcripts.map(\.losses.count) == [0, 2])
    }
}
