import TCPReassembly
import WireBasics

/// Puts the messages of one direction together from the payloads of its data frames (RFC 6455 §5.4).
///
///     frame               no message open           message open
///     text, binary        opens one                 violation; the open one is given up, a new one opens
///     continuation        violation, passed over    goes on with it
///     with FIN            completes the open message, if there is one
///
/// Control frames and reserved opcodes do not come here.
struct MessageAssembler {
    private let party: Party
    private let hasUnknownExtension: Bool
    private let isDeflateAgreed: Bool
    private let sha256: SHA256Stream?

    private var opened: Opcode?
    private var isCompressed = false
    /// Whether the payload of the open message is what the application sent, once it is inflated.
    private var isReadable = false
    private var content = MessageContent()
    private var inflater: MessageInflater

    init(party: Party, agreement: Agreement, limits: ReaderLimits, detail: ReaderDetail) {
        self.party = party
        hasUnknownExtension = agreement.hasUnknownExtension
        isDeflateAgreed = agreement.deflate != nil
        inflater = MessageInflater(agreement[party], limits: limits)
        sha256 = detail.digests ? SHA256Stream() : nil
    }

    /// A data frame starts; `digest` is that of the messages before it.
    mutating func begin(_ header: FrameHeader, at mark: PacketMark, digest: UInt32, into record: inout TunnelRecord) {
        let opcode = header.opcode
        if opcode == .continuation {
            if header.rsv1, isDeflateAgreed { record.add(.compressedContinuation, by: party, at: mark) }
            if opened == nil { record.add(.strayContinuation, by: party, at: mark) }
            return
        }
        if opened != nil {
            record.add(.dataInsideMessage, by: party, at: mark)
            if isCompressed { inflater.giveUpMessage() }
        }
        opened = opcode
        isCompressed = header.rsv1 && isDeflateAgreed
        isReadable = header.rsv1 == isCompressed && !header.rsv2 && !header.rsv3
        if !isReadable, hasUnknownExtension { record.lose(.unknownExtension, of: party, at: mark) }
        content.begin(
            isText: opcode == .text && isReadable && !hasUnknownExtension, digest: digest,
            previewLimit: record.keepsMessages ? record.detail.previewBytes : 0, sha256: sha256)
        if isCompressed {
            inflater.begin()
            report(at: mark, into: &record)
        }
    }

    /// Unmasked payload of a data frame.
    @inline(__always)
    mutating func receive(_ bytes: RawSpan) {
        if isCompressed {
            inflater.receive(bytes, into: &content)
        } else {
            content.receive(bytes)
        }
    }

    /// A data frame is complete.
    @inline(__always)
    mutating func end(
        _ header: FrameHeader, at mark: PacketMark, totals: inout DirectionTranscript, into record: inout TunnelRecord
    ) {
        if header.fin, let opcode = opened {
            complete(opcode, at: mark, totals: &totals, into: &record)
        } else if isCompressed {
            report(at: mark, into: &record)
        }
    }

    private mutating func complete(
        _ opcode: Opcode, at mark: PacketMark, totals: inout DirectionTranscript, into record: inout TunnelRecord
    ) {
        opened = nil
        if isCompressed {
            inflater.end(into: &content)
            report(at: mark, into: &record)
        }
        let isDecoded = isReadable && (!isCompressed || inflater.isGood)
        if isDecoded, content.isMalformedText {
            record.add(.textNotUTF8, by: party, at: mark)
        }
        totals.messages += 1
        if isDecoded {
            totals.messageBytes &+= content.length
            totals.digest = content.digest
        }
        if record.keepsMessages {
            let sha256 = isDecoded ? content.finishSHA256() : nil
            record.messages.append(
                MessageRecord(
                    party: party, opcode: opcode.rawValue, length: content.length, sha256: sha256,
                    preview: content.preview, compressed: isCompressed, isDecoded: isDecoded, mark: mark))
        }
        // What is sent before the next message opens belongs to none.
        isCompressed = false
    }

    private mutating func report(at mark: PacketMark, into record: inout TunnelRecord) {
        guard let trouble = inflater.trouble else { return }
        inflater.trouble = nil
        switch trouble {
        case .invalid: record.add(.deflateInvalid, by: party, at: mark)
        case .unfinished: record.add(.deflateUnfinished, by: party, at: mark)
        case .window: record.add(.deflateWindow, by: party, at: mark)
        case .limit: record.lose(.inflateLimit, of: party, at: mark)
        case .stopped: record.lose(.inflateStopped, of: party, at: mark)
        }
    }
}
