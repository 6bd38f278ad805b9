import WireBasics

/// Puts the segments of one direction of a connection in order.
///
/// | position | in order | ahead | behind |
/// |---|---|---|---|
/// | `unknown` (nothing seen) | starts the stream | | |
/// | `claimed` (a bare ACK of either end says where) | delivered | held | starts the stream; one byte is a keep-alive |
/// | `known` (SYN, or bytes were seen) | delivered | held | duplicate |
///
/// A hole is believed when the peer acknowledged bytes beyond it and enough packets passed since, when too much waits
/// behind it, or when the connection is over.
///
/// Longer than other files, because a state machine is easier to check in one place.
struct SegmentAssembler {
    /// Where the stream begins: behind the SYN, or the first byte that is known of.
    private(set) var first = SequenceNumber(0)
    /// The next byte in order.
    private(set) var next = SequenceNumber(0)
    private(set) var position = Position.unknown
    /// Whether a SYN told where the stream begins.
    private(set) var sawSYN = false
    /// Whether the end was announced.
    private(set) var announced: StreamEnding?
    /// How many bytes lie between `first` and `next`, which alone could not say it beyond 4 GiB.
    private var offset = 0
    /// What is out of the ordinary; nil most of the time, so that a connection is small and the usual segment quick.
    private var disorder: Disorder? { didSet { isOrderly = disorder == nil } }
    /// Whether there is none, which is asked for every segment.
    private var isOrderly = true

    enum Position: UInt8 { case unknown, claimed, known }

    /// No TCP window is longer (RFC 7323 §2.3).
    private static let longestWindow = 1 << 30
    /// How far bytes may lie ahead of the peer's first ACK, or of the file before, and still be of this stream.
    private static let plausibleWindow = 1 << 24

    /// Where what comes out goes.
    struct Output {
        let reader: any StreamReader
        let party: Party
    }

    /// Whether a FIN was seen, perhaps ahead of bytes that are missing.
    var sawFIN: Bool { disorder?.fin != nil }
    /// Whether a RST was seen and believed.
    var sawReset: Bool { disorder?.reset != nil }

    /// Whether a segment there may be of this stream after a pause of the capture.
    func isNear(_ sequence: SequenceNumber) -> Bool {
        position == .unknown || abs(sequence.distance(from: next)) <= Self.plausibleWindow
    }

    /// Whether the next plain segment goes through without a look at anything else.
    @inline(__always)
    func isNext(_ segment: TCPSegment) -> Bool {
        segment.sequence == next && position == .known && isOrderly
    }

    /// Whether an ACK of the peer says nothing new.
    @inline(__always)
    func isSettled(by acknowledgement: SequenceNumber) -> Bool {
        acknowledgement.distance(from: next) <= 0 && position != .unknown && isOrderly
    }

    /// Hands bytes in order on where they lie, and says how many behind them were not captured.
    @inline(__always)
    mutating func deliver(
        _ bytes: RawSpan, missing: Int, mark: PacketMark, to reader: any StreamReader, _ party: Party,
        _ ledger: inout StreamLedger
    ) {
        if !bytes.isEmpty { reader.receive(bytes, from: party, at: mark) }
        advance(bytes.byteCount)
        ledger.delivered &+= bytes.byteCount
        guard missing > 0 else { return }
        reader.skip(missing, from: party, at: mark)
        advance(missing)
        ledger.cut &+= missing
    }

    @inline(__always)
    private mutating func advance(_ count: Int) {
        next = next + count
        offset &+= count
    }

    private mutating func start(at sequence: SequenceNumber, _ position: Position) {
        (first, next, offset, self.position) = (sequence, sequence, 0, position)
    }

    /// Keeps what was delivered last, so that what comes again can be compared with it.
    mutating func keepTail(_ limit: Int) {
        noted().tail = DeliveredTail(limit: limit)
    }

    /// Hands bytes in order on, and keeps them where that is asked for.
    private mutating func deliverNoted(
        _ bytes: RawSpan, missing: Int, mark: PacketMark, to output: Output, _ ledger: inout StreamLedger
    ) {
        disorder?.tail?.append(bytes, at: offset, mark)
        deliver(bytes, missing: missing, mark: mark, to: output.reader, output.party, &ledger)
    }

