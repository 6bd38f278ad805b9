import CaptureFiles
import Testing
import WireBasics

@Suite("Reading pcapng")
struct PcapngReaderTests {
    /// Two interfaces with different link types and clocks, blocks of other kinds, a second section.
    static func sample(bigEndian: Bool) -> [UInt8] {
        var writer = CaptureWriter(bigEndian: bigEndian)
        writer.section()
        writer.interface(linkType: 1)
        writer.interface(linkType: 113, resolution: 9, offset: 1_000_000_000)
        writer.packet(interface: 0, ticks: 1_700_000_000_000_001, [1, 2, 3])
        writer.block(5) { $0.put(UInt32(0), UInt32(0), UInt32(0)) }
        writer.packet(interface: 1, ticks: 700_000_000_000_000_002, [4, 5, 6, 7], original: 99)
        writer.block(0x0BAD) { $0.put(bytes: Array(repeating: 0xEE, count: 37)) }
        writer.section()
        writer.interface(linkType: 101, resolution: 0x80 | 10, snapLength: 2)
        writer.packet(interface: 0, ticks: 1024 * 5 + 512, [8])
        writer.block(3) {
            $0.put(UInt32(6))
            $0.put(bytes: [9, 9])
        }
        writer.block(2) {
            $0.put(UInt16(0), UInt16(0))
            $0.put(UInt32(0), UInt32(1024 * 7), UInt32(2), UInt32(2))
            $0.put(bytes: [10, 11])
        }
        return writer.bytes
    }

    @Test(
        "Interfaces of different kinds, sections and every packet block are read in both byte orders",
        arguments: [false, true])
    func sample(bigEndian: Bool) throws {
        let capture = try ReadCapture(Self.sample(bigEndian: bigEndian))
        #expect(capture.format == .pcapng)
        #expect(capture.finding == nil)
        #expect(
            capture.packets == [
                .init(number: 1, instant: "1700000000.000001000", linkType: 1, originalLength: 3, bytes: [1, 2, 3]),
                .init(
                    number: 2, instant: "1700000000.000000002", linkType: 113, originalLength: 99,
                    bytes: [4, 5, 6, 7]),
                .init(number: 3, instant: "5.500000000", linkType: 101, originalLength: 1, bytes: [8]),
                .init(number: 4, instant: "5.500000000", linkType: 101, originalLength: 6, bytes: [9, 9]),
                .init(number: 5, instant: "7.000000000", linkType: 101, originalLength: 2, bytes: [10, 11]),
            ])
    }

    @Test("Sections may change the byte order within a file")
    func mixedOrder() throws {
        let capture = try ReadCapture(Self.sample(bigEndian: true) + Self.sample(bigEndian: false))
        #expect(capture.packets.map(\.number) == Array(1...10))
        #expect(capture.packets[7].bytes == [8])
    }

    @Test("Compressed pcapng reads the same")
    func gzip() throws {
        let plain = try ReadCapture(Self.sample(bigEndian: false))
        let compressed = try ReadCapture(CaptureWriter.gzip(Self.sample(bigEndian: false)))
        #expect(compressed.packets == plain.packets)
        #expect(compressed.format == .pcapng)
    }

    @Test("A block longer than the buffer is read whole")
    func longBlock() throws {
        var writer = CaptureWriter()
        writer.section()
        writer.interface(linkType: 1)
        let long = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 % 251) }
        writer.packet(interface: 0, ticks: 0, [1])
        writer.packet(interface: 0, ticks: 0, long)
        writer.block(0x0BAD) { $0.put(bytes: long) }
        writer.packet(interface: 0, ticks: 0, [2])
        let capture = try ReadCapture(writer.bytes)
        #expect(capture.packets.map(\.bytes) == [[1], long, [2]])
    }

    @Test("A file cut anywhere gives the packets before the cut, and a finding unless it is between blocks")
    func cut() throws {
        let whole = Self.sample(bigEndian: false)
        let full = try ReadCapture(whole)
        var complete = 0
        for length in 28..<whole.count {
            let capture = try ReadCapture(Array(whole.prefix(length)))
            #expect(capture.packets == Array(full.packets.prefix(capture.packets.count)))
            if capture.finding == nil { complete += 1 }
            #expect(capture.finding == nil || capture.finding?.code == "capture.cut")
        }
        // 28 is the end of the first block; 11 blocks follow, and the last one ends the whole file.
        #expect(complete == 11)
    }

    struct Damage: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var why: String

        init(_ name: String, why: String, _ write: (inout CaptureWriter) -> Void) {
            var writer = CaptureWriter()
            writer.section()
            writer.interface(linkType: 1)
            writer.packet(interface: 0, ticks: 0, [1])
            write(&writer)
            (testDescription, bytes, self.why) = (name, writer.bytes, why)
        }
    }

    static let damages: [Damage] = [
        Damage("an interface that is not described", why: "it names interface 4") {
            $0.packet(interface: 4, ticks: 0, [1])
        },
        Damage("a length that is no multiple of four", why: "13 bytes long") { $0.put(UInt32(6), UInt32(13)) },
        Damage("a length below the least", why: "8 bytes long") { $0.put(UInt32(6), UInt32(8)) },
        Damage("a packet block of 2 GiB", why: "2147483648 bytes long") { $0.put(UInt32(6), UInt32(1 << 31)) },
        Damage("two lengths that differ", why: "the lengths at the start and the end") {
            $0.put(UInt32(3), UInt32(16), UInt32(0), UInt32(20))
        },
        Damage("more captured bytes than the block has", why: "its block is shorter") {
            $0.block(6) { $0.put(UInt32(0), UInt32(0), UInt32(0), UInt32(50), UInt32(50)) }
        },
        Damage("a clock finer than 64 bits", why: "finer than 64 bits") { $0.interface(linkType: 1, resolution: 20) },
        Damage("a section of version 2", why: "version 2") {
            $0.block(0x0A0D_0D0A) {
                $0.put(UInt32(0x1A2B_3C4D))
                $0.put(UInt16(2), UInt16(0))
                $0.put(UInt64.max)
            }
        },
        Damage("a section of no byte order", why: "byte-order magic 1020304") {
            $0.block(0x0A0D_0D0A) { $0.put(UInt32(0x0403_0201), UInt32(0), UInt32(0), UInt32(0)) }
        },
    ]

    @Test("Damage ends the reading with the packets before it and the reason", arguments: damages)
    func damage(_ damage: Damage) throws {
        let capture = try ReadCapture(damage.bytes)
        #expect(capture.packets.count == 1)
        #expect(capture.finding?.code == "capture.damaged")
        #expect(capture.finding?.packet == 2)
        #expect(capture.finding?.why.contains(damage.why) == true)
    }
}
