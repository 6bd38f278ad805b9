import TCPReassembly
import WireBasics

/// Puts the messages of one direction together from the payloads of its data frames (RFC 6455 §5.4).
///
///     frame               no message open           message open
///     text, binary        opens one                 violation; the open one is given up, a new one opens
///     continuation        violation, passed over    goes on with it
///     with FIN            completes the open message, if there is one
///
/// A message with a hole in it is followed to its end and not counted; behind a hole that may hide frames, a continuation
/// may belong to a message whose start was not seen.
///
/// Control frames and reserved opcodes do not come here.
struct MessageAssembler {
    private let party: Party
    private let hasUnknownExtension: Bool
    /// Why payloads are not what the application sent, where that is so.
    private let unreadable: String
    private var opened: Opcode?
    private var isCompressed = false
    /// Whether the payload of the open message is what the application sent, once it is inflated.
    private var isReadable = false
    /// Whether bytes of the open message are not in the capture.
    private var hasHole = false
    /// Whether a hole hides if a message is open.
    private var mayBeOpen = false
    /// CRC-32 of the bytes of complete messages that could be decoded; nil when it is not asked for.
    private(set) var digest: UInt32?
    /// Complete messages.
    private(set) var count = 0
    /// Bytes of those that could be decoded.
    private(set) var bytes = 0
    private var content = MessageContent()
    /// There where permessage-deflate is in use.
    private let inflater: MessageInflater?
    private let sha256: SHA256Stream?

    init(party: Party, agreement: Agreement, limits: ReaderLimits, detail: ReaderDetail) {
        self.party = party
        hasUnknownExtension = agreement.hasUnknownExtension
        unreadable =
            agreement.isPresumed
            ? "messages are compressed, presumably with permessage-deflate: what was agreed is not in the capture, and "
                + "they are counted as they are on the wire" : LossRule.unknownExtension.sentence
        inflater = agreement.deflate.map { MessageInflater($0[party], limits: limits) }
        sha256 = detail.digests ? SHA256Stream() : nil
        digest = detail.checksums ? 0 : nil
    }

    /// A data frame starts.
    mutating func begin(_ header: FrameHeader, at mark: PacketMark, into record: inout TunnelRecord) {
        let opcode = header.opcode
        if opcode == .continuation {
            if header.rsv1, inflater != nil { record.add(.compressedContinuation, by: party, at: mark) }
            if opened == nil {
                if mayBeOpen {
                    (opened, hasHole) = (.continuation, true)
                } else {
                    record.add(.strayContinuation, by: party, at: mark)
                }
            }
            mayBeOpen = false
            return
        }
        if opened != nil {
            record.add(.dataInsideMessage, by: party, at: mark)
            if isCompressed { inflater?.giveUpMessage() }
        }
        opened = opcode
        (hasHole, mayBeOpen) = (false, false)
        isCompressed = header.rsv1 && inflater != nil
        isReadable = header.rsv1 == isCompressed && !header.rsv2 && !header.rsv3
        if !isReadable, hasUnknownExtension { record.lose(.unknownExtension, of: party, at: mark, unreadable) }
        content.begin(
            isText: opcode == .text && isReadable && !hasUnknownExtension, digest: digest,
            previewLimit: record.keepsMessages ? record.detail.previewBytes : 0, sha256: sha256)
        if isCompressed {
            inflater?.begin()
            report(at: mark, into: &record)
        }
    }

    /// Unmasked payload of a data frame.
    @inline(__always)
    mutating func receive(_ bytes: RawSpan) {
        if isCompressed, let inflater {
            inflater.receive(bytes, into: &content)
        } else {
            content.receive(bytes)
        }
    }

    /// Payload of the current frame is missing: a message that it belongs to has an end and no content.
    mutating func loseBytes(of opcode: Opcode?) {
        guard opened != nil, let opcode, !opcode.isControl, !opcode.isReserved else { return }
        hasHole = true
        if isCompressed { inflater?.loseMessage() }
    }

    /// Frames are missing: whether a message is open is not known, and what was compressed before is lost.
    mutating func loseFrames() {
        (opened, hasHole, mayBeOpen) = (nil, false, true)
        isCompressed = false
        inflater?.loseMessage()
    }

    /// A data frame is complete.
    @inline(__always)
    mutating func end(
        _ header: FrameHeader, at mark: PacketMark, into record: inout TunnelRecord
    ) {
        if header.fin, let opcode = opened {
            complete(opcode, at: mark, into: &record)
        } else if isCompressed {
            report(at: mark, into: &record)
        }
    }

    /// No further frame will come.
    func finish() {
        inflater?.finish()
    }

    private mutating func complete(
        _ opcode: Opcode, at mark: PacketMark, into record: inout TunnelRecord
    ) {
        opened = nil
        guard !hasHole else {
            (hasHole, isCompressed) = (false, false)
            return
        }
        if isCompressed {
            inflater?.end(into: &content)
            report(at: mark, into: &record)
        }
        let isDecoded = isReadable && (!isCompressed || inflater?.isGood == true)
        if isDecoded, content.isMalformedText {
            record.add(.textNotUTF8, by: party, at: mark)
        }
        count += 1
        if isDecoded {
            bytes &+= content.length
            digest = content.digest
        }
        if record.keepsMessages {
            let sha256 = isDecoded ? content.finishSHA256() : nil
            record.keep(
                MessageRecord(
                    party: party, opcode: opcode.rawValue, length: content.length, sha256: sha256,
                    preview: content.takePreview(), compressed: isCompressed, isDecoded: isDecoded, mark: mark))
        }
        // What is sent before the next message opens belongs to none.
        isCompressed = false
    }

    private mutating func report(at mark: PacketMark, into record: inout TunnelRecord) {
        guard let inflater, let trouble = inflater.trouble else { return }
        inflater.trouble = nil
        switch trouble {
        case .invalid: record.add(.deflateInvalid, by: party, at: mark)
        case .unfinished: record.add(.deflateUnfinished, by: party, at: mark)
        case .window: record.add(.deflateWindow, by: party, at: mark)
        case .limit:
            record.lose(
                .inflateLimit, of: party, at: mark, LossRule.inflateLimit.reached(inflater.limits.inflatedMessageBytes))
        case .ratioLimit:
            record.lose(
                .inflateRatioLimit, of: party, at: mark,
                LossRule.inflateRatioLimit.reached(inflater.limits.inflateRatio))
        case .windowUnchecked:
            record.lose(
                .windowCheckLimit, of: party, at: mark,
                LossRule.windowCheckLimit.reached(inflater.limits.windowCheckBytes))
        case .stopped: record.lose(.inflateStopped, of: party, at: mark)
        }
    }
}