    /// A SYN says where the stream begins; a copy of it says nothing new.
    mutating func synchronize(_ sequence: SequenceNumber) {
        sawSYN = true
        guard position != .known else { return }
        start(at: sequence + 1, .known)
    }

    /// A segment without payload says where the stream goes on, unless it is a keep-alive probe.
    @inline(__always)
    mutating func note(_ sequence: SequenceNumber) {
        if position == .unknown { start(at: sequence, .claimed) }
    }

    /// Keeps the payload of a SYN until the peer accepts it.
    mutating func holdSYNPayload(_ payload: RawSpan, missing: Int, mark: PacketMark, _ ledger: inout StreamLedger) {
        guard disorder?.synPayload == nil, offset == 0 else {
            ledger.duplicate &+= payload.byteCount
            return
        }
        noted().synPayload = HeldSegment(sequence: first, bytes: payload.copied, missing: missing, mark: mark)
        ledger.held &+= payload.byteCount
    }

    /// Takes a segment's payload, which is not empty.
    mutating func receive(
        _ payload: RawSpan, missing: Int, sequence: SequenceNumber, mark: PacketMark, to output: Output,
        _ limits: ReassemblyLimits, _ ledger: inout StreamLedger
    ) {
        let length = payload.byteCount + missing
        if disorder?.synPayload != nil { settleSYNPayload(accepted: sequence != first, to: output, limits, &ledger) }
        guard settlePosition(sequence, length: length) else {
            ledger.duplicate &+= payload.byteCount
            return
        }
        let ahead = sequence.distance(from: next)
        guard abs(ahead) <= Self.longestWindow, !isBeyondFIN(sequence + length) else {
            ledger.outOfWindow &+= payload.byteCount
            return
        }
        let seen = min(max(0, -ahead), length)
        let new = payload.extracting(min(seen, payload.byteCount)..<payload.byteCount)
        countSeen(payload.byteCount - new.byteCount, ahead: ahead, &ledger)
        // The one byte of a keep-alive probe may be anything (RFC 9293 §3.8.4).
        if seen > 0, let tail = disorder?.tail, !(ahead == -1 && length == 1) {
            let again = payload.extracting(0..<payload.byteCount - new.byteCount)
            output.note(tail.conflicts(with: again, at: offset &+ ahead), sequence, mark, &ledger)
        }
        guard seen < length else { return }
        let newMissing = min(missing, length - seen)
        if ahead <= 0, disorder?.held.isEmpty ?? true {
            deliverNoted(new, missing: newMissing, mark: mark, to: output, &ledger)
        } else {
            hold(new, missing: newMissing, sequence: sequence + seen, mark: mark, to: output, limits, &ledger)
        }
        settle(output)
    }

    private func isBeyondFIN(_ end: SequenceNumber) -> Bool {
        guard let fin = disorder?.fin else { return false }
        return end.distance(from: fin.sequence) > 0
    }

    /// Counts bytes behind `next`: seen before, or from before the first byte that is known of.
    private func countSeen(_ count: Int, ahead: Int, _ ledger: inout StreamLedger) {
        let early = sawSYN ? 0 : min(count, max(0, -(offset &+ ahead)))
        ledger.beforeStart &+= early
        ledger.duplicate &+= count - early
    }

    /// Announces a FIN whose turn it is, and forgets the disorder when there is none any more.
    private mutating func settle(_ output: Output) {
        guard let disorder else { return }
        announceFIN(to: output)
        if disorder.isOver { self.disorder = nil }
    }

    /// What is kept of the disorder, from now on.
    private mutating func noted() -> Disorder {
        let disorder = disorder ?? Disorder()
        self.disorder = disorder
        return disorder
    }

