import Testing
import WireBasics

@testable import WebSocketWire

@Suite("FrameDecoder")
struct FrameDecoderTests {
    /// What came out of a decoder: headers, and payloads after unmasking.
    struct Decoded: Equatable {
        var headers: [FrameHeader] = []
        var payloads: [[UInt8]] = []
        var unfinished = 0
    }

    static func decode(_ bytes: [UInt8], lengths: [Int]) -> Decoded {
        var decoder = FrameDecoder()
        var decoded = Decoded()
        var payload: [UInt8] = []
        var start = 0
        for length in lengths {
            let chunk = Array(bytes[start..<start + length])
            start += length
            var offset = 0
            while let event = decoder.next(in: chunk.span.bytes, from: &offset) {
                switch event {
                case .header(let header):
                    decoded.headers.append(header)
                    payload = []
                case .payload(let header, let range, let position):
                    Masking.unmasked(chunk.span.bytes, range, key: header.maskingKey, position: position) { block in
                        payload += block.copied
                    }
                case .end: decoded.payloads.append(payload)
                }
            }
        }
        decoded.unfinished = decoder.unfinishedBytes
        return decoded
    }

    /// Decodes the bytes cut in many ways, and expects one result.
    static func decode(_ bytes: [UInt8]) -> Decoded {
        var random = SplitMix(seed: 7)
        let whole = decode(bytes, lengths: [bytes.count])
        for cut in Dialogue.Cut.allCases {
            #expect(decode(bytes, lengths: cut.lengths(of: bytes.count, &random)) == whole, "\(cut)")
        }
        return whole
    }

    @Test("the examples of RFC 6455 §5.7")
    func examples() {
        let hello = Wire.text("Hello")
        let unmasked = Self.decode([0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(unmasked.payloads == [hello])
        #expect(unmasked.headers.first?.isMasked == false)
        let masked = Self.decode([0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
        #expect(masked.payloads == [hello])
        #expect(masked.headers.first?.isMasked == true)
        let fragmented = Self.decode([0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F])
        #expect(fragmented.payloads == [Wire.text("Hel"), Wire.text("lo")])
        #expect(fragmented.headers.map(\.fin) == [false, true])
        #expect(fragmented.headers.map(\.opcode) == [.text, .continuation])
        let ping = Self.decode([0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(ping.headers.map(\.opcode) == [.ping])
        let pong = Self.decode([0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
        #expect(pong.payloads == [hello])
        let long = Self.decode([0x82, 0x7E, 0x01, 0x00] + Array(repeating: 9, count: 256))
        #expect(long.payloads == [Array(repeating: 9, count: 256)])
        let longest = Self.decode([0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0] + Array(repeating: 9, count: 65_536))
        #expect(longest.payloads.map(\.count) == [65_536])
    }

    @Test(
        "lengths in every form are read", arguments: [0, 1, 125, 126, 127, 1023, 1024, 1025, 65_535, 65_536],
        [nil, [0, 0, 0, 0], [1, 2, 3, 4]])
    func lengths(length: Int, mask: [UInt8]?) {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let decoded = Self.decode(
            Wire.frame(2, payload, mask: mask) + Wire.frame(9, mask: mask) + [0x81])
        #expect(decoded.payloads == [payload, []])
        #expect(decoded.headers.allSatisfy { $0.lengthIsMinimal && $0.isMasked == (mask != nil) })
        #expect(decoded.unfinished == 1)
    }

    @Test("a length that fewer bytes can hold is not minimal", arguments: [(0, 2), (125, 2), (126, 8), (65_535, 8)])
    func notMinimal(length: Int, lengthBytes: Int) {
        let decoded = Self.decode(Wire.frame(2, Array(repeating: 0, count: length), lengthBytes: lengthBytes))
        #expect(decoded.headers.map(\.lengthIsMinimal) == [false])
        #expect(decoded.payloads.map(\.count) == [length])
    }

    @Test("a length with the top bit set stops the decoder")
    func topBit() {
        var decoder = FrameDecoder()
        var offset = 0
        let bytes: [UInt8] = [0x82, 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 1, 0x55]
        guard case .header(let header)? = decoder.next(in: bytes.span.bytes, from: &offset) else {
            Issue.record("no header")
            return
        }
        #expect(header.payloadLength == 0x8000_0000_0000_0001)
        #expect(decoder.isStuck)
        let rest = decoder.next(in: bytes.span.bytes, from: &offset)
        if rest != nil { Issue.record("something came behind it") }
        #expect(offset == 10)
    }

    @Test("the reserved bits are told apart")
    func reservedBits() {
        let headers = Self.decode([0xC1, 0, 0xA1, 0, 0x91, 0]).headers
        #expect(headers.map(\.rsv1) == [true, false, false])
        #expect(headers.map(\.rsv2) == [false, true, false])
        #expect(headers.map(\.rsv3) == [false, false, true])
    }
}
