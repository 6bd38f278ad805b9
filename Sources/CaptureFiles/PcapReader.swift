import WireBasics

/// Reads pcap files as nearly all are: version 2.4, microseconds or nanoseconds, either byte order
/// (draft-ietf-opsawg-pcap).
///
/// libpcap reads them too, and takes three times as long: it fetches the header and the bytes of each record by
/// themselves from a stream, and copies them. What it makes of odd lengths is done here as well; see `sf-pcap.c` there.
final class PcapReader: PacketReader {
    private(set) var finding: Finding?

    private let path: String
    private let bytes: CaptureBytes
    private let blocks: BlockBuffer
    private let bigEndian: Bool
    private let nanosecondsOfTick: Int64
    private let linkType: LinkType
    /// Packets are cut here.
    private let snapLength: Int
    private var number = 0
    private var isDone = false

    private static let fileHeaderLength = 24
    private static let recordHeaderLength = 16
    /// libpcap's `MAXIMUM_SNAPLEN`: no packet is longer, a longer length is damage.
    private static let longestPacket = 262_144
    /// D-Bus, USB and EBHSCR have longer packets, and headers in the byte order of the machine: libpcap knows them.
    private static let foreignLinkTypes: Set<UInt32> = [189, 220, 231, 239, 249, 253, 266, 279]

    /// Starts behind the header of the file; nil where libpcap must read it.
    init?(_ bytes: CaptureBytes, path: String, start: [UInt8]) {
        guard start.count >= Self.fileHeaderLength, let order = Self.order(start) else { return nil }
        self.bytes = bytes
        self.path = path
        (bigEndian, nanosecondsOfTick) = order
        blocks = BlockBuffer(bytes)
        blocks.take(blocks.fill(Self.fileHeaderLength))
        let snapLength = blocks.uint32(at: 16, bigEndian: bigEndian)
        self.snapLength = snapLength == 0 ? Self.longestPacket : Int(snapLength)
        linkType = LinkType(rawValue: blocks.uint32(at: 20, bigEndian: bigEndian))
    }

    /// The byte order and the length of a tick; nil for another version, another magic number, an unusual link type.
    private static func order(_ start: [UInt8]) -> (bigEndian: Bool, nanosecondsOfTick: Int64)? {
        let bytes = start.span.bytes
        let bigEndian = bytes.byte(at: 0) == 0xA1
        func word(_ offset: Int) -> UInt32 {
            bigEndian ? bytes.uint32(at: offset) : bytes.uint32(at: offset).byteSwapped
        }
        let version: UInt32 = bigEndian ? 2 << 16 | 4 : 4 << 16 | 2
        // The upper half of the link type is about frame check sequences.
        guard word(4) == version, word(20) <= 0xFFFF, !foreignLinkTypes.contains(word(20)) else { return nil }
        return switch word(0) {
        case 0xA1B2_C3D4: (bigEndian, 1000)
        case 0xA1B2_3C4D: (bigEndian, 1)
        default: nil
        }
    }

    func next(_ body: (CapturedPacket, RawSpan) -> Void) -> Bool {
        guard !isDone else { return false }
        blocks.drop()
        let available = blocks.fill(Self.recordHeaderLength)
        guard available == Self.recordHeaderLength else { return end(isCut: available > 0) }
        let captured = Int(blocks.uint32(at: 8, bigEndian: bigEndian))
        guard captured <= Self.longestPacket else { return endAtDamage(captured) }
        let length = Self.recordHeaderLength + captured
        guard blocks.fill(length) == length else { return end(isCut: true) }
        blocks.take(length)
        number += 1
        let ticks = Int64(blocks.uint32(at: 4, bigEndian: bigEndian))
        let packet = CapturedPacket(
            number: number,
            instant: CaptureInstant(
                seconds: Int64(blocks.uint32(at: 0, bigEndian: bigEndian)), nanoseconds: ticks &* nanosecondsOfTick),
            linkType: linkType, originalLength: Int(blocks.uint32(at: 12, bigEndian: bigEndian)))
        blocks.withBytes(Self.recordHeaderLength..<Self.recordHeaderLength + min(captured, snapLength)) {
            body(packet, $0)
        }
        return true
    }

    private func end(isCut: Bool) -> Bool {
        isDone = true
        if let failure = bytes.failure {
            finding = .unreadable(path, packet: number + 1, failure: failure)
        } else if isCut {
            finding = .cut(
                path, packet: number + 1, why: "its record says that more bytes follow than the file has")
        }
        return false
    }

    private func endAtDamage(_ captured: Int) -> Bool {
        isDone = true
        finding = .endsEarly(
            path, code: "capture.damaged",
            what: "packet \(number + 1) cannot be read: its record says that \(captured) bytes were captured",
            why: "no packet has more than \(Self.longestPacket), and behind a damaged record nobody knows where the "
                + "next one starts", packet: number + 1)
        return false
    }
}
