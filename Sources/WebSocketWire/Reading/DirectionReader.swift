import TCPReassembly
import WireBasics

/// Reads what one end sends through a tunnel: frames up to the first close frame, then counts.
///
///     state      hole inside a payload      any other hole       enough evidence of a frame
///     reading    goes on (frame partial)    → searching          -
///     searching  starts over                starts over          → reading
///     closed     -                          -                    -                 (behind the first close frame)
///     stopped    -                          -                    -                 (what follows is counted)
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
    /// All bits that the masking keys of this direction set.
    private var keys: UInt32 = 0
    private var lastByte: CaptureInstant
    /// What holes did; nil most of the time.
    private var holes: HoleRecord?
    /// In place and not in an array: every frame counts here.
    private var framesByOpcode = InlineArray<16, Int>(repeating: 0)

    /// Bytes behind the first close frame.
    private(set) var bytesAfterClose = 0
    /// Bytes that follow a frame without end, or were too many.
    private var skippedBytes = 0
    private let searchRules: FrameChain.Rules?
    private let searchLimit: Int
    private let detail: ReaderDetail
    private var preview: [UInt8] = []
    private let sha256: SHA256Stream?
    private var closeBody = CloseBody()
    private var closeFrame: CloseRecord?

    private enum State {
        case reading, searching, closed, stopped
    }

    init(party: Party, opened: CaptureInstant, agreement: Agreement, limits: ReaderLimits, detail: ReaderDetail) {
        self.party = party
        isDeflateInUse = agreement.deflate != nil
        hasUnknownExtension = agreement.hasUnknownExtension
        self.detail = detail
        messages = MessageAssembler(party: party, agreement: agreement, limits: limits, detail: detail)
        sha256 = detail.digests ? SHA256Stream() : nil
        lastByte = opened
        searchRules = agreement.rules(for: party)
        searchLimit = limits.searchedBytes
        // Nothing is known of what came before the capture: the first frame must be found.
        if agreement.isPresumed { search() }
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
    var framedBytes: Int { wireBytes - unfinishedBytes - bytesAfterClose - unreadBytes - passedOverBytes }

    /// Bytes of frames that are not complete.
    var unfinishedBytes: Int {
        (holes?.abandonedBytes ?? 0) + decoder.unfinishedBytes - (holes?.missingOfFrame ?? 0)
    }

    /// Bytes that follow a hole or a frame without end.
    var unreadBytes: Int { skippedBytes + (holes?.search?.bytes ?? 0) }

    /// Bytes between a hole and the frame at which the reading went on.
    var passedOverBytes: Int { holes?.passedOver ?? 0 }

    /// Why frames are read that follow missing bytes, and from which packet on; nil where none are.
    var resumption: (packet: Int, evidence: String)? { holes?.firstResumption }

    /// Enters what became of the bytes.
    func account(into ledger: inout ByteLedger, unread: ByteLedger.Use) {
        ledger[party, .frame] += framedBytes
        ledger[party, .unfinishedFrame] += unfinishedBytes
        ledger[party, .passedOver] += passedOverBytes
        ledger[party, .afterClose] += bytesAfterClose
        ledger[party, unread] += unreadBytes
    }

    mutating func receive(_ bytes: RawSpan, at mark: PacketMark, into record: inout TunnelRecord) {
        wireBytes &+= bytes.byteCount
        lastByte = mark.instant
        read(bytes, at: mark, into: &record)
    }

    @inline(__always)
    private mutating func read(_ bytes: RawSpan, at mark: PacketMark, into record: inout TunnelRecord) {
        var offset = 0
        while state == .reading, let event = decoder.next(in: bytes, from: &offset) {
            switch event {
            case .header(let header): begin(header, at: mark, into: &record)
            case .payload(let header, let range, let position): receive(bytes, range, position, of: header)
            case .end(let header): end(header, at: mark, into: &record)
            }
        }
        if offset < bytes.byteCount { readRest(bytes.extracting(offset..<bytes.byteCount), at: mark, into: &record) }
    }

    /// Bytes were too many to keep: what follows them is counted only.
    mutating func stop() {
        if state == .reading || state == .searching { state = .stopped }
    }

    /// The connection is over.
    mutating func finish(at mark: PacketMark, into record: inout TunnelRecord) {
        let unread = state == .closed ? 0 : unreadBytes
        holes?.report(of: party, unreadBytes: unread, at: mark, into: &record)
        guard state == .reading, decoder.unfinishedBytes > 0 else { return }
        record.lose(
            .frameUnfinished, of: party, at: mark,
            "the last frame is not all there: \(decoder.unfinishedBytes - (holes?.missingOfFrame ?? 0)) bytes of it")
    }

    // MARK: holes

    /// Bytes are missing; the reading goes on where it is certain, or well supported, where the next frame begins.
    ///
    /// - Returns: the last byte before them: they were sent after that, and before `mark`.
    mutating func skip(_ length: Int?, at mark: PacketMark, into record: inout TunnelRecord) -> CaptureInstant {
        switch state {
        case .closed, .stopped: break
        case .searching: holes?.search?.restart()
        case .reading:
            if let length, decoder.skip(length) {
                losePayload(length, at: mark, into: &record)
            } else {
                search()
                holes?.lostAt = mark
            }
        }
        return lastByte
    }

    /// The hole lies inside the payload of the current frame, perhaps up to its very end.
    private mutating func losePayload(_ length: Int, at mark: PacketMark, into record: inout TunnelRecord) {
        let holes = self.holes ?? HoleRecord()
        self.holes = holes
        holes.losePayload(length, at: mark)
        messages.loseBytes(of: decoder.opcode)
        let nothing = InlineArray<0, UInt8>(repeating: 0)
        read(nothing.span.bytes, at: mark, into: &record)
    }

    /// Where the next frame begins is not known any more.
    private mutating func search() {
        let holes = self.holes ?? HoleRecord()
        self.holes = holes
        holes.abandonedBytes += decoder.unfinishedBytes - holes.missingOfFrame
        holes.missingOfFrame = 0
        if let searchRules, !areKeysWeak {
            holes.search = BoundarySearch(searchRules, areKeysKnown: frames > 0, limit: searchLimit)
        }
        state = holes.search == nil ? .stopped : .searching
        decoder = FrameDecoder()
    }

    /// Whether a client was seen to mask with keys that can be foreseen; see `BoundaryEvidence`.
    private var areKeysWeak: Bool {
        party == .client && frames > 0 && (keys == 0 || (frames >= 4 && !Masking.vary(keys)))
    }

    @inline(never)
    private mutating func readRest(_ bytes: RawSpan, at mark: PacketMark, into record: inout TunnelRecord) {
        switch state {
        case .reading, .stopped:
            skippedBytes &+= bytes.byteCount
        case .closed:
            if bytesAfterClose == 0 { record.add(.dataAfterClose, by: party, at: mark) }
            bytesAfterClose &+= bytes.byteCount
        case .searching:
            guard let search = holes?.search, let found = search.receive(bytes, at: mark) else { return }
            holes?.resume(found, at: search.held.first?.mark ?? mark)
            state = .reading
            messages.loseFrames()
            for piece in search.held { read(piece.bytes.span.bytes, at: piece.mark, into: &record) }
            read(bytes, at: mark, into: &record)
        }
    }

    // MARK: frames

    @inline(__always)
    private mutating func begin(_ header: FrameHeader, at mark: PacketMark, into record: inout TunnelRecord) {
        if !isOrdinary(header) { check(header, at: mark, into: &record) }
        keys |= header.maskingKey
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
            if header.opcode == .close, isWhole { closeBody.receive(block) }
        }
    }

    /// Whether all of the current frame so far is in the capture.
    private var isWhole: Bool { (holes?.missingOfFrame ?? 0) == 0 }

    private mutating func keep(_ block: RawSpan) {
        guard isWhole else { return }
        preview.appendPrefix(of: block, upTo: detail.previewBytes)
        sha256?.update(block)
    }

    @inline(__always)
    private mutating func end(_ header: FrameHeader, at mark: PacketMark, into record: inout TunnelRecord) {
        payloadBytes &+= Int(clamping: header.payloadLength)
        framesByOpcode[Int(header.opcode.rawValue)] += 1
        if keepsFrame, record.keepsFrames { record.keep(frameRecord(header, at: mark)) }
        if !header.opcode.isControl, !header.opcode.isReserved {
            messages.end(header, at: mark, into: &record)
        } else if header.opcode == .close {
            state = .closed
            messages.finish()
            closeFrame = closeBody.read(header, isWhole: isWhole, by: party, at: mark, into: &record)
        }
        holes?.missingOfFrame = 0
    }

    private func frameRecord(_ header: FrameHeader, at mark: PacketMark) -> FrameRecord {
        FrameRecord(
            party: party, fin: header.fin, rsv1: header.rsv1, rsv2: header.rsv2, rsv3: header.rsv3,
            opcode: header.opcode.rawValue, masked: header.isMasked, length: Int(clamping: header.payloadLength),
            sha256: isWhole ? sha256?.finish() : nil, preview: preview, mark: mark,
            missing: isWhole ? nil : holes?.missingOfFrame)
    }
}
