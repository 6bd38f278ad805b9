import WireBasics

/// What an Interface Description Block says (draft-ietf-opsawg-pcapng §4.2).
struct PcapngInterface {
    var linkType: LinkType
    /// Packets of Simple Packet Blocks are cut here; 0 means that they are not.
    var snapLength: Int
    /// Ticks of a timestamp in a second.
    var ticksPerSecond: UInt64 = 1_000_000
    /// Seconds to add to every timestamp (`if_tsoffset`).
    var offsetSeconds: Int64 = 0

    /// Reads a whole block.
    init(_ block: BlockBuffer, length: Int, bigEndian: Bool) throws(PcapngReader.BlockError) {
        guard length >= 20 else {
            throw PcapngReader.BlockError(kind: .damaged, reason: "an interface description is \(length) bytes long")
        }
        linkType = LinkType(rawValue: UInt32(block.uint16(at: 8, bigEndian: bigEndian)))
        snapLength = Int(block.uint32(at: 12, bigEndian: bigEndian))
        var offset = 16
        while offset + 4 <= length - 4 {
            let code = block.uint16(at: offset, bigEndian: bigEndian)
            let size = Int(block.uint16(at: offset + 2, bigEndian: bigEndian))
            let value = offset + 4
            guard code != 0, value + size <= length - 4 else { break }
            if code == 9, size >= 1 {
                ticksPerSecond = try Self.ticks(resolution: block.byte(at: value))
            } else if code == 14, size >= 8 {
                offsetSeconds = Int64(bitPattern: block.uint64(at: value, bigEndian: bigEndian))
            }
            offset = value + (size + 3) & ~3
        }
    }

    /// `if_tsresol`: a negative power of 10, or of 2 where the highest bit is set.
    private static func ticks(resolution: UInt8) throws(PcapngReader.BlockError) -> UInt64 {
        let exponent = Int(resolution & 0x7F)
        guard exponent <= (resolution & 0x80 == 0 ? 19 : 63) else {
            throw PcapngReader.BlockError(
                kind: .damaged, reason: "an interface has a time resolution finer than 64 bits can say")
        }
        return resolution & 0x80 != 0 ? 1 << exponent : (0..<exponent).reduce(1) { ticks, _ in ticks &* 10 }
    }

    /// The instant of a timestamp of this interface.
    func instant(ticks: UInt64) -> CaptureInstant {
        let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: ticksPerSecond)
        // rest < ticksPerSecond, so the quotient is below 10^9 and cannot overflow.
        let nanoseconds = ticksPerSecond.dividingFullWidth(rest.multipliedFullWidth(by: 1_000_000_000)).quotient
        let whole = Int64(clamping: seconds).addingReportingOverflow(offsetSeconds)
        return CaptureInstant(
            seconds: whole.overflow ? (offsetSeconds < 0 ? .min : .max) : whole.partialValue,
            nanoseconds: Int64(nanoseconds))
    }
}

/// What a packet block says, and where its bytes are (draft-ietf-opsawg-pcapng §4.3, §4.4, appendix A).
struct PcapngPacket {
    /// nil in a Simple Packet Block.
    var instant: CaptureInstant?
    var linkType: LinkType
    var originalLength: Int
    /// The packet's bytes within the block.
    var data: Range<Int>

    /// Reads a whole block of type 2, 3 or 6.
    init(
        type: UInt32, _ block: BlockBuffer, length: Int, bigEndian: Bool, interfaces: [PcapngInterface]
    ) throws(PcapngReader.BlockError) {
        let start = type == 3 ? 12 : 28
        guard length >= start + 4 else {
            throw PcapngReader.BlockError(kind: .damaged, reason: "a packet block is only \(length) bytes long")
        }
        let index =
            switch type {
            case 3: 0
            case 2: Int(block.uint16(at: 8, bigEndian: bigEndian))
            default: Int(block.uint32(at: 8, bigEndian: bigEndian))
            }
        guard interfaces.indices.contains(index) else {
            throw PcapngReader.BlockError(
                kind: .damaged, reason: "it names interface \(index), which the file does not describe before it")
        }
        let interface = interfaces[index]
        linkType = interface.linkType
        let captured: Int
        if type == 3 {
            originalLength = Int(block.uint32(at: 8, bigEndian: bigEndian))
            let cut = interface.snapLength == 0 ? originalLength : min(originalLength, interface.snapLength)
            captured = min(cut, length - start - 4)
        } else {
            let high = block.uint32(at: 12, bigEndian: bigEndian)
            let low = block.uint32(at: 16, bigEndian: bigEndian)
            instant = interface.instant(ticks: UInt64(high) << 32 | UInt64(low))
            captured = Int(block.uint32(at: 20, bigEndian: bigEndian))
            originalLength = Int(block.uint32(at: 24, bigEndian: bigEndian))
        }
        guard captured <= length - start - 4 else {
            throw PcapngReader.BlockError(
                kind: .damaged, reason: "it says that \(captured) bytes were captured, and its block is shorter")
        }
        data = start..<start + captured
    }
}
