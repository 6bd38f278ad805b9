import TCPReassembly
import Testing
import WireBasics

@testable import WebSocketWire

@Suite("Random damage")
struct DamageTests {
    /// A connection with something of everything.
    static let healthy: [(bytes: [UInt8], party: Party)] = {
        let deflater = Deflater()
        let texts = (0..<4).map { Wire.text("some words that come again \($0) \u{20AC}") }
        let lines = ["Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10"]
        return [
            (Wire.head("POST / HTTP/1.1", ["Host: a", "Transfer-Encoding: chunked"]), .client),
            (Wire.text("3\r\nabc\r\n0\r\nX: y\r\n\r\n"), .client),
            (Wire.head("HTTP/1.1 200 OK", ["Content-Length: 2"]) + Wire.text("ok"), .server),
            (Wire.request(lines), .client), (Wire.response(lines), .server),
            (texts.flatMap { Wire.client(1, deflater.message($0), rsv: 4) }, .client),
            (texts.flatMap { Wire.server(1, $0, fin: false) + Wire.server(9, [1]) + Wire.server(0, $0) }, .server),
            (Wire.client(8, Wire.close(1000, "bye")), .client), (Wire.server(8, Wire.close(1000)), .server),
        ]
    }()

    @Test("flipped, lost, doubled and swapped bytes never trap, and the ledger closes", arguments: 0..<40)
    func damage(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        for _ in 0..<50 {
            var parts = Self.healthy
            for _ in 0...Int(random.next() % 4) { Self.hurt(&parts, &random) }
            var dialogue = Dialogue()
            dialogue.limits.windowCheckBytes = 10_000
            dialogue.limits.inflatedMessageBytes = 100_000
            dialogue.evidence = [.handshake, .http, .ports][Int(random.next() % 3)]
            for (bytes, party) in parts {
                dialogue.steps.append(.bytes(bytes, party))
                if random.next() % 20 == 0 { dialogue.steps.append(.hole(Int(random.next() % 100), party)) }
                if random.next() % 40 == 0 { dialogue.steps.append(.close(.fin, party)) }
            }
            let reading = dialogue.read()
            #expect(reading.ledger.total == reading.bytes)
            for use in ByteLedger.Use.allCases { #expect(reading.ledger[use] >= 0) }
            #expect(dialogue.read(.random2).difference(from: reading) == nil)
        }
    }

    private static func hurt(_ parts: inout [(bytes: [UInt8], party: Party)], _ random: inout SplitMix) {
        let index = Int(random.next() % UInt64(parts.count))
        let count = UInt64(parts[index].bytes.count)
        guard count > 1 else { return }
        let place = Int(random.next() % count)
        switch random.next() % 6 {
        case 0: parts[index].bytes[place] ^= 1 << UInt8(random.next() % 8)
        case 1: parts[index].bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 2: parts[index].bytes.removeSubrange(place..<min(Int(count), place + 1 + Int(random.next() % 9)))
        case 3: parts[index].bytes.insert(contentsOf: parts[index].bytes.prefix(place), at: place)
        case 4: parts.swapAt(index, Int(random.next() % UInt64(parts.count)))
        default: parts[index].bytes = Array(parts[index].bytes.prefix(place))
        }
    }

    @Test("random bytes in a tunnel never trap", arguments: 0..<20)
    func noise(seed: Int) {
        var random = SplitMix(seed: UInt64(1000 + seed))
        for _ in 0..<30 {
            // Short lengths, so that there are many frames.
            let bytes = (0..<400).map { _ in
                UInt8(truncatingIfNeeded: random.next()) & (random.next() % 2 == 0 ? 0x8F : 0xFF)
            }
            var dialogue = Dialogue.deflated(client: bytes, server: bytes)
            dialogue.limits.inflatedMessageBytes = 100_000
            let reading = dialogue.read()
            #expect(reading.ledger.total == reading.bytes)
            #expect(dialogue.read(.byteByByte).difference(from: reading) == nil)
        }
    }
}
