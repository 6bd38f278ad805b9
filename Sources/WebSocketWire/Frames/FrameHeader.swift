import WireBasics

/// The header of a frame (RFC 6455 §5.2).
///
/// Layout: FIN, RSV1 to 3 and opcode in the first byte; MASK and a length of 7 bits in the second; 2 or 8 more bytes of
/// length where that is 126 or 127; 4 bytes of masking key where MASK is set.
package struct FrameHeader: Hashable, Sendable {
    private let first: UInt8
    private let second: UInt8
    /// How long the payload claims to be, top bit included.
    package let payloadLength: UInt64
    /// The masking key as a number whose lowest byte masks the first byte of the payload; 0 for an unmasked frame.
    package let maskingKey: UInt32

    /// The longest header.
    package static let maximumLength = 14

    /// Whether it is the last frame of its message.
    package var fin: Bool { first & 0x80 != 0 }
    /// Whether the first reserved bit is set.
    package var rsv1: Bool { first & 0x40 != 0 }
    /// Whether the second reserved bit is set.
    package var rsv2: Bool { first & 0x20 != 0 }
    /// Whether the third reserved bit is set.
    package var rsv3: Bool { first & 0x10 != 0 }
    /// Whether any reserved bit is set.
    package var hasReservedBits: Bool { first & 0x70 != 0 }
    /// What the frame is.
    package var opcode: Opcode { Opcode(rawValue: first) }
    /// Whether the payload is masked.
    package var isMasked: Bool { second & 0x80 != 0 }

    /// How many bytes the header takes.
    package var length: Int {
        Self.length(second)
    }

    /// Whether the payload length is written in the fewest bytes.
    package var lengthIsMinimal: Bool {
        switch second & 0x7F {
        case 126: payloadLength > 125
        case 127: payloadLength > 0xFFFF
        default: true
        }
    }

    /// Reads the header at that offset; nil when not all of it is there.
    package init?(_ bytes: RawSpan, at offset: Int) {
        let available = bytes.byteCount - offset
        guard available >= 2 else { return nil }
        first = bytes.byte(at: offset)
        second = bytes.byte(at: offset + 1)
        let length = Self.length(second)
        guard available >= length else { return nil }
        switch second & 0x7F {
        case 126: payloadLength = UInt64(bytes.uint16(at: offset + 2))
        case 127: payloadLength = bytes.uint64(at: offset + 2)
        case let short: payloadLength = UInt64(short)
        }
        maskingKey = second & 0x80 == 0 ? 0 : bytes.uint32(at: offset + length - 4).byteSwapped
    }

    private static func length(_ second: UInt8) -> Int {
        let extended =
            switch second & 0x7F {
            case 126: 2
            case 127: 8
            default: 0
            }
        return 2 + extended + (second & 0x80 == 0 ? 0 : 4)
    }
}
