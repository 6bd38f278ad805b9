import CaptureFiles
import Foundation
import Testing
import WireBasics

@Suite("Reading capture files")
struct CaptureFileTests {
    private static let data: [UInt8] = [1, 2, 3, 4, 5]

    private static func pcap(bigEndian: Bool = false, magic: UInt32 = 0xA1B2_C3D4, linkType: UInt32 = 1) -> [UInt8] {
        var writer = CaptureWriter(bigEndian: bigEndian)
        writer.pcapHeader(magic: magic, linkType: linkType)
        writer.pcapPacket(seconds: 1_700_000_000, fraction: 1, data)
        writer.pcapPacket(seconds: 3_000_000_000, fraction: 999_999, Array(data.prefix(3)), original: 60)
        return writer.bytes
    }

    @Test("pcap is read in both byte orders, and times to the nanosecond", arguments: [false, true])
    func pcap(bigEndian: Bool) throws {
        let micro = try ReadCapture(Self.pcap(bigEndian: bigEndian))
        #expect(micro.format == .pcap)
        #expect(micro.finding == nil)
        #expect(
            micro.packets == [
                .init(
                    number: 1, instant: "1700000000.000001000", linkType: 1, originalLength: 5, bytes: Self.data),
                .init(
                    number: 2, instant: "3000000000.999999000", linkType: 1, originalLength: 60, bytes: [1, 2, 3]),
            ])
        let nano = try ReadCapture(Self.pcap(bigEndian: bigEndian, magic: 0xA1B2_3C4D))
        #expect(nano.packets.map(\.instant) == ["1700000000.000000001", "3000000000.000999999"])
    }

    @Test(
        "Link types keep their numbers, known or not", arguments: [0, 1, 9, 108, 113, 160, 228, 229, 276] as [UInt32])
    func linkType(_ number: UInt32) throws {
        #expect(try ReadCapture(Self.pcap(linkType: number)).packets.map(\.linkType) == [number, number])
    }

    @Test("A capture without packets is a capture")
    func noPackets() throws {
        let capture = try ReadCapture(Array(Self.pcap().prefix(24)))
        #expect(capture.packets.isEmpty)
        #expect(capture.finding == nil)
    }

    @Test("A file cut anywhere gives the packets before the cut and says which one is cut")
    func cut() throws {
        let whole = Self.pcap()
        let second = 24 + 16 + 5
        for length in 24...whole.count {
            let capture = try ReadCapture(Array(whole.prefix(length)))
            let expected = length < second ? 0 : length < whole.count ? 1 : 2
            #expect(capture.packets.count == expected)
            let isAtBoundary = [24, second, whole.count].contains(length)
            #expect((capture.finding == nil) == isAtBoundary)
            guard let finding = capture.finding else { continue }
            #expect(finding.code == "capture.cut")
            #expect(finding.packet == expected + 1)
            #expect(finding.message.hasSuffix("file cut in the middle of packet \(expected + 1)"))
        }
    }

    @Test("A record with an impossible length ends the reading with a reason")
    func damagedRecord() throws {
        var bytes = Self.pcap()
        bytes.replaceSubrange(24 + 16 + 5 + 8..<24 + 16 + 5 + 12, with: [0xFF, 0xFF, 0xFF, 0x7F])
        let capture = try ReadCapture(bytes)
        #expect(capture.packets.count == 1)
        #expect(capture.finding?.code == "capture.damaged")
        #expect(capture.finding?.packet == 2)
    }

    @Test("A packet that is longer than its file's snapshot length is cut there, as libpcap cuts it")
    func snapLength() throws {
        var bytes = Self.pcap()
        bytes.replaceSubrange(16..<20, with: [4, 0, 0, 0])
        let capture = try ReadCapture(bytes)
        #expect(capture.finding == nil)
        #expect(capture.packets.map(\.bytes) == [[1, 2, 3, 4], [1, 2, 3]])
        #expect(capture.packets.map(\.originalLength) == [5, 60])
    }

    @Test("A file of version 2.3, which libpcap reads, gives the same packets as one of version 2.4")
    func oldVersion() throws {
        var bytes = Self.pcap()
        bytes[6] = 3
        #expect(try ReadCapture(bytes).packets == (try ReadCapture(Self.pcap()).packets))
        bytes[4] = 9
        #expect(throws: CaptureFileError.self) { try ReadCapture(bytes) }
    }

    @Test("A file compressed with gzip reads as if it were not, in one member or several")
    func gzip() throws {
        let bytes = Self.pcap()
        let plain = try ReadCapture(bytes)
        #expect(try ReadCapture(CaptureWriter.gzip(bytes)).packets == plain.packets)
        let two = CaptureWriter.gzip(Array(bytes.prefix(31))) + CaptureWriter.gzip(Array(bytes.dropFirst(31)))
        #expect(try ReadCapture(two).packets == plain.packets)
        #expect(try ReadCapture(two + [0, 0, 0, 0]).finding == nil)
    }

    @Test("pcapng compressed with gzip reads as if it were not")
    func gzippedPcapng() throws {
        let bytes = PcapngReaderTests.sample(bigEndian: false)
        let compressed = try ReadCapture(CaptureWriter.gzip(bytes))
        #expect(compressed.format == .pcapng)
        #expect(compressed.packets == (try ReadCapture(bytes)).packets)
    }

    @Test(
        "What follows gzip data and is no gzip data is no proper end",
        arguments: [[1, 2, 3], [0, 0, 7], [0x1F, 0x8B, 9, 9, 9], [0, 0x1F, 0x8B]] as [[UInt8]])
    func behindGzip(_ rest: [UInt8]) throws {
        let capture = try ReadCapture(CaptureWriter.gzip(Self.pcap()) + rest)
        #expect(capture.packets.count == 2)
        #expect(capture.finding?.code == "capture.unreadable")
        #expect(try ReadCapture(CaptureWriter.gzip(Self.pcap()) + Self.pcap()).finding != nil)
    }

    @Test("Compressed data that is cut or damaged gives the packets before it and says so")
    func damagedGzip() throws {
        var writer = CaptureWriter()
        writer.pcapHeader()
        for index in 0..<5000 {
            writer.pcapPacket(seconds: UInt32(index), fraction: 0, Array("packet \(index * 7919)".utf8))
        }
        let compressed = CaptureWriter.gzip(writer.bytes)
        let cut = try ReadCapture(Array(compressed.prefix(compressed.count / 2)))
        #expect((1..<5000).contains(cut.packets.count))
        #expect(cut.finding?.code == "capture.unreadable")
        #expect(cut.finding?.message.contains("the gzip data ends in the middle") == true)

        var flipped = compressed
        for place in compressed.count / 2..<compressed.count / 2 + 64 { flipped[place] ^= 0xA5 }
        #expect(try ReadCapture(flipped).finding != nil)
    }

    struct Refusal: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var code: CaptureFileError.Code
        var says: String

        init(_ name: String, _ bytes: [UInt8], _ code: CaptureFileError.Code, _ says: String) {
            (testDescription, self.bytes, self.code, self.says) = (name, bytes, code, says)
        }
    }

    static let refusals: [Refusal] = [
        Refusal("an empty file", [], .empty, "the file is empty"),
        Refusal(
            "a configuration", Array("server {\n    listen 80;\n}\n".utf8), .notACapture,
            #"this is no capture: it looks like text ("server {")"#),
        Refusal("JSON", Array("{\"schema\": 1}".utf8), .notACapture, "it looks like JSON text"),
        Refusal("HTML", Array("\n<!doctype html>".utf8), .notACapture, "it looks like HTML or XML text"),
        Refusal("a ZIP archive", Array("PK".utf8) + [3, 4, 0, 0], .notACapture, "unpack it: unzip FILE"),
        Refusal("zstd", [0x28, 0xB5, 0x2F, 0xFD, 0, 0], .notACapture, "zstdcat FILE | wsreplay inspect -"),
        Refusal("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .notACapture, "xzcat FILE | wsreplay inspect -"),
        Refusal("bzip2", Array("BZh91AY".utf8), .notACapture, "bzcat FILE | wsreplay inspect -"),
        Refusal(
            "gzip in gzip", CaptureWriter.gzip(CaptureWriter.gzip(pcap())), .notACapture,
            "compressed with gzip twice · pcap files"),
        Refusal(
            "gzip cut in its header", Array(CaptureWriter.gzip(pcap()).prefix(7)), .damagedHeader,
            "the start of the file cannot be read: the gzip data ends in the middle"),
        Refusal(
            "a hex dump of Wireshark", Array("0000  00 1c 42 00 00 08\n".utf8), .notACapture, "text2pcap FILE chat.pcap"
        ),
        Refusal(
            "a hex dump of xxd", Array("00000000: d4c3 b2a1 0200\n".utf8), .notACapture, "a hex dump as text"),
        Refusal(
            "what tcpdump prints", Array("12:34:56.789012 IP 10.0.0.1.50000 > 10.0.0.2.80: Flags".utf8), .notACapture,
            "tcpdump -w chat.pcap"),
        Refusal("snoop", Array("snoop".utf8) + [0, 0, 0], .notACapture, "convert it: editcap FILE chat.pcap"),
        Refusal("other bytes", [0, 1, 2, 3, 4, 5, 6, 7], .notACapture, "these bytes are 00010203"),
        Refusal("one byte", [0xD4], .notACapture, "these bytes are d4"),
        Refusal("half a header", Array(pcap().prefix(20)), .damagedHeader, "libpcap says: truncated dump file"),
        Refusal("a text in gzip", CaptureWriter.gzip(Array("hello".utf8)), .notACapture, "text (\"hello\")"),
        Refusal("nothing in gzip", CaptureWriter.gzip([]), .empty, "the file is empty"),
    ]

    @Test("What is no capture is refused with what it is and what to do", arguments: refusals)
    func refusal(_ refusal: Refusal) throws {
        let error = try #require(throws: CaptureFileError.self) { try ReadCapture(refusal.bytes) }
        #expect(error.code == refusal.code)
        #expect(error.description.contains(refusal.says))
        #expect(error.description.split(separator: " · ").count == 3)
        #expect(error.finding.code == refusal.code.description)
    }

    @Test("A file that is missing and a folder are refused with the reason")
    func unreadable() throws {
        let missing = try #require(throws: CaptureFileError.self) { try ReadCapture(path: "/nowhere/chat.pcap") }
        #expect(
            missing.description == "/nowhere/chat.pcap: cannot be read · No such file or directory · check the path")
        let folder = try #require(throws: CaptureFileError.self) {
            try ReadCapture(path: FileManager.default.temporaryDirectory.path)
        }
        #expect(folder.why == "Is a directory")
    }

    @Test("Bytes changed at random end with packets or a clear error", arguments: 1...40 as ClosedRange<UInt64>)
    func damage(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for original in [
            Self.pcap(), PcapngReaderTests.sample(bigEndian: seed % 2 == 0), CaptureWriter.gzip(Self.pcap()),
        ] {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0...bytes.count / 4, using: &random))
            do {
                let capture = try ReadCapture(bytes)
                #expect(capture.packets.count <= 20)
            } catch let error as CaptureFileError {
                #expect(!error.what.isEmpty && !error.why.isEmpty && !error.mend.isEmpty)
            }
        }
    }
}

/// A generator whose numbers are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
