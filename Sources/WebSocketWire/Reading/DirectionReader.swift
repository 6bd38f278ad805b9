import TCPReassembly
import WireBasics

/// Reads what one end sends through a tunnel: frames up to the first close frame, then counts.
struct DirectionReader {
    private let party: Party
    private var state = State.reading
    private let isDeflateInUse: Bool
    private let hasUnknownExtension: Bool
    /// Whether the current frame will be kept.
    private var keepsFrame = false
    private var decoder = FrameDecoder()
    private var wireBytes = 0
    private var payloadBytes = 0
    private var messages: MessageAssembler
    /// In place and not in an array: every frame counts here.
    private var framesByOpcode = InlineArray<16, Int>(repeating: 0)

    /// Bytes behind the first close frame.
    private(set) var bytesAfterClose = 0
    /// Bytes that follow a hole or a frame without end.
    private(set) var unreadBytes = 0
    private let detail: ReaderDetail
    private var preview: [UInt8] = []
    private let sha256: SHA256Stream?
    private var closeBody: [UInt8] = []
    private var closeFrame: CloseRecord?

    private enum State {
        case reading, closed, stopped
    }

    init(party: Party, agreement: Agreement, limits: ReaderLimits, detail: ReaderDetail) {
        self.party = party
        isDeflateInUse = agreement.deflate != nil
        hasUnknownExtension = agreement.hasUnknownExtension
        self.detail = detail
        messages = MessageAssembler(party: party, agreement: agreement, limits: limits, detail: detail)
        sha256 = detail.digests ? SHA256Stream() : nil
    }

    /// What is known so far.
    var transcript: DirectionTranscript {
        var transcript = DirectionTranscript()
        for opcode in framesByOpcode.indices { transcript.framesByOpcode[opcode] = framesByOpcode[opcode] }
        transcript.wireBytes = wireBytes
        transcript.payloadBytes = payloadBytes
        transcript.messages = messages.count
        transcript.messageBytes = messages.bytes
        transcript.digest = messages.digest
        transcript.close = closeFrame
        transcript.bytesAfterClose = bytesAfterClose
        return transcript
    }

    /// Complete frames.
    var frames: Int {
        var sum = 0
        for opcode in framesByOpcode.indices { sum += framesByOpcode[opcode] }
        return sum
    }

    /// Bytes of complete frames, headers included.
    var framedBytes: Int { wireBytes - unfinishedBytes - bytesAfterClose - unreadBytes }

    /// Bytes of the frame that is not complete.
    var unfinishedBytes: Int { decoder.unfinishedBytes }

    /// Enters what became of the bytes.
    func account(into ledger: inout ByteLedger, unread: ByteLedger.Use) {
        ledger[party, .frame] += framedBytes
        ledger[party, .unfinishedFrame] += unfinishedBytes
        ledger[party, .afterClose] += bytesAfterClose
        ledger[party, unread] += unreadBytes
    }

    mutating func receive(_ bytes: RawSpan, at mark: PacketMark, into record: inout TunnelRecord) {
        wireBytes &+= bytes.byteCount
        var offset = 0
        while state == .reading, let event = decoder.next(in: bytes, from: &offset) {
            switch event {
            case .header(let header): begin(header, at: mark, into: &record)
            case .payload(let header, let range, let position): receive(bytes, range, position, of: header)
            case .end(let header): end(header, at: mark, into: &record)
            }
        }
        if offset < bytes.byteCount { receiveRest(bytes.byteCount - offset, at: mark, into: &record) }
    }

    /// Bytes are missing: what follows them is counted only.
    mutating func stop() {
        if state == .reading { state = .stopped }
    }

    /// The connection is over.
    mutating func finish(at mark: PacketMark, into record: inout TunnelRecord) {
        guard state == .reading, decoder.unfinishedBytes > 0 else { return }
        record.lose(
            .frameUnfinished, of: party, at: mark,
            "the last frame is not all there: \(decoder.unfinishedBytes) bytes of it")
    }

    @inline(__always)
    private mutating func begin(_ header: FrameHeader, at mark: PacketMark, into record: inout TunnelRecord) {
        if !isOrdinary(header) { check(header, at: mark, into: &record) }
        keepsFrame = record.keepsFrames
        if keepsFrame {
            preview = []
            sha256?.restart()
        }
        if state == .reading, !header.opcode.isControl, !header.opcode.isReserved {
            messages.begin(header, at: mark, into: &record)
        }
    }

    /// Whether nothing in the header itself needs a second look.
    @inline(__always)
    private func isOrdinary(_ header: FrameHeader) -> Bool {
        header.isMasked == (party == .client) && !header.hasReservedBits && header.lengthIsMinimal
            && !header.opcode.isControl && !header.opcode.isReserved && header.payloadLength >> 63 == 0
    }

