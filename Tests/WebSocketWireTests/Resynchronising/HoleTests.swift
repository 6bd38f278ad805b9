import TCPReassembly
import Testing
import WireBasics

@testable import WebSocketWire

@Suite("Frames behind a hole")
struct HoleTests {
    private let hello = Wire.text("Hello, world")

    /// A session in which that many bytes of what the server sends are missing.
    private func server(
        _ bytes: [UInt8], without hole: Range<Int>, answer: [String] = [], client: [UInt8] = []
    ) -> Dialogue {
        var dialogue = Dialogue.session(client: client, offer: answer, answer: answer)
        dialogue.steps += [
            .bytes(Array(bytes[..<hole.lowerBound]), .server), .hole(hole.count, .server),
            .bytes(Array(bytes[hole.upperBound...]), .server),
        ]
        return dialogue
    }

    @Test("where a hole lies inside a payload, its frame's length says where the next begins", arguments: [3, 8, 14])
    func insidePayload(end: Int) {
        let frames = Wire.server(1, hello) + Wire.server(1, Wire.text("next")) + Wire.server(8, Wire.close(1000))
        let reading = server(frames, without: 2..<end).readEveryWay()
        #expect(reading.losses == ["tcp.gap", "ws.frame.partial"])
        #expect(reading.messages(.server) == ["next"])
        #expect(reading.tunnel?.server.frames == 3)
        #expect(reading.tunnel?.server.messages == 1)
        #expect(reading.tunnel?.server.close?.code == 1000)
        #expect(reading.tunnel?.frames.map(\.missing) == [end - 2, nil, nil])
        #expect(reading.tunnel?.frames.first?.sha256 == nil)
        #expect(reading.tunnel?.frames.first?.preview == [])
        #expect(reading.ledger[.server, .frame] == frames.count - (end - 2))
        #expect(reading.ledger.missing == end - 2)
    }

    @Test("of a frame with a hole the preview ends before it, and unmasking goes on in step behind it")
    func masked() {
        let frames = Wire.client(2, Array(0..<20)) + Wire.client(1, hello)
        var dialogue = Dialogue.session(client: Array(frames[..<9]))
        dialogue.steps += [.hole(6, .client), .bytes(Array(frames[15...]), .client)]
        let reading = dialogue.readEveryWay()
        #expect(reading.tunnel?.frames.map(\.preview) == [[0, 1, 2], hello])
        #expect(reading.violations == [])
    }

    @Test("two holes in one frame are one loss, and a frame that never ends is another")
    func twoHoles() {
        let frame = Wire.server(2, Array(repeating: 7, count: 100))
        var dialogue = Dialogue.session(server: Array(frame[..<10]))
        dialogue.steps += [
            .hole(5, .server), .bytes(Array(frame[15..<20]), .server), .hole(5, .server),
            .bytes(Array(frame[25..<30]), .server),
        ]
        let reading = dialogue.readEveryWay()
        #expect(reading.losses == ["tcp.gap", "ws.frame.partial", "ws.frame.unfinished"])
        #expect(reading.ledger[.server, .unfinishedFrame] == 20)
        #expect(reading.tunnel?.server.frames == 0)
    }

    @Test("a header that a hole cuts, and a hole that begins between frames, leave the next frame unknown")
    func uncertain() {
        let frames = Wire.server(1, hello) + Wire.server(1, hello)
        for hole in [1..<2, 14..<15, 10..<15, 0..<14] {
            let reading = server(frames, without: hole).readEveryWay()
            #expect(reading.losses == ["tcp.gap", "ws.frame.boundary-unknown"])
            #expect(reading.tunnel?.server.frames == (hole.lowerBound == 14 ? 1 : 0))
        }
    }

    @Test("a fragmented message with a hole is not counted, and the one behind it is")
    func fragments() {
        let frames =
            Wire.server(1, hello, fin: false) + Wire.server(9, [1]) + Wire.server(0, hello) + Wire.server(2, [5])
        let reading = server(frames, without: 4..<8).readEveryWay()
        #expect(reading.tunnel?.server.frames == 4)
        #expect(reading.tunnel?.server.messages == 1)
        #expect(reading.tunnel?.server.messageBytes == 1)
        #expect(reading.violations == [])
        let inPing = server(frames, without: 16..<17).readEveryWay()
        #expect(inPing.tunnel?.server.messages == 2)
    }

    @Test("a hole in a compressed message takes those behind it with it, unless each starts afresh")
    func compressed() {
        for (parameters, expected) in [("", 1), ("; server_no_context_takeover", 2)] {
            let deflater = Deflater(resets: !parameters.isEmpty)
            let frames = ["one and one", "two and two", "three"].map {
                Wire.server(1, deflater.message(Wire.text($0)), rsv: 4)
            }
            let hole = frames[0].count + 4..<frames[0].count + 6
            let reading = server(
                frames.flatMap { $0 }, without: hole,
                answer: ["Sec-WebSocket-Extensions: permessage-deflate\(parameters)"]
            ).readEveryWay()
            #expect(reading.tunnel?.server.frames == 3)
            let isDecoded = reading.tunnel?.messages.map { $0.sha256 != nil } ?? []
            #expect(isDecoded.count { $0 } == expected)
            #expect(reading.losses.contains("ws.deflate.stopped") == (expected == 1))
            #expect(reading.violations == [])
        }
    }

    @Test("of a close frame with a hole the code counts where it is there")
    func close() {
        let frames = Wire.server(8, Wire.close(1001, "going away"))
        #expect(server(frames, without: 6..<9).readEveryWay().tunnel?.server.close?.code == 1001)
        let hidden = server(frames, without: 3..<9).readEveryWay()
        #expect(hidden.tunnel?.server.close == nil)
        #expect(hidden.violations == [])
        #expect(hidden.tunnel?.server.framesByOpcode[8] == 1)
    }

