import CZlib
import HTTPWire
import WireBasics

@testable import WebSocketWire

/// Bytes as peers send them.
enum Wire {
    static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    static func request(
        _ extra: [String] = [], start: String = "GET /chat HTTP/1.1", without: [String] = []
    ) -> [UInt8] {
        head(
            start,
            [
                "Host: server.example.com", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: \(key)",
                "Sec-WebSocket-Version: 13",
            ].filter { line in !without.contains { line.hasPrefix($0 + ":") } } + extra)
    }

    static func response(
        _ extra: [String] = [], start: String = "HTTP/1.1 101 Switching Protocols", without: [String] = []
    ) -> [UInt8] {
        head(
            start,
            ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: \(accept)"]
                .filter { line in !without.contains { line.hasPrefix($0 + ":") } } + extra)
    }

    static func head(_ start: String, _ lines: [String]) -> [UInt8] {
        Array((([start] + lines).map { $0 + "\r\n" }.joined() + "\r\n").utf8)
    }

    /// A frame; `mask` is nil for an unmasked one, `lengthBytes` forces a form of the length.
    static func frame(
        _ opcode: UInt8, _ payload: [UInt8] = [], fin: Bool = true, rsv: UInt8 = 0,
        mask: [UInt8]? = nil, lengthBytes: Int? = nil
    ) -> [UInt8] {
        var bytes: [UInt8] = [(fin ? 0x80 : 0) | rsv << 4 | opcode]
        let form = lengthBytes ?? (payload.count < 126 ? 0 : payload.count < 65_536 ? 2 : 8)
        let short = form == 0 ? UInt8(payload.count) : form == 2 ? 126 : 127
        bytes.append((mask == nil ? 0 : 0x80) | short)
        for shift in (0..<form).reversed() { bytes.append(UInt8(truncatingIfNeeded: payload.count >> (8 * shift))) }
        guard let mask else { return bytes + payload }
        return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    /// A frame as a client sends it.
    static func client(_ opcode: UInt8, _ payload: [UInt8] = [], fin: Bool = true, rsv: UInt8 = 0) -> [UInt8] {
        frame(opcode, payload, fin: fin, rsv: rsv, mask: [0x37, 0xFA, 0x21, 0x3D])
    }

    /// A frame as a server sends it.
    static func server(_ opcode: UInt8, _ payload: [UInt8] = [], fin: Bool = true, rsv: UInt8 = 0) -> [UInt8] {
        frame(opcode, payload, fin: fin, rsv: rsv)
    }

    static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    static func close(_ code: Int, _ reason: String = "") -> [UInt8] {
        [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8)
    }
}

/// Compresses messages as a peer does that uses permessage-deflate (RFC 7692 §7.2.1).
final class Deflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private let resets: Bool

    init(windowBits: Int32 = 15, resets: Bool = false) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        self.resets = resets
        precondition(wsreplay_deflate_init(stream, 6, -windowBits) == Z_OK)
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func message(_ bytes: [UInt8]) -> [UInt8] {
        let compressed = compress(bytes, Z_SYNC_FLUSH)
        if resets { deflateReset(stream) }
        precondition(compressed.suffix(4) == [0, 0, 0xFF, 0xFF])
        return compressed.dropLast(4)
    }

    /// Compresses without the final four bytes being cut off.
    func compress(_ bytes: [UInt8], _ flush: Int32) -> [UInt8] {
        var input = bytes
        var output: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        input.withUnsafeMutableBufferPointer { buffer in
            stream.pointee.next_in = buffer.baseAddress
            stream.pointee.avail_in = UInt32(buffer.count)
            repeat {
                block.withUnsafeMutableBufferPointer {
                    stream.pointee.next_out = $0.baseAddress
                    stream.pointee.avail_out = UInt32($0.count)
                    deflate(stream, flush)
                }
                output += block[..<(block.count - Int(stream.pointee.avail_out))]
            } while stream.pointee.avail_out == 0
        }
        return output
    }
}
