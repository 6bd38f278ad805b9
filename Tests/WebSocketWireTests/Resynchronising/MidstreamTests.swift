import TCPReassembly
import Testing
import WireBasics

@testable import WebSocketWire

@Suite("Connections without an opening handshake")
struct MidstreamTests {
    private static func masked(_ count: Int, rsv: UInt8 = 0) -> [[UInt8]] {
        var random = SplitMix(seed: 5)
        return (0..<count).map { index in
            let key = (0..<4).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            return Wire.frame(1, Wire.text("message \(index)"), rsv: rsv, mask: key)
        }
    }

    private func dialogue(_ steps: [Dialogue.Step]) -> Dialogue {
        var dialogue = Dialogue(steps)
        dialogue.evidence = .ports
        return dialogue
    }

    @Test("masked frames prove it, and say who is the client", arguments: Party.allCases)
    func proven(client: Party) throws {
        let frames = Self.masked(20)
        let close: [Dialogue.Step] = [
            .bytes(Wire.frame(8, Wire.close(1000), mask: [9, 8, 7, 6]), client), .close(.fin, client),
        ]
        let reading = dialogue(frames.map { .bytes($0, client) } + close).readEveryWay()
        #expect(reading.transcripts == [])
        let transcript = try #require(reading.midstream.first)
        #expect(transcript.client.port == (client == .client ? 40_000 : 80))
        #expect(transcript.tunnel.client.frames == 21)
        #expect(transcript.tunnel.client.messages == 20)
        #expect(transcript.tunnel.client.close?.code == 1000)
        #expect(transcript.ending.by == .client)
        #expect(transcript.evidence.contains("masked frames"))
        #expect(reading.ledger[.frame] == reading.bytes)
    }

    @Test("the other end's frames are read once it rested often enough between them")
    func otherEnd() throws {
        let frames = Self.masked(30)
        let answers = frames.indices.map { Wire.server(1, Wire.text("an answer to message number \($0)")) }
        let steps = zip(frames, answers).flatMap { question, answer -> [Dialogue.Step] in
            [.wait(.seconds(1)), .bytes(question, .client), .wait(.milliseconds(1)), .bytes(answer, .server)]
        }
        let reading = dialogue([.bytes(Array(answers[0].dropFirst(9)), .server)] + steps).readEveryWay()
        let tunnel = try #require(reading.midstream.first?.tunnel)
        #expect(tunnel.client.frames == 30)
        #expect(tunnel.server.frames > 20)
        #expect(reading.ledger[.server, .passedOver] > 0)
        #expect(reading.ledger.total == reading.bytes)
    }

    @Test("compressed frames count, and are not inflated")
    func compressed() throws {
        let deflater = Deflater()
        var random = SplitMix(seed: 6)
        let frames = (0..<20).map { index in
            let key = (0..<4).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            return Wire.frame(1, deflater.message(Wire.text("message \(index)")), rsv: 4, mask: key)
        }
        let reading = dialogue(frames.map { .bytes($0, .client) }).readEveryWay()
        let transcript = try #require(reading.midstream.first)
        #expect(transcript.tunnel.client.frames == 20)
        #expect(transcript.violations == [])
        let loss = try #require(transcript.losses.first { $0.code == "ws.extension.unknown" })
        #expect(loss.message.contains("presumably with permessage-deflate"))
    }

    @Test("a request head that a hole hides is no handshake either")
    func lostHead() {
        var dialogue = Dialogue(
            [.hole(200, .client), .bytes(Wire.response(), .server)] + Self.masked(20).map { .bytes($0, .client) })
        dialogue.evidence = .handshake
        let reading = dialogue.read()
        #expect(reading.midstream.first?.tunnel.client.frames == 20)
        #expect(reading.midstream.first?.client.port == 40_000)
        #expect(reading.ledger.total == reading.bytes)
    }

    struct Stranger: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [[UInt8]]
    }

    static let strangers: [Stranger] = [
        Stranger(
            testDescription: "TLS records",
            bytes: Array(repeating: [0x17, 0x03, 0x03, 0x00, 0x40] + (0..<64).map { 128 + UInt8($0) }, count: 200)),
        Stranger(
            testDescription: "HTTP/2 frames",
            bytes: (0..<200).map { [0, 0, 8, 0, 0, 0, 0, 0, UInt8($0 % 250)] + Array(repeating: 0x81, count: 8) }),
        Stranger(
            testDescription: "MQTT subscriptions, whose headers look like those of binary frames",
            bytes: (0..<200).map { [0x82, 10, 0, UInt8($0), 0, 5, 0x61, 0x2F, 0x62, 0x2F, 0x63, 1] }),
        Stranger(
            testDescription: "frames that are not masked",
            bytes: (0..<200).map { Wire.server(1, Wire.text("tick \($0)")) }),
        Stranger(
            testDescription: "frames that are always masked alike",
            bytes: (0..<200).map { Wire.client(1, Wire.text("tick \($0)")) }),
        Stranger(testDescription: "too few frames", bytes: Array(masked(2))),
        Stranger(testDescription: "one byte over and over", bytes: Array(repeating: [0x82], count: 2000)),
        Stranger(
            testDescription: "a pattern", bytes: Array(repeating: [0x82, 0x84, 1, 2, 3, 4, 5, 6, 7, 8], count: 200)),
    ]

    @Test("other protocols are not taken for it", arguments: strangers)
    func others(_ stranger: Stranger) {
        for party in Party.allCases {
            let reading = dialogue(stranger.bytes.flatMap { [.wait(.seconds(1)), .bytes($0, party)] }).read()
            #expect(reading.midstream == [])
            #expect(reading.ledger[.frame] == 0)
            #expect(reading.ledger.total == reading.bytes)
        }
    }

    @Test("a connection that goes on with HTTP is none")
    func http() {
        let reading = dialogue(
            [.bytes([1, 2, 3], .server), .bytes(Wire.head("GET / HTTP/1.1", ["Host: a"]), .client)]
                + Self.masked(20).map { .bytes($0, .client) }
        ).read()
        #expect(reading.midstream == [])
        #expect(reading.ledger.total == reading.bytes)
    }
}
