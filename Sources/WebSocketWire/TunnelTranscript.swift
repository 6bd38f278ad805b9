public import TCPReassembly
public import WireBasics

/// What went through a connection after it switched to WebSocket.
public struct TunnelTranscript: Hashable, Sendable, Codable {
    /// When the last byte of the 101 was captured.
    public var opened: CaptureInstant
    /// When the last byte in either direction was captured.
    public var lastByte: CaptureInstant
    /// What the client sent.
    public var client: DirectionTranscript
    /// What the server sent.
    public var server: DirectionTranscript
    /// The silences that decide about idle timeouts; see `SilenceLog`.
    public var silences: [Silence]
    /// Single frames, as many as the reader was asked to keep, in order of their last byte.
    public var frames: [FrameRecord]
    /// Single messages, likewise.
    public var messages: [MessageRecord]

    /// A tunnel that just opened.
    public init(opened: CaptureInstant) {
        self.opened = opened
        lastByte = opened
        client = DirectionTranscript()
        server = DirectionTranscript()
        (silences, frames, messages) = ([], [], [])
    }

    /// What that end sent.
    public subscript(party: Party) -> DirectionTranscript {
        get { party == .client ? client : server }
        set { if party == .client { client = newValue } else { server = newValue } }
    }
}

/// Totals of one direction of a tunnel.
public struct DirectionTranscript: Hashable, Sendable, Codable {
    /// Complete frames by opcode, 0 to 15, those among them whose payload is not all in the capture.
    ///
    /// Shape: 16 counts.
    public var framesByOpcode: [Int]
    /// Bytes on the wire, frame headers included, also those that are in no frame.
    public var wireBytes: Int
    /// Payload bytes of complete frames.
    public var payloadBytes: Int
    /// Complete text and binary messages.
    public var messages: Int
    /// Their bytes after inflating; those that could not be decoded do not count.
    public var messageBytes: Int
    /// CRC-32 of the bytes that `messageBytes` counts, in order; nil unless asked for.
    public var digest: UInt32?
    /// The first close frame.
    public var close: CloseRecord?
    /// Bytes behind the first close frame.
    public var bytesAfterClose: Int

    /// Nothing sent yet.
    public init() {
        framesByOpcode = Array(repeating: 0, count: 16)
        (wireBytes, payloadBytes, messages, messageBytes) = (0, 0, 0, 0)
        (digest, close) = (nil, nil)
        bytesAfterClose = 0
    }

    /// Complete frames of every opcode.
    public var frames: Int { framesByOpcode.reduce(0, +) }
}

/// A close frame (RFC 6455 §5.5.1).
public struct CloseRecord: Hashable, Sendable, Codable {
    /// The status code; nil when the frame has no body.
    public var code: Int?
    /// The reason, with what is no UTF-8 replaced by U+FFFD.
    public var reason: String
    /// The packet of its last byte.
    public var mark: PacketMark

    /// A close frame with all its parts.
    public init(code: Int?, reason: String, mark: PacketMark) {
        self.code = code
        self.reason = reason
        self.mark = mark
    }
}

/// A stretch of a tunnel in which neither end sent a byte.
public struct Silence: Hashable, Sendable, Codable {
    /// The last byte before it.
    public var lastByte: CaptureInstant
    /// When a timer that ignores re-arming within 300 ms (nginx's `NGX_TIMER_LAZY_DELAY`) was last armed before it.
    public var lazilyArmed: CaptureInstant
    /// The next byte, the end of the connection, or the last packet of a connection that was left open.
    public var until: CaptureInstant
    /// Complete frames that had gone through before it.
    public var clientFrames: Int
    /// Complete frames that had gone through before it.
    public var serverFrames: Int

    /// A silence with all its parts.
    public init(
        lastByte: CaptureInstant, lazilyArmed: CaptureInstant, until: CaptureInstant, clientFrames: Int,
        serverFrames: Int
    ) {
        self.lastByte = lastByte
        self.lazilyArmed = lazilyArmed
        self.until = until
        self.clientFrames = clientFrames
        self.serverFrames = serverFrames
    }
}

/// One frame (RFC 6455 §5.2).
public struct FrameRecord: Hashable, Sendable, Codable {
    /// Who sent it.
    public var party: Party
    /// Last frame of its message.
    public var fin: Bool
    /// Reserved bits, set only by extensions.
    public var rsv1: Bool
    /// Reserved bits, set only by extensions.
    public var rsv2: Bool
    /// Reserved bits, set only by extensions.
    public var rsv3: Bool
    /// 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong.
    public var opcode: UInt8
    /// Whether the payload was masked on the wire.
    public var masked: Bool
    /// Payload bytes.
    public var length: Int
    /// SHA-256 of the unmasked payload as sent (before inflating); nil unless asked for.
    public var sha256: [UInt8]?
    /// The first unmasked payload bytes, up to the reader's limit.
    @Base64Coded public var preview: [UInt8]
    /// The packet of its last byte.
    public var mark: PacketMark
    /// Payload bytes that are not in the capture, where that is so: the preview ends before them, and nothing is known of
    /// the content.
    public var missing: Int?

    /// A frame with all its parts.
    public init(
        party: Party, fin: Bool, rsv1: Bool, rsv2: Bool, rsv3: Bool, opcode: UInt8, masked: Bool, length: Int,
        sha256: [UInt8]?, preview: [UInt8], mark: PacketMark, missing: Int? = nil
    ) {
        self.missing = missing
        self.party = party
        self.fin = fin
        self.rsv1 = rsv1
        self.rsv2 = rsv2
        self.rsv3 = rsv3
        self.opcode = opcode
        self.masked = masked
        self.length = length
        self.sha256 = sha256
        self.preview = preview
        self.mark = mark
    }
}

/// One text or binary message (RFC 6455 §5.6), after inflating.
public struct MessageRecord: Hashable, Sendable, Codable {
    /// Who sent it.
    public var party: Party
    /// 1 text, 2 binary.
    public var opcode: UInt8
    /// Bytes after inflating.
    public var length: Int
    /// SHA-256 of the bytes after inflating; nil unless asked for.
    public var sha256: [UInt8]?
    /// The first bytes after inflating, up to the reader's limit.
    @Base64Coded public var preview: [UInt8]
    /// Whether it was compressed with permessage-deflate.
    public var compressed: Bool
    /// Whether `length` and what follows from it are those of the message; false where it could not be inflated or an
    /// unknown extension changed it, and `length` is what was seen.
    public var isDecoded: Bool
    /// The packet of its last byte.
    public var mark: PacketMark

    /// A message with all its parts.
    public init(
        party: Party, opcode: UInt8, length: Int, sha256: [UInt8]?, preview: [UInt8], compressed: Bool,
        isDecoded: Bool = true, mark: PacketMark
    ) {
        self.party = party
        self.opcode = opcode
        self.length = length
        self.sha256 = sha256
        self.preview = preview
        self.compressed = compressed
        self.isDecoded = isDecoded
        self.mark = mark
    }
}
