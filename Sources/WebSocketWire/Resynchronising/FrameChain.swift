import WireBasics

/// Frames that follow each other from some place on, as long as they obey the rules for one direction.
///
/// Shape: bytes in; no byte is kept. A chain that broke stays broken.
struct FrameChain {
    /// What is known before the first byte: who sends, and what may have been agreed.
    struct Rules {
        /// Whether the frames are those of a client.
        var isMasked: Bool
        /// Whether data may be compressed (RFC 7692 §6).
        var allowsRSV1: Bool
    }

    /// Whether something came that is no frame of that direction.
    private(set) var isBroken = false
    /// Complete frames.
    private(set) var frames = 0
    /// Complete frames that are whole texts.
    private(set) var texts = 0
    /// What headers and texts weigh; see `BoundaryEvidence`.
    private(set) var bits = 0

    private let rules: Rules
    private var decoder = FrameDecoder()
    /// Whether a fragmented message is open; nil as long as that is not known.
    private var isOpen: Bool?
    private var isClosed = false
    /// There while a text is read that stands in one frame, or the body of a close frame.
    private var utf8: UTF8Check?
    private var closeBody: [UInt8] = []
    private var lastKey: UInt32 = 0
    private var keysOr: UInt32 = 0
    private var keysAnd = UInt32.max

    init(_ rules: Rules) {
        self.rules = rules
    }

    /// Whether the bytes so far end with a frame.
    var isAtBoundary: Bool { !isBroken && decoder.unfinishedBytes == 0 }

    /// Whether masking keys look as if nobody could foresee them: nearly all bits were seen set and clear.
    var keysVary: Bool { Masking.vary(keysOr) && Masking.vary(~keysAnd) }

    /// Reads on to the end of the next frame.
    ///
    /// - Returns: whether there is one; false when the bytes are used up or the chain is broken.
    mutating func readFrame(in bytes: RawSpan, from offset: inout Int) -> Bool {
        while !isBroken, let event = decoder.next(in: bytes, from: &offset) {
            switch event {
            case .header(let header):
                isBroken = decoder.isStuck || !allows(header)
                if !isBroken { begin(header) }
            case .payload(let header, let range, let position):
                receive(bytes, range, position, of: header)
            case .end(let header):
                end(header)
                return !isBroken
            }
        }
        return false
    }

    /// Whether the rules allow that header here.
    private func allows(_ header: FrameHeader) -> Bool {
        guard !isClosed, header.isMasked == rules.isMasked, !header.opcode.isReserved, header.lengthIsMinimal,
            !header.rsv2, !header.rsv3
        else { return false }
        if rules.isMasked, header.maskingKey == 0 || header.maskingKey == lastKey { return false }
        let startsMessage = !header.opcode.isControl && header.opcode != .continuation
        if header.rsv1, !(rules.allowsRSV1 && startsMessage) { return false }
        if header.opcode.isControl {
            return header.fin && header.payloadLength <= 125 && !(header.opcode == .close && header.payloadLength == 1)
        }
        // Nobody sends an empty fragment that does not end anything, and bytes that are zero look like many.
        if !header.fin, header.payloadLength == 0 { return false }
        return startsMessage ? isOpen != true : isOpen != false
    }

    private mutating func begin(_ header: FrameHeader) {
        if !header.opcode.isControl { isOpen = !header.fin }
        let isWholeText = header.opcode == .text && header.fin && !header.rsv1
        utf8 = isWholeText ? UTF8Check() : nil
        closeBody = []
        (lastKey, keysOr, keysAnd) = (
            header.maskingKey, keysOr | header.maskingKey, keysAnd & header.maskingKey
        )
    }

    private mutating func receive(_ bytes: RawSpan, _ range: Range<Int>, _ position: UInt64, of header: FrameHeader) {
        guard utf8 != nil || header.opcode == .close else { return }
        Masking.unmasked(bytes, range, key: header.maskingKey, position: position) { block in
            utf8?.receive(block)
            if header.opcode == .close { closeBody.appendPrefix(of: block, upTo: 125) }
        }
        if utf8?.hasFailed == true { isBroken = true }
    }

    private mutating func end(_ header: FrameHeader) {
        if header.opcode == .close {
            isClosed = true
            guard closeBody.isEmpty || isValidCloseBody else {
                isBroken = true
                return
            }
        }
        if let utf8 {
            guard utf8.isValid else {
                isBroken = true
                return
            }
            texts += 1
            if rules.isMasked { bits += BoundaryEvidence.bits(ofText: header.payloadLength) }
        }
        frames += 1
        bits += BoundaryEvidence.headerBits
    }

    private var isValidCloseBody: Bool {
        guard closeBody.count >= 2, CloseCode(rawValue: Int(closeBody[0]) << 8 | Int(closeBody[1])).maySend else {
            return false
        }
        var reason = UTF8Check()
        reason.receive(closeBody.span.bytes.extracting(2..<closeBody.count))
        return reason.isValid
    }
}