    /// Puts bytes in their place, delivers what is in order now, and gives holes up when too much waits.
    private mutating func hold(
        _ payload: RawSpan, missing: Int, sequence: SequenceNumber, mark: PacketMark, to output: Output,
        _ limits: ReassemblyLimits, _ ledger: inout StreamLedger
    ) {
        let disorder = noted()
        let before = disorder.held.bytes
        let (duplicate, conflicts) = disorder.held.insert(payload, missing: missing, at: sequence, mark: mark)
        ledger.duplicate &+= duplicate
        output.note(conflicts, sequence, mark, &ledger)
        ledger.held &+= disorder.held.bytes - before
        deliverHeld(to: output, &ledger)
        while let first = disorder.held.first,
            disorder.held.bytes > limits.heldBytes || disorder.held.count > limits.heldSegments
        {
            ledger.heldLimitReached &+= 1
            skip(to: first.sequence, mark: first.mark, output, &ledger)
            deliverHeld(to: output, &ledger)
        }
    }

    private mutating func deliverHeld(to output: Output, _ ledger: inout StreamLedger) {
        while let disorder, let segment = disorder.held.first {
            let ahead = segment.sequence.distance(from: next)
            guard ahead <= 0 else { return }
            disorder.held.removeFirst()
            ledger.held &-= segment.bytes.count
            let seen = min(-ahead, segment.count)
            let bytes = segment.bytes.span.bytes.extracting(min(seen, segment.bytes.count)..<segment.bytes.count)
            ledger.duplicate &+= segment.bytes.count - bytes.byteCount
            deliverNoted(
                bytes, missing: min(segment.missing, segment.count - seen), mark: segment.mark, to: output, &ledger)
        }
    }

    private mutating func skip(
        to sequence: SequenceNumber, mark: PacketMark, _ output: Output, _ ledger: inout StreamLedger
    ) {
        let length = sequence.distance(from: next)
        guard length > 0 else { return }
        output.reader.skip(length, from: output.party, at: mark)
        advance(length)
        position = .known
        ledger.lost &+= length
        ledger.holes &+= 1
    }

    /// Decides where the stream begins when no SYN said so; false for a keep-alive probe before the first byte.
    @inline(__always)
    private mutating func settlePosition(_ sequence: SequenceNumber, length: Int) -> Bool {
        if position == .known { return true }
        let ahead = sequence.distance(from: next)
        if position == .claimed {
            if ahead == -1, length == 1 { return false }
            // One byte ahead: the claim was that of a keep-alive probe, which names the byte before.
            if ahead != 1, (0...Self.plausibleWindow).contains(ahead) {
                position = .known
                return true
            }
        }
        start(at: sequence, .known)
        disorder?.hole = nil
        return true
    }

    private mutating func settleSYNPayload(
        accepted: Bool, to output: Output, _ limits: ReassemblyLimits, _ ledger: inout StreamLedger
    ) {
        guard let payload = disorder?.synPayload else { return }
        disorder?.synPayload = nil
        ledger.held &-= payload.bytes.count
        if accepted {
            receive(
                payload.bytes.span.bytes, missing: payload.missing, sequence: payload.sequence, mark: payload.mark,
                to: output, limits, &ledger)
        } else {
            ledger.refusedSYN &+= payload.bytes.count
            settle(output)
        }
    }

    /// Takes what the peer acknowledged.
    ///
    /// - Returns: whether a hole is certain now; `giveUpHole` is to be called then.
    mutating func acknowledge(
        _ acknowledgement: SequenceNumber, packets: UInt32, to output: Output?, _ limits: ReassemblyLimits,
        _ ledger: inout StreamLedger
    ) -> Bool {
        if position == .unknown {
            start(at: acknowledgement, .claimed)
            return false
        }
        if disorder?.synPayload != nil, let output {
            settleSYNPayload(accepted: acknowledgement.distance(from: first) > 0, to: output, limits, &ledger)
        }
        var acknowledged = acknowledgement
        if let fin = disorder?.fin, isBeyondFIN(acknowledged) { acknowledged = fin.sequence }
        let beyond = acknowledged.distance(from: next)
        guard beyond > 0, beyond <= Self.longestWindow else {
            if beyond <= 0, let disorder, disorder.hole != nil {
                disorder.hole = nil
                if disorder.isOver { self.disorder = nil }
            }
            return false
        }
        let disorder = noted()
        guard var hole = disorder.hole, hole.acknowledged.distance(from: next) > 0 else {
            disorder.hole = Disorder.Hole(acknowledged: acknowledged, since: packets, latest: acknowledged)
            return false
        }
        if acknowledged.distance(from: hole.latest) > 0 { hole.latest = acknowledged }
        disorder.hole = hole
        return packets &- hole.since >= UInt32(clamping: limits.reorderedPackets) && !mayBeFIN(hole.latest)
    }

