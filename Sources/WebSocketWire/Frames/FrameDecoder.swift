import WireBasics

/// Cuts one direction of a tunnel into frames.
///
/// Shape: bytes are read where they lie; only a header that a chunk cuts is copied, at most 14 bytes. No payload is kept.
///
///     state    chunk ends   header complete        payload complete
///     header   keeps it     header → payload       -
///     payload  -            -                      end → header
///     stuck    -            -                      -                   (a length that cannot be believed)
package struct FrameDecoder: Sendable {
    /// What comes next in the bytes.
    package enum Event {
        /// A header; its payload follows, then its end.
        case header(FrameHeader)
        /// Bytes of the payload, as they are on the wire, and how many came before them.
        case payload(FrameHeader, Range<Int>, position: UInt64)
        /// The frame is complete.
        case end(FrameHeader)
    }

    private enum State {
        case header
        case payload(FrameHeader, position: UInt64)
        case stuck
    }

    private var state = State.header
    private var cut = InlineArray<16, UInt8>(repeating: 0)
    /// How many bytes of a cut header are kept.
    private var cutLength = 0

    /// A decoder at the start of a frame.
    package init() {}

    /// Bytes of the frame that is not complete, header included; 0 between frames.
    package var unfinishedBytes: Int {
        switch state {
        case .header: cutLength
        case .payload(let header, let position): header.length + Int(clamping: position)
        case .stuck: 0
        }
    }

    /// What the frame is whose payload is being read; nil between frames.
    package var opcode: Opcode? {
        if case .payload(let header, _) = state { header.opcode } else { nil }
    }

    /// Whether the end of the current frame cannot be known.
    package var isStuck: Bool {
        if case .stuck = state { true } else { false }
    }

    /// The next event in the bytes from `offset` on, which moves behind it; nil when they are used up.
    @inline(__always)
    package mutating func next(in bytes: RawSpan, from offset: inout Int) -> Event? {
        switch state {
        case .header:
            guard let header = header(in: bytes, from: &offset) else { return nil }
            // RFC 6455 §5.2: "the most significant bit MUST be 0". Nobody knows where such a frame ends.
            state = header.payloadLength >> 63 == 0 ? .payload(header, position: 0) : .stuck
            return .header(header)
        case .payload(let header, let position):
            let remaining = header.payloadLength - position
            guard remaining > 0 else {
                state = .header
                return .end(header)
            }
            let available = bytes.byteCount - offset
            guard available > 0 else { return nil }
            let taken = remaining < UInt64(available) ? Int(remaining) : available
            let range = offset..<offset + taken
            offset += taken
            state = .payload(header, position: position + UInt64(taken))
            return .payload(header, range, position: position)
        case .stuck:
            return nil
        }
    }

    /// Passes over bytes that are not there; false, and nothing done, where not all of them belong to the payload of
    /// the current frame.
    package mutating func skip(_ count: Int) -> Bool {
        guard case .payload(let header, let position) = state, count >= 0,
            UInt64(count) <= header.payloadLength - position
        else { return false }
        state = .payload(header, position: position + UInt64(count))
        return true
    }

    @inline(__always)
    private mutating func header(in bytes: RawSpan, from offset: inout Int) -> FrameHeader? {
        if cutLength == 0, let header = FrameHeader(bytes, at: offset) {
            offset += header.length
            return header
        }
        return cutHeader(in: bytes, from: &offset)
    }

    /// Goes on with a header that a chunk cut, byte by byte: it happens once a chunk at most.
    private mutating func cutHeader(in bytes: RawSpan, from offset: inout Int) -> FrameHeader? {
        while offset < bytes.byteCount, cutLength < FrameHeader.maximumLength {
            cut[cutLength] = bytes.byte(at: offset)
            cutLength += 1
            offset += 1
            if let header = FrameHeader(cut.span.bytes.extracting(0..<cutLength), at: 0) {
                cutLength = 0
                return header
            }
        }
        return nil
    }
}
