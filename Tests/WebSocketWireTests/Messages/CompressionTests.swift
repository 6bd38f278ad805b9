import Glibc
import CZlib
import HTTPWire
import Testing
import WireBasics

@testable import WebSocketWire

@Suite("permessage-deflate")
struct CompressionTests {
    private let hello = Wire.text("Hello")

    @Test("the examples of RFC 7692 §7.2.3 are read")
    func examples() {
        // §7.2.3.1 one block, §7.2.3.2 the window shared, §7.2.3.3 no compression, §7.2.3.4 BFINAL, §7.2.3.5 two blocks.
        let one: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        let shared: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]
        let stored: [UInt8] = [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00]
        let final: [UInt8] = [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]
        let two: [UInt8] = [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00]
        let messages = [one, shared, stored, final, shared, two, [0x00]]
        let reading = Dialogue.deflated(
            client: messages.flatMap { Wire.client(1, $0, rsv: 4) },
            server: messages.flatMap { Wire.server(1, $0, rsv: 4) }
        ).readEveryWay()
        let expected = Array(repeating: "Hello", count: 6) + [""]
        #expect(reading.messages(.client) == expected)
        #expect(reading.messages(.server) == expected)
        #expect(reading.violations == [])
        #expect(reading.losses == [])
        #expect(reading.tunnel?.messages.allSatisfy { $0.compressed && $0.isDecoded } == true)
    }

    @Test("a last block without the empty one behind it is told, and the messages behind it are read all the same")
    func bareFinalBlock() {
        let deflater = Deflater()
        let bare = deflater.compress(hello, Z_FINISH)
        let reading = Dialogue.deflated(
            server: Wire.server(1, bare, rsv: 4) + Wire.server(1, [0xF2, 0x00, 0x11, 0x00, 0x00], rsv: 4)
        )
        .readEveryWay()
        #expect(reading.violations == ["server ws.deflate.unfinished"])
        #expect(reading.messages(.server) == ["Hello", "Hello"])
    }

    @Test("the fragmented example of RFC 7692 §7.2.3.1 is read, with a ping between the fragments")
    func fragmentedExample() {
        let server =
            Wire.server(1, [0xF2, 0x48, 0xCD], fin: false, rsv: 4) + Wire.server(9)
            + Wire.server(0, [0xC9, 0xC9, 0x07, 0x00])
        let reading = Dialogue.deflated(server: server).readEveryWay()
        #expect(reading.messages(.server) == ["Hello"])
        #expect(reading.violations == [])
    }

    @Test(
        "context takeover belongs to its direction",
        arguments: ["", "; client_no_context_takeover", "; server_no_context_takeover"])
    func asymmetric(parameters: String) {
        let texts = (0..<5).map { "message \($0): the same words again and again" }
        let client = Deflater(resets: parameters.contains("client"))
        let server = Deflater(resets: parameters.contains("server"))
        let reading = Dialogue.deflated(
            client: texts.flatMap { Wire.client(1, client.message(Wire.text($0)), rsv: 4) },
            server: texts.flatMap { Wire.server(1, server.message(Wire.text($0)), rsv: 4) }, parameters: parameters
        ).readEveryWay()
        #expect(reading.messages(.client) == texts)
        #expect(reading.messages(.server) == texts)
        #expect(reading.violations == [])
    }

    @Test("a window that was taken over against the agreement is noticed in its direction")
    func wrongTakeover() {
        let texts = (0..<3).map { "message \($0): the same words again and again" }
        let deflater = Deflater()
        let reading = Dialogue.deflated(
            client: texts.flatMap { Wire.client(1, deflater.message(Wire.text($0)), rsv: 4) },
            parameters: "; client_no_context_takeover"
        ).readEveryWay()
        #expect(reading.violations == ["client ws.deflate.invalid", "client ws.deflate.invalid"])
        #expect(reading.messages(.client).first == texts[0])
        #expect(reading.tunnel?.messages.map(\.isDecoded) == [true, false, false])
        #expect(reading.tunnel?.client.messageBytes == texts[0].utf8.count)
        #expect(reading.losses == [])
    }

    @Test("compressed and plain messages mix, and plain ones leave the window alone")
    func mixed() {
        let deflater = Deflater()
        let first = deflater.message(hello)
        let second = deflater.message(hello)
        let reading = Dialogue.deflated(
            server: Wire.server(1, first, rsv: 4) + Wire.server(1, Wire.text("plain")) + Wire.server(1, second, rsv: 4)
        ).readEveryWay()
        #expect(reading.messages(.server) == ["Hello", "plain", "Hello"])
        #expect(reading.tunnel?.messages.map(\.compressed) == [true, false, true])
    }

    @Test("windows of every size are read and found in order", arguments: 9...15)
    func windows(bits: Int) {
        var random = SplitMix(seed: UInt64(bits))
        let block = (0..<300).map { _ in UInt8(truncatingIfNeeded: random.next() % 7) }
        let deflater = Deflater(windowBits: Int32(bits))
        let messages = (0..<40).map { Array(block.dropFirst($0) + block) }
        let reading = Dialogue.deflated(
            server: messages.flatMap { Wire.server(2, deflater.message($0), rsv: 4) },
            parameters: "; server_max_window_bits=\(bits)"
        ).readEveryWay()
        #expect(reading.violations == [])
        #expect(reading.tunnel?.messages.map(\.length) == messages.map(\.count))
    }

    @Test("the digest is the CRC-32 of all messages in order, inflated or not")
    func digest() {
        let deflater = Deflater()
        let big = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* $0) }
        let reading = Dialogue.deflated(
            client: Wire.client(2, deflater.message(big), rsv: 4) + Wire.client(1, hello, fin: false)
                + Wire.client(0, hello) + Wire.client(2, [1, 2, 3], fin: false)
        ).readEveryWay()
        let all = big + hello + hello
        #expect(reading.tunnel?.client.digest == UInt32(crc32(0, all, UInt32(all.count))))
        #expect(reading.tunnel?.client.messageBytes == all.count)
        #expect(reading.tunnel?.client.messages == 2)
    }

    @Test("SHA-256 of frames is that of the payload as sent, of messages that of the inflated bytes")
    func sha256() {
        let reading = Dialogue.deflated(client: Wire.client(1, Wire.text("abc"), fin: false) + Wire.client(0))
            .readEveryWay()
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(reading.tunnel?.frames.map { hex($0.sha256) } == [abc, empty])
        #expect(reading.tunnel?.messages.map { hex($0.sha256) } == [abc])
        let deflated = Dialogue.deflated(client: Wire.client(1, Deflater().message(Wire.text("abc")), rsv: 4))
            .readEveryWay()
        #expect(deflated.tunnel?.messages.map { hex($0.sha256) } == [abc])
        #expect(deflated.tunnel?.frames.map { hex($0.sha256) } != [abc])
    }

    private func hex(_ bytes: [UInt8]?) -> String {
        bytes?.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() ?? "none"
    }

    @Test("a message longer than the limit is given up, and what needs its window too", arguments: [false, true])
    func limit(resets: Bool) {
        let deflater = Deflater(resets: resets)
        var dialogue = Dialogue.deflated(
            server: [Array(repeating: 0, count: 100_001), hello, hello].flatMap {
                Wire.server(2, deflater.message($0), rsv: 4)
            }, parameters: resets ? "; server_no_context_takeover" : "")
        dialogue.limits.inflatedMessageBytes = 100_000
        let reading = dialogue.readEveryWay()
        #expect(reading.violations == [])
        #expect(reading.losses == (resets ? ["limit.inflate"] : ["limit.inflate", "ws.deflate.stopped"]))
        #expect(reading.tunnel?.messages.map(\.isDecoded) == [false, resets, resets])
        #expect(reading.tunnel?.messages.first?.length == 100_000)
        #expect(reading.tunnel?.server.messageBytes == (resets ? 10 : 0))
        dialogue.limits.inflatedMessageBytes = 100_001
        #expect(dialogue.readEveryWay().losses == [])
    }

    @Test("512 MiB of zeros in one message are counted and not kept")
    func bomb() throws {
        let deflater = Deflater()
        let block = [UInt8](repeating: 0, count: 1 << 20)
        // The window is full of zeros after the first block, so that all later ones compress to the same bytes.
        let first = deflater.compress(block, Z_SYNC_FLUSH)
        let later = deflater.compress(block, Z_SYNC_FLUSH)
        #expect(deflater.compress(block, Z_SYNC_FLUSH) == later)
        var dialogue = Dialogue.session(
            offer: ["Sec-WebSocket-Extensions: permessage-deflate"],
            answer: ["Sec-WebSocket-Extensions: permessage-deflate"])
        dialogue.steps.append(.bytes(Wire.server(2, first, fin: false, rsv: 4), .server))
        for _ in 1..<511 { dialogue.steps.append(.bytes(Wire.server(0, later, fin: false), .server)) }
        dialogue.steps.append(.bytes(Wire.server(0, later.dropLast(4)), .server))
        dialogue.detail = .totals
        let before = peakMemory()
        let reading = dialogue.read()
        #expect(reading.violations == [])
        #expect(reading.losses == [])
        #expect(reading.tunnel?.server.messageBytes == 512 << 20)
        #expect(reading.tunnel?.messages.first?.preview.count == 32)
        // Other tests run at the same time; the message alone would take 524,288.
        #expect(peakMemory() - before < 131_072)
    }

    /// The most that the process has held in memory so far, in KiB.
    private func peakMemory() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