    // MARK: frames that must be found again

    /// Frames of a client with keys that nobody foresees.
    private func chatter(_ count: Int, seed: UInt64, opcode: UInt8 = 1) -> [[UInt8]] {
        var random = SplitMix(seed: seed)
        return (0..<count).map { index in
            let key = (0..<4).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            return Wire.frame(opcode, Wire.text("message number \(index)"), mask: key)
        }
    }

    @Test("masked frames are found again, from the first segment behind the hole on")
    func maskedAreFound() {
        let frames = chatter(12, seed: 1)
        var dialogue = Dialogue.session(client: frames[..<3].flatMap { $0 })
        dialogue.steps += [.hole(40, .client)] + frames[4...].map { .bytes($0, .client) }
        let reading = dialogue.readEveryWay()
        #expect(reading.losses == ["tcp.gap", "ws.frame.resynchronised"])
        #expect(reading.tunnel?.client.frames == 11)
        #expect(reading.tunnel?.client.messages == 11)
        #expect(reading.ledger[.client, .passedOver] == 0)
        #expect(reading.transcripts[0].losses[1].message.contains("masked frames"))
        #expect(reading.transcripts[0].losses[1].packet == 7)
    }

    @Test("bytes before a segment that begins with a frame are passed over")
    func passedOver() {
        let frames = chatter(12, seed: 2)
        var dialogue = Dialogue.session(client: frames[0])
        dialogue.steps += [.hole(7, .client), .bytes(Array(frames[1][7...]), .client)]
        dialogue.steps += frames[2...].map { .bytes($0, .client) }
        let reading = dialogue.readEveryWay()
        #expect(reading.tunnel?.client.frames == 11)
        #expect(reading.ledger[.client, .passedOver] == frames[1].count - 7)
    }

    @Test("a client that masks with zero, or always alike, gives no evidence")
    func weakKeys() {
        for key: [UInt8] in [[0, 0, 0, 0], [0x37, 0xFA, 0x21, 0x3D]] {
            let frames = (0..<20).map { Wire.frame(1, Wire.text("message number \($0)"), mask: key) }
            var dialogue = Dialogue.session(client: frames[..<5].flatMap { $0 })
            dialogue.steps += [.hole(20, .client)] + frames[6...].map { .bytes($0, .client) }
            #expect(dialogue.readEveryWay().tunnel?.client.frames == 5)
        }
        // Behind such a client, masked frames are what somebody sends through it.
        var nested = Dialogue.session(client: Wire.frame(2, [1], mask: [0, 0, 0, 0]))
        nested.steps += [.hole(20, .client)] + chatter(20, seed: 3).map { .bytes($0, .client) }
        #expect(nested.readEveryWay().tunnel?.client.frames == 1)
    }

    /// The frames of a server, each written on its own, with a rest before it.
    private func resting(_ frames: [[UInt8]], _ span: TimeSpan = .seconds(2)) -> [Dialogue.Step] {
        frames.flatMap { [.wait(span), .bytes($0, .server)] }
    }

    @Test("frames of a server are found again where it rested often enough between them")
    func serverIsFound() {
        let frames = (0..<20).map { Wire.server(1, Wire.text("{\"tick\": \($0), \"price\": 1234.5}")) }
        var dialogue = Dialogue.session(server: frames[0])
        dialogue.steps += [.hole(30, .server)] + resting(frames)
        let found = dialogue.readEveryWay()
        #expect(found.losses == ["tcp.gap", "ws.frame.resynchronised"])
        let read = (found.tunnel?.server.frames ?? 0) - 1
        #expect((10..<18).contains(read))
        #expect(found.messages(.server).last == "{\"tick\": 19, \"price\": 1234.5}")
        #expect(found.ledger[.server, .passedOver] == frames[..<(20 - read)].joined().count)
        dialogue.steps = Dialogue.session(server: frames[0]).steps
        dialogue.steps += [.hole(30, .server)] + resting(frames, .milliseconds(400))
        #expect(dialogue.readEveryWay().tunnel?.server.frames == 1)
    }

    @Test("frames inside the payload of a frame whose header is missing are none, however the payload is written")
    func nested() {
        let inner = (0..<400).flatMap { Wire.server(1, Wire.text("inner \($0)")) }
        let outer = Wire.server(2, inner)
        for chunk in [inner.count, 1460, 512, 100, 13] {
            for rest in [TimeSpan.zero, .seconds(1)] {
                var dialogue = Dialogue.session(server: Wire.server(1, hello))
                dialogue.steps.append(.hole(outer.count - inner.count, .server))
                for start in stride(from: 0, to: inner.count, by: chunk) {
                    dialogue.steps.append(.wait(start % (3 * chunk) == 0 ? rest : .zero))
                    dialogue.steps.append(.bytes(Array(inner[start..<min(inner.count, start + chunk)]), .server))
                }
                let reading = dialogue.read()
                #expect(reading.tunnel?.server.frames == 1, "\(chunk) bytes at a time, \(rest)")
            }
        }
    }

    @Test("what a hole may have interrupted is no silence")
    func silences() {
        var dialogue = Dialogue.session(server: Wire.server(1, hello))
        dialogue.steps += [
            .wait(.seconds(10)), .bytes(Wire.client(9), .client), .wait(.seconds(70)), .hole(9, .server),
            .bytes(Wire.server(1, hello), .server), .wait(.seconds(30)), .bytes(Wire.client(9), .client),
        ]
        let silences = dialogue.read().tunnel?.silences ?? []
        #expect(silences.map { $0.until - $0.lastByte } == [.seconds(30)])
    }
}
