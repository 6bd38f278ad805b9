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
        #expect(reading.findings.map(\.code) == ["limit.head"])
        #expect(reading.findings.first?.mend.contains("--limit head") == true)
        var answer = Dialogue([
            .bytes(get, .client), .bytes(Wire.head("HTTP/1.1 200 OK", [String(repeating: "a", count: 500)]), .server),
        ])
        answer.limits.headBytes = 300
        #expect(answer.readEveryWay().losses == ["limit.head"])
        var many = Dialogue([.bytes(get + get + get, .client)])
        many.limits.unansweredRequests = 2
        let few = many.readEveryWay()
        #expect(few.transcripts.count == 2)
        #expect(few.losses.contains("limit.requests"))
    }

    @Test("interim responses beyond the limit are passed over by name")
    func interimLimit() {
        var dialogue = Dialogue([
            .bytes(get, .client), .bytes(Wire.head("HTTP/1.1 102 Processing", []), .server),
            .bytes(Wire.head("HTTP/1.1 103 Early Hints", []) + ok, .server),
        ])
        dialogue.limits.interimResponses = 1
        let reading = dialogue.readEveryWay()
        #expect(reading.transcripts.first?.interimResponses.map(\.head.status) == [102])
        #expect(reading.transcripts.first?.response?.head.status == 200)
        #expect(reading.losses == ["limit.interim"])
    }

    @Test("a response that waits too long for its request is not glued to what comes behind it")
    func heldResponse() {
        let late = Wire.head("HTTP/1.1 200 OK", ["Content-Length: 100"]) + Array(repeating: 65, count: 100)
        var dialogue = Dialogue([.bytes(late, .server), .bytes(ok, .server), .bytes(get, .client), .bytes(ok, .server)])
        dialogue.limits.heldBytes = late.count
        let reading = dialogue.read()
        #expect(reading.transcripts.first?.responseBody.length == 100)
        #expect(reading.ledger[.server, .overLimit] == 2 * ok.count)
        #expect(reading.ledger.total == reading.bytes)
    }

    @Test("a message that inflates to more times its length than the limit allows is given up by name")
    func inflateRatio() {
        let zeros = [UInt8](repeating: 0, count: 300_000)
        var dialogue = Dialogue.deflated(client: Wire.client(2, Deflater().message(zeros), rsv: 4))
        #expect(dialogue.read().losses == [])
        dialogue.limits.inflateRatio = 100
        let reading = dialogue.read()
        #expect(reading.losses == ["limit.inflate-ratio"])
        #expect(reading.transcripts.first?.isComplete == false)
    }

    @Test("a window that is not checked to the end is told, and hides nothing")
    func windowCheck() {
        let noise = (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 7919) }
        var dialogue = Dialogue.deflated(
            server: Wire.server(2, Deflater(windowBits: 9).message(noise), rsv: 4),
            parameters: "; server_max_window_bits=9")
        #expect(dialogue.readEveryWay().losses == [])
        dialogue.limits.windowCheckBytes = 100
        let reading = dialogue.readEveryWay()
        #expect(reading.losses == ["limit.window-check"])
        #expect(reading.transcripts.first?.isComplete == true)
        #expect(reading.tunnel?.messages.map(\.isDecoded) == [true])
    }

    @Test("records end with their budget, and the counts do not")
    func recordBudget() {
        var dialogue = Dialogue.session(client: Wire.client(1, [65]) + Wire.client(1, [66]) + Wire.client(1, [67]))
        dialogue.budget = 3
        let reading = dialogue.read()
        #expect(reading.tunnel?.client.frames == 3)
        #expect(reading.tunnel?.frames.count == 2)
        #expect(reading.tunnel?.messages.count == 1)
        let budget = RecordBudget(1)
        #expect(budget.take() && !budget.isSpent)
        #expect(!budget.take() && budget.isSpent)
    }

    @Test("a connection that is given up says so in what it has not finished")
    func givenUp() {
        let open = Dialogue([.bytes(get, .client), .bytes(ok, .server), .giveUp])
        #expect(open.read().losses == [])
        #expect(Dialogue([.bytes(get, .client), .giveUp]).read().losses == ["limit.connections"])
        #expect(
            Dialogue(Dialogue.session(client: Wire.client(1, [65])).steps + [.giveUp]).read().losses
                == ["limit.connections"])
    }

    @Test("every kind of loss says what is missing")
    func catalogue() {
        #expect(LossCatalogue.rules.allSatisfy { !$0.sentence.isEmpty && $0.code.contains(".") })
        #expect(LossCatalogue.rules.allSatisfy { LossCatalogue.rule($0.code) == $0 })
    }
}
