import TCPReassembly
import Testing
import WireBasics

@testable import WebSocketWire

/// A frame that never was is the worst that a reader can show: sessions with payloads made to mislead, cut and paused
/// anywhere, lose random segments, and what is read is compared with what was sent.
@Suite("No frame is found that is none")
struct NoPhantomTests {
    /// What one end sends, by segment.
    private struct Stream {
        var segments: [(bytes: [UInt8], wait: TimeSpan)] = []
        private var random: SplitMix
        private let isClient: Bool

        init(seed: UInt64, isClient: Bool) {
            random = SplitMix(seed: seed)
            self.isClient = isClient
            let keyKind = random.next() % 4
            let taste = random.next() % 7
            for _ in 0..<Int(20 + random.next() % 60) {
                let kind = random.next() % 3 == 0 ? random.next() % 7 : taste
                write(frame(payload(kind, depth: 0), key: key(keyKind)))
            }
        }

        private mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: random.next()) }

        private mutating func key(_ kind: UInt64) -> [UInt8]? {
            guard isClient else { return nil }
            switch kind {
            case 0: return [0, 0, 0, 0]
            case 1: return [1, 2, 3, 4]
            default: return (0..<4).map { _ in byte() }
            }
        }

        private mutating func frame(_ payload: [UInt8], key: [UInt8]?) -> [UInt8] {
            if random.next() % 10 == 0 { return Wire.frame(9, Array(payload.prefix(20)), mask: key) }
            let isText = payload.allSatisfy { $0 < 0x80 }
            return Wire.frame(isText ? 1 : 2, payload, mask: key)
        }

        private mutating func payload(_ kind: UInt64, depth: Int) -> [UInt8] {
            let length = Int(random.next() % (random.next() % 4 == 0 ? 9000 : 200))
            switch kind {
            case 0: return Wire.text(String(repeating: "{\"a\": 1} ", count: 1 + length / 9))
            case 1: return Array(repeating: 0, count: length)
            case 2: return (0..<length).map { _ in byte() }
            case 3: return (0..<length).map { $0 % 2 == 0 ? 0x82 : 0x00 }
            case 4: return (0..<length).map { _ in random.next() % 2 == 0 ? 0x81 : 0x82 }
            case 5 where depth < 2:
                // A nested connection, masked where the outer one is, with good keys or none.
                return (0..<Int(1 + random.next() % 40)).flatMap { _ in
                    frame(Array(payload(random.next() % 6, depth: depth + 1).prefix(120)), key: key(2))
                }
            default:
                return (0..<Int(1 + random.next() % 60)).flatMap { _ in Wire.frame(1, Wire.text("inner"), mask: key(2))
                }
            }
        }

        /// As applications do: in one piece, header first, or in chunks; sometimes with a rest where none belongs.
        private mutating func write(_ frame: [UInt8]) {
            var writes: [ArraySlice<UInt8>] = []
            switch random.next() % 6 {
            case 0: writes = [frame.prefix(2), frame.dropFirst(2)]
            case 1:
                let chunk = Int([64, 512, 4096][Int(random.next() % 3)])
                writes = stride(from: 0, to: frame.count, by: chunk).map { frame[$0..<min(frame.count, $0 + chunk)] }
            default: writes = [frame[...]]
            }
            for (index, write) in writes.enumerated() {
                var wait = random.next() % 3 == 0 ? TimeSpan.milliseconds(5) : .seconds(1)
                if index > 0 { wait = random.next() % 8 == 0 ? .milliseconds(900) : .milliseconds(1) }
                for start in stride(from: 0, to: write.count, by: 1460) {
                    let piece = Array(write.dropFirst(start).prefix(1460))
                    segments.append((piece, start == 0 ? wait : .zero))
                }
            }
        }
    }

    /// One end's frames as they are told apart: by the packet of the last byte and all that is known of them.
    private struct Sighting: Hashable {
        var packet: Int
        var opcode: UInt8
        var length: Int
        var sha256: [UInt8]?
    }

    private func read(_ stream: Stream, _ party: Party, without lost: Set<Int>) -> Reading {
        var dialogue = Dialogue.session()
        for (index, segment) in stream.segments.enumerated() {
            dialogue.steps.append(.wait(segment.wait))
            let isLost = lost.contains(index)
            dialogue.steps.append(isLost ? .hole(segment.bytes.count, party) : .bytes(segment.bytes, party))
        }
        return dialogue.read()
    }

    @Test("whatever a payload holds, and whatever is lost", arguments: 0..<60)
    func random(seed: Int) throws {
        var random = SplitMix(seed: UInt64(7000 + seed))
        let party: Party = seed % 2 == 0 ? .client : .server
        let stream = Stream(seed: UInt64(seed), isClient: party == .client)
        let whole = try #require(read(stream, party, without: []).tunnel)
        let sent = Set(whole.frames.map { Sighting(packet: $0.mark.packet, opcode: $0.opcode, length: $0.length) })
        let contents = Set(whole.frames.map(\.sha256))
        for _ in 0..<40 {
            var lost: Set<Int> = []
            for _ in 0..<Int(1 + random.next() % 3) {
                let start = Int(random.next() % UInt64(stream.segments.count))
                lost.formUnion(start..<start + Int(1 + random.next() % 4))
            }
            let reading = read(stream, party, without: lost)
            #expect(reading.ledger.total == reading.bytes)
            for frame in reading.tunnel?.frames ?? [] where frame.missing == nil {
                let sighting = Sighting(packet: frame.mark.packet, opcode: frame.opcode, length: frame.length)
                #expect(sent.contains(sighting) && contents.contains(frame.sha256), "phantom: \(frame)")
            }
        }
    }

    @Test("noise proves nothing", arguments: 0..<20)
    func noise(seed: Int) {
        var random = SplitMix(seed: UInt64(9000 + seed))
        var dialogue = Dialogue()
        dialogue.evidence = .ports
        for _ in 0..<2000 {
            let bytes = (0..<Int(1 + random.next() % 100)).map { _ in
                UInt8(truncatingIfNeeded: random.next()) & (seed % 3 == 0 ? 0x8F : 0xFF)
            }
            dialogue.steps += [.wait(.seconds(1)), .bytes(bytes, random.next() % 2 == 0 ? .client : .server)]
        }
        let reading = dialogue.read()
        #expect(reading.midstream == [])
        #expect(reading.ledger.total == reading.bytes)
    }
}
