import HTTPWire
import TCPReassembly
import Testing
import WireBasics

@testable import WebSocketWire

@Suite("What a capture or a limit withholds")
struct LossTests {
    private let get = Wire.head("GET / HTTP/1.1", ["Host: a"])
    private let ok = Wire.head("HTTP/1.1 200 OK", ["Content-Length: 2"]) + Wire.text("ok")

    @Test("a hole ends the reading of its direction, and only of that")
    func holes() {
        let inTunnel = Dialogue(
            Dialogue.session(client: Wire.client(1, [65])).steps + [
                .hole(10, .client), .bytes(Wire.client(1, [66]), .client), .bytes(Wire.server(1, [67]), .server),
            ]
        ).readEveryWay()
        #expect(inTunnel.losses == ["tcp.gap", "ws.frame.boundary-unknown"])
        #expect(inTunnel.messages(.client) == ["A"])
        #expect(inTunnel.messages(.server) == ["C"])
        #expect(inTunnel.ledger[.client, .afterGap] == 7)
        #expect(inTunnel.ledger.missing == 10)
        let response = Dialogue([.bytes(get + get, .client), .hole(nil, .server), .bytes(ok, .server)]).readEveryWay()
        #expect(response.losses == ["tcp.gap", "tcp.gap"])
        #expect(response.ledger[.server, .afterGap] == ok.count)
        let waiting = Dialogue([
            .bytes(Wire.request() + Wire.client(1, [65]), .client), .hole(5, .client), .bytes(Wire.client(9), .client),
            .bytes(Wire.response(), .server),
        ]).readEveryWay()
        #expect(waiting.messages(.client) == ["A"])
        #expect(waiting.losses == ["tcp.gap", "ws.frame.boundary-unknown"])
        #expect(waiting.ledger[.client, .afterGap] == 6)
    }

    @Test("a frame that the connection does not complete is a loss")
    func unfinishedFrame() {
        let reading = Dialogue.session(client: Array(Wire.client(1, Wire.text("Hello")).dropLast())).readEveryWay()
        #expect(reading.losses == ["ws.frame.unfinished"])
        #expect(reading.tunnel?.client.frames == 0)
        #expect(reading.ledger[.client, .unfinishedFrame] == 10)
        let empty = Dialogue.session(client: Wire.client(1), server: Wire.server(2)).readEveryWay()
        #expect(empty.losses == [])
        #expect(empty.tunnel?.frames.count == 2)
    }

    @Test("more than may be kept is given up by name")
    func heldLimit() {
        var dialogue = Dialogue([
            .bytes(Wire.request() + Wire.client(1, [65]), .client),
            .bytes(Wire.client(2, Array(repeating: 1, count: 100)), .client), .bytes(Wire.response(), .server),
        ])
        dialogue.limits.heldBytes = 50
        let reading = dialogue.read()
        #expect(reading.losses == ["limit.held"])
        #expect(reading.messages(.client) == ["A"])
        #expect(reading.ledger[.client, .overLimit] == 106)
        #expect(reading.ledger.total == reading.bytes)
    }

    @Test("a head beyond the limit and requests beyond the limit are counted")
    func headLimits() {
        var long = Dialogue([.bytes(Wire.request(["X: " + String(repeating: "a", count: 500)]), .client)])
        long.limits.headBytes = 300
        let reading = long.readEveryWay()
        #expect(reading.transcripts == [])
        #expect(reading.ledger[.client, .overLimit] == reading.bytes)
        var many = Dialogue([.bytes(get + get + get, .client)])
        many.limits.unansweredRequests = 2
        #expect(many.readEveryWay().transcripts.count == 2)
    }

    @Test("every kind of loss says what is missing")
    func catalogue() {
        #expect(LossCatalogue.rules.allSatisfy { !$0.sentence.isEmpty && $0.code.contains(".") })
    }
}