    /// Whether what was acknowledged may be a FIN that the capture lacks rather than a byte.
    private func mayBeFIN(_ acknowledged: SequenceNumber) -> Bool {
        guard let disorder else { return false }
        return disorder.fin == nil && disorder.held.isEmpty && acknowledged.distance(from: next) == 1
    }

    /// Announces the holes in what the peer acknowledged a while ago, and delivers what lies behind them.
    mutating func giveUpHole(packets: UInt32, mark: PacketMark, to output: Output, _ ledger: inout StreamLedger) {
        guard let disorder, let hole = disorder.hole else { return }
        giveUp(to: hole.acknowledged, mark: mark, output, &ledger)
        disorder.hole =
            hole.latest.distance(from: next) > 0
            ? Disorder.Hole(acknowledged: hole.latest, since: packets, latest: hole.latest) : nil
        settle(output)
    }

    private mutating func giveUp(
        to acknowledged: SequenceNumber, mark: PacketMark, _ output: Output, _ ledger: inout StreamLedger
    ) {
        // The peer may have acknowledged the FIN before it came: it takes a number and is no byte.
        var end = acknowledged
        if let fin = disorder?.fin, isBeyondFIN(end) { end = fin.sequence }
        while end.distance(from: next) > 0 {
            if let first = disorder?.held.first, end.distance(from: first.sequence) >= 0 {
                skip(to: first.sequence, mark: first.mark, output, &ledger)
                deliverHeld(to: output, &ledger)
            } else {
                skip(to: end, mark: mark, output, &ledger)
            }
        }
    }

    /// Takes a FIN that stands behind the byte before `sequence`.
    ///
    /// The first one counts.
    mutating func receiveFIN(_ sequence: SequenceNumber, mark: PacketMark, to output: Output) {
        if position == .unknown { start(at: sequence, .known) }
        guard !sawFIN, (0...Self.longestWindow).contains(sequence.distance(from: next)) else { return }
        noted().fin = Disorder.End(sequence: sequence, mark: mark)
        announceFIN(to: output)
    }

    private mutating func announceFIN(to output: Output) {
        guard let fin = disorder?.fin, announced == nil, next == fin.sequence else { return }
        announced = .fin
        output.reader.close(.fin, by: output.party, at: fin.mark)
    }

    /// Takes a RST; false when it lies so far off that the sender cannot have sent it (RFC 5961 §3).
    mutating func receiveReset(_ sequence: SequenceNumber, mark: PacketMark, to output: Output) -> Bool {
        if position == .known, abs(sequence.distance(from: next)) > Self.plausibleWindow { return false }
        let disorder = noted()
        guard disorder.reset == nil else { return true }
        disorder.reset = mark
        // With bytes missing before it, it waits for them until the connection is over.
        if disorder.held.isEmpty, disorder.hole == nil { announceReset(to: output) }
        return true
    }

    private mutating func announceReset(to output: Output) {
        guard let mark = disorder?.reset, announced != .rst else { return }
        announced = .rst
        output.reader.close(.rst, by: output.party, at: mark)
    }

    /// Nothing more comes: what is missing now is lost.
    mutating func finish(
        mark: PacketMark, to output: Output, _ limits: ReassemblyLimits, _ ledger: inout StreamLedger
    ) {
        settleSYNPayload(accepted: true, to: output, limits, &ledger)
        if let hole = disorder?.hole, !mayBeFIN(hole.latest) {
            giveUp(to: hole.latest, mark: mark, output, &ledger)
        }
        while let first = disorder?.held.first {
            skip(to: first.sequence, mark: first.mark, output, &ledger)
            deliverHeld(to: output, &ledger)
        }
        if let fin = disorder?.fin, announced == nil {
            skip(to: fin.sequence, mark: fin.mark, output, &ledger)
            announceFIN(to: output)
        }
        announceReset(to: output)
    }
}
