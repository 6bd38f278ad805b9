import CZlib
import Testing
import WireBasics

@testable import WebSocketWire

@Suite("CRC-32")
struct CRC32Tests {
    @Test("the check value of ISO 3309 comes out")
    func checkValue() {
        #expect(ours(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(ours([]) == 0)
    }

    @Test("every length agrees with zlib", arguments: 0...70)
    func length(_ count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) }
        #expect(ours(bytes) == zlib(bytes))
    }

    @Test("bytes that come in pieces give the digest of the whole", arguments: 0...40)
    func pieces(_ cut: Int) {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        #expect(ours(Array(bytes[cut...]), behind: ours(Array(bytes[..<cut]))) == zlib(bytes))
    }

    private func ours(_ bytes: [UInt8], behind digest: UInt32 = 0) -> UInt32 {
        CRC32.update(digest, bytes.span.bytes)
    }

    private func zlib(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_z(0, bytes, z_size_t(bytes.count)))
    }
}