    private mutating func check(_ header: FrameHeader, at mark: PacketMark, into record: inout TunnelRecord) {
        if header.isMasked != (party == .client) {
            record.add(party == .client ? .unmaskedFrame : .maskedFrame, by: party, at: mark)
        }
        checkReservedBits(header, at: mark, into: &record)
        if header.opcode.isReserved {
            record.add(.reservedOpcode, by: party, at: mark, "the opcode \(header.opcode.rawValue) is reserved")
        }
        if header.opcode.isControl {
            if !header.fin { record.add(.controlFragmented, by: party, at: mark) }
            if header.payloadLength > 125 {
                record.add(
                    .controlTooLong, by: party, at: mark,
                    "a \(header.opcode) frame has \(header.payloadLength) bytes of payload; 125 are allowed")
            }
        }
        if !header.lengthIsMinimal { record.add(.lengthNotMinimal, by: party, at: mark) }
        if decoder.isStuck {
            record.add(.lengthTopBit, by: party, at: mark)
            record.lose(.frameUnreadable, of: party, at: mark)
            state = .stopped
        }
    }

    private func checkReservedBits(_ header: FrameHeader, at mark: PacketMark, into record: inout TunnelRecord) {
        guard header.hasReservedBits, !hasUnknownExtension else { return }
        if header.rsv1 {
            if !isDeflateInUse {
                record.add(.rsv1, by: party, at: mark)
            } else if header.opcode.isControl {
                record.add(.controlCompressed, by: party, at: mark)
            }
        }
        if header.rsv2 { record.add(.rsv2, by: party, at: mark) }
        if header.rsv3 { record.add(.rsv3, by: party, at: mark) }
    }

    @inline(__always)
    private mutating func receive(_ bytes: RawSpan, _ range: Range<Int>, _ position: UInt64, of header: FrameHeader) {
        Masking.unmasked(bytes, range, key: header.maskingKey, position: position) { block in
            if !header.opcode.isControl, !header.opcode.isReserved { messages.receive(block) }
            if keepsFrame { keep(block) }
            if header.opcode == .close { closeBody.appendPrefix(of: block, upTo: Self.longestControlPayload) }
        }
    }

    private mutating func keep(_ block: RawSpan) {
        preview.appendPrefix(of: block, upTo: detail.previewBytes)
        sha256?.update(block)
    }

    private static let longestControlPayload = 125

    @inline(__always)
    private mutating func end(_ header: FrameHeader, at mark: PacketMark, into record: inout TunnelRecord) {
        payloadBytes &+= Int(clamping: header.payloadLength)
        framesByOpcode[Int(header.opcode.rawValue)] += 1
        if keepsFrame, record.keepsFrames { record.keep(frameRecord(header, at: mark)) }
        if !header.opcode.isControl, !header.opcode.isReserved {
            messages.end(header, at: mark, into: &record)
        } else if header.opcode == .close {
            close(header, at: mark, into: &record)
        }
    }

    private func frameRecord(_ header: FrameHeader, at mark: PacketMark) -> FrameRecord {
        FrameRecord(
            party: party, fin: header.fin, rsv1: header.rsv1, rsv2: header.rsv2, rsv3: header.rsv3,
            opcode: header.opcode.rawValue, masked: header.isMasked, length: Int(clamping: header.payloadLength),
            sha256: sha256?.finish(), preview: preview, mark: mark)
    }

    private mutating func close(_ header: FrameHeader, at mark: PacketMark, into record: inout TunnelRecord) {
        state = .closed
        var code: Int?
        if closeBody.count >= 2 {
            let number = Int(closeBody[0]) << 8 | Int(closeBody[1])
            code = number
            if let objection = CloseCode(rawValue: number).objection {
                record.add(.closeCode, by: party, at: mark, "close code \(number) must not be sent: \(objection)")
            }
        } else if closeBody.count == 1 {
            record.add(.closeLength, by: party, at: mark)
        }
        let reason = closeBody.dropFirst(2)
        // Of a close frame that is too long only the start is kept, which may end inside a character.
        var utf8 = UTF8Check()
        utf8.receive(Array(reason).span.bytes)
        if utf8.hasFailed || (!utf8.isValid && header.payloadLength <= UInt64(Self.longestControlPayload)) {
            record.add(.closeReason, by: party, at: mark)
        }
        closeFrame = CloseRecord(code: code, reason: String(decoding: reason, as: UTF8.self), mark: mark)
    }

    private mutating func receiveRest(_ count: Int, at mark: PacketMark, into record: inout TunnelRecord) {
        guard state == .closed else {
            unreadBytes &+= count
            return
        }
        if bytesAfterClose == 0 { record.add(.dataAfterClose, by: party, at: mark) }
        bytesAfterClose &+= count
    }
}
