import WireBasics

/// Reads pcapng files (draft-ietf-opsawg-pcapng).
///
/// Several sections of either byte order, several interfaces with link types, resolutions and offsets of their own:
/// libpcap refuses files whose interfaces differ, so this is ours.
///
/// | block | what is done |
/// |---|---|
/// | Section Header | byte order and interfaces start anew |
/// | Interface Description | one more interface |
/// | Enhanced Packet, Simple Packet, Packet (obsolete) | a packet |
/// | any other | passed over |
final class PcapngReader: PacketReader {
    private(set) var finding: Finding?

    private let path: String
    private let bytes: CaptureBytes
    private let blocks: BlockBuffer
    private var bigEndian = false
    private var interfaces: [PcapngInterface] = []
    private var number = 0
    /// A Simple Packet Block has no instant; it takes that of the packet before it, so that no silence appears.
    private var lastInstant = CaptureInstant.epoch
    private var isDone = false

    /// No writer makes longer packet blocks; a longer length is damage.
    private static let longestPacketBlock = 64 << 20
    private static let headerLength = 8

    /// Whether the first bytes of a file are those of a Section Header Block.
    static func recognises(_ start: [UInt8]) -> Bool {
        start.starts(with: [0x0A, 0x0D, 0x0D, 0x0A])
    }

    /// Starts at a Section Header Block; errors in it show at the first packet.
    init(_ bytes: CaptureBytes, path: String) {
        self.path = path
        self.bytes = bytes
        blocks = BlockBuffer(bytes)
    }

    func next(_ body: (CapturedPacket, RawSpan) -> Void) -> Bool {
        while !isDone {
            do {
                if try readBlock(body) { return true }
            } catch {
                isDone = true
                finding = error.finding(path: path, packet: number + 1, failure: bytes.failure)
            }
        }
        return false
    }

    /// Why a block ends the reading.
    struct BlockError: Error {
        enum Kind { case cut, damaged }
        var kind: Kind
        var reason: String

        func finding(path: String, packet: Int, failure: String?) -> Finding {
            if let failure {
                return .unreadable(path, packet: packet, failure: failure)
            }
            return switch kind {
            case .cut:
                .cut(path, packet: packet, why: reason)
            case .damaged:
                .endsEarly(
                    path, code: "capture.damaged", what: "packet \(packet) cannot be read", why: reason, packet: packet)
            }
        }
    }

    /// Reads one block; true when it was a packet.
    private func readBlock(_ body: (CapturedPacket, RawSpan) -> Void) throws(BlockError) -> Bool {
        blocks.drop()
        let available = blocks.fill(Self.headerLength)
        guard available >= Self.headerLength else {
            isDone = true
            if available > 0 { throw cut("\(available) bytes follow the last block") }
            if let failure = bytes.failure { throw cut(failure) }
            return false
        }
        var type = blocks.uint32(at: 0, bigEndian: bigEndian)
        if type == 0x0A0D_0D0A {
            try startSection()
            type = 0x0A0D_0D0A
        }
        let length = Int(blocks.uint32(at: 4, bigEndian: bigEndian))
        guard length >= 12, length % 4 == 0 else {
            throw BlockError(kind: .damaged, reason: "a block says that it is \(length) bytes long")
        }
        switch type {
        case 1, 2, 3, 6:
            guard length <= Self.longestPacketBlock else {
                throw BlockError(kind: .damaged, reason: "a packet block says that it is \(length) bytes long")
            }
            guard blocks.fill(length) == length else { throw cut("the file ends inside a block") }
            guard Int(blocks.uint32(at: length - 4, bigEndian: bigEndian)) == length else {
                throw BlockError(kind: .damaged, reason: "the lengths at the start and the end of a block differ")
            }
            blocks.take(length)
        default:
            guard blocks.skip(length) else { throw cut("the file ends inside a block") }
            return false
        }
        if type == 1 {
            interfaces.append(try PcapngInterface(blocks, length: length, bigEndian: bigEndian))
            return false
        }
        let packet = try PcapngPacket(type: type, blocks, length: length, bigEndian: bigEndian, interfaces: interfaces)
        number += 1
        lastInstant = packet.instant ?? lastInstant
        let captured = CapturedPacket(
            number: number, instant: lastInstant, linkType: packet.linkType, originalLength: packet.originalLength)
        blocks.withBytes(packet.data) { body(captured, $0) }
        return true
    }

    /// Learns the byte order of a section; the length of its header is in it.
    private func startSection() throws(BlockError) {
        guard blocks.fill(28) >= 16 else { throw cut("the file ends inside a section header") }
        switch blocks.uint32(at: 8, bigEndian: true) {
        case 0x1A2B_3C4D: bigEndian = true
        case 0x4D3C_2B1A: bigEndian = false
        case let magic:
            throw BlockError(
                kind: .damaged, reason: "a section header has the byte-order magic \(String(magic, radix: 16))")
        }
        let major = blocks.uint16(at: 12, bigEndian: bigEndian)
        guard major == 1 else {
            throw BlockError(kind: .damaged, reason: "a section is of version \(major); we read version 1")
        }
        interfaces = []
    }

    private func cut(_ reason: String) -> BlockError {
        BlockError(kind: .cut, reason: reason)
    }
}
