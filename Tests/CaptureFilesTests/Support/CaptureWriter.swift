import CZlib
import Foundation

/// Bytes of capture files, written field by field.
struct CaptureWriter {
    var bigEndian: Bool
    private(set) var bytes: [UInt8] = []

    init(bigEndian: Bool = false) {
        self.bigEndian = bigEndian
    }

    mutating func put<T: FixedWidthInteger>(_ values: T...) {
        for value in values {
            bytes += withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
        }
    }

    mutating func put(bytes: [UInt8]) {
        self.bytes += bytes
    }

    /// A pcap file header.
    mutating func pcapHeader(magic: UInt32 = 0xA1B2_C3D4, linkType: UInt32 = 1) {
        put(magic)
        put(UInt16(2), UInt16(4))
        put(UInt32(0), UInt32(0), UInt32(65535), linkType)
    }

    /// A pcap record.
    mutating func pcapPacket(seconds: UInt32, fraction: UInt32, _ data: [UInt8], original: Int? = nil) {
        put(seconds, fraction, UInt32(data.count), UInt32(original ?? data.count))
        put(bytes: data)
    }

    /// A pcapng block around a body.
    mutating func block(_ type: UInt32, _ body: (inout CaptureWriter) -> Void) {
        var inner = CaptureWriter(bigEndian: bigEndian)
        body(&inner)
        let padding = (4 - inner.bytes.count % 4) % 4
        let length = UInt32(12 + inner.bytes.count + padding)
        put(type, length)
        put(bytes: inner.bytes + Array(repeating: 0, count: padding))
        put(length)
    }

    mutating func section() {
        block(0x0A0D_0D0A) {
            $0.put(UInt32(0x1A2B_3C4D))
            $0.put(UInt16(1), UInt16(0))
            $0.put(UInt64.max)
        }
    }

    mutating func interface(linkType: UInt16, resolution: UInt8? = nil, offset: Int64? = nil, snapLength: UInt32 = 0) {
        block(1) {
            $0.put(linkType, UInt16(0))
            $0.put(snapLength)
            if let resolution {
                $0.put(UInt16(9), UInt16(1))
                $0.put(bytes: [resolution, 0, 0, 0])
            }
            if let offset {
                $0.put(UInt16(14), UInt16(8))
                $0.put(offset)
            }
            $0.put(UInt32(0))
        }
    }

    mutating func packet(interface: UInt32, ticks: UInt64, _ data: [UInt8], original: Int? = nil) {
        block(6) {
            $0.put(interface, UInt32(truncatingIfNeeded: ticks >> 32), UInt32(truncatingIfNeeded: ticks))
            $0.put(UInt32(data.count), UInt32(original ?? data.count))
            $0.put(bytes: data)
        }
    }

    /// The bytes compressed with gzip.
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count + 1000)
        guard wsreplay_deflate_init(&stream, 6, 15 + 16) == Z_OK else { return [] }
        let length = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                deflate(&stream, Z_FINISH)
                return output.count - Int(stream.avail_out)
            }
        }
        deflateEnd(&stream)
        return Array(output.prefix(length))
    }
}
