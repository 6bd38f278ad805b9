import CZlib
import Testing
import WireBasics

@testable import WebSocketWire

@Suite("CRC-32")
struct CRC32Tests {
    @Test("the check value of ISO 3309 comes out")
    func checkValue() {
        #expect(CRC32.update(0, Array("123456789".utf8).span.bytes) == 0xCBF4_3926)
        #expect(CRC32.update(0, [UInt8]().span.bytes) == 0)
    }

    @Test("every length agrees with zlib", arguments: 0...70)
    func length(_ count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) }
        #expect(CRC32.update(0, bytes.span.bytes) == zlib(bytes))
    }

    @Test("bytes that come in pieces give the digest of the whole", arguments: 0...40)
    func pieces(_ cut: Int) {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        let first = CRC32.update(0, bytes[..<cut].span.bytes)
        #expect(CRC32.update(first, bytes[cut...].span.bytes) == zlib(bytes))
    }

    private func zlib(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_z(0, bytes, z_size_t(bytes.count)))
    }
}
