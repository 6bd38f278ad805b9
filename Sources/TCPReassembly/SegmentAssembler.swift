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
struct SegmentAssembler {
    /// Where the stream begins: behind the SYN, or the first byte that is known of.
    private(set) var first = SequenceNumber(0)
    /// The next byte in order.
    private(set) var next = SequenceNumber(0)
    private(set) var position = Position.unknown
    /// Whether a SYN told where the stream begins.
    private(set) var sawSYN = false
    /// Whether a FIN was seen, perhaps ahead of bytes that are missing.
    var sawFIN: Bool { finMark != nil }
    /// Whether a RST was seen and believed.
    var sawReset: Bool { resetMark != nil }
    /// Whether the end was announced.
    private(set) var announced: StreamEnding?

    private var held = HeldSegments()
    private var fin = SequenceNumber(0)
    private var finMark: PacketMark?
    private var resetMark: PacketMark?
    /// Payload of a SYN: it counts when the peer acknowledges it (TCP fast open, RFC 7413).
    private var synPayload: HeldSegment?
    /// What the peer acknowledged beyond `next`.
    private var hole: Hole?

    enum Position: UInt8 { case unknown, claimed, known }

    private struct Hole {
        /// What was acknowledged when it was first seen, and the count of packets then.
        var acknowledged: SequenceNumber
        var since: UInt32
        /// What was acknowledged since.
        var latest: SequenceNumber
    }

    /// No TCP window is longer (RFC 7323 §2.3).
    private static let longestWindow = 1 << 30
    /// How far the first bytes may lie ahead of the peer's last ACK before that ACK is taken for stale.
    private static let plausibleWindow = 1 << 24

    /// Where what comes out goes.
    struct Output {
        let reader: any StreamReader
        let party: Party
    }

    /// Whether the next plain segment goes through without a look at anything else.
    @inline(__always)
    func isNext(_ segment: TCPSegment) -> Bool {
        segment.sequence == next && position == .known && held.isEmpty && finMark == nil && synPayload == nil
    }

    /// Hands bytes in order on where they lie.
    @inline(__always)
    mutating func deliver(
        _ bytes: RawSpan, missing: Int, mark: PacketMark, to output: Output, _ ledger: inout StreamLedger
    ) {
        if !bytes.isEmpty {
            output.reader.receive(bytes, from: output.party, at: mark)
            next = next + bytes.byteCount
            ledger.delivered &+= bytes.byteCount
        }
        if missing > 0 {
            output.reader.skip(missing, from: output.party, at: mark)
            next = next + missing
            ledger.cut &+= missing
        }
    }

    /// A SYN says where the stream begins; a copy of it says nothing new.
    mutating func synchronize(_ sequence: SequenceNumber) {
        sawSYN = true
        guard position != .known else { return }
        (first, next, position) = (sequence + 1, sequence + 1, .known)
    }

    /// A segment without payload says where the stream goes on, unless it is a keep-alive probe.
    @inline(__always)
    mutating func note(_ sequence: SequenceNumber) {
        if position == .unknown { (first, next, position) = (sequence, sequence, .claimed) }
    }

    /// Keeps the payload of a SYN until the peer accepts it.
    mutating func holdSYNPayload(_ payload: RawSpan, missing: Int, mark: PacketMark, _ ledger: inout StreamLedger) {
        guard synPayload == nil, next == first else {
            ledger.duplicate &+= payload.byteCount
            return
        }
        synPayload = HeldSegment(sequence: first, bytes: payload.copied, missing: missing, mark: mark)
        ledger.held &+= payload.byteCount
    }

    /// Takes a segment's payload, which is not empty.
    mutating func receive(
        _ payload: RawSpan, missing: Int, sequence: SequenceNumber, mark: PacketMark, to output: Output,
        _ limits: ReassemblyLimits, _ ledger: inout StreamLedger
    ) {
        let length = payload.byteCount + missing
        if synPayload != nil { settleSYNPayload(accepted: sequence != first, to: output, limits, &ledger) }
        guard settlePosition(sequence, length: length) else {
            ledger.duplicate &+= payload.byteCount
            return
        }
        let ahead = sequence.distance(from: next)
        if !sawSYN, sequence.distance(from: first) < 0 {
            receiveFromBeforeStart(
                payload, missing: missing, sequence: sequence, mark: mark, to: output, limits, &ledger)
            return
        }
        guard ahead <= Self.longestWindow, finMark == nil || (sequence + length).distance(from: fin) <= 0 else {
            ledger.outOfWindow &+= payload.byteCount
            return
        }
        let seen = max(0, -ahead)
        guard seen < length else {
            ledger.duplicate &+= payload.byteCount
            return
        }
        let new = payload.extracting(min(seen, payload.byteCount)..<payload.byteCount)
        ledger.duplicate &+= payload.byteCount - new.byteCount
        let newMissing = min(missing, length - seen)
        if ahead <= 0, held.isEmpty {
            deliver(new, missing: newMissing, mark: mark, to: output, &ledger)
        } else {
            hold(new, missing: newMissing, sequence: sequence + seen, mark: mark, to: output, limits, &ledger)
        }
        announceFIN(to: output)
    }

    /// Takes a segment that begins before the first byte that we know of: what came before cannot be delivered any more.
    private mutating func receiveFromBeforeStart(
        _ payload: RawSpan, missing: Int, sequence: SequenceNumber, mark: PacketMark, to output: Output,
        _ limits: ReassemblyLimits, _ ledger: inout StreamLedger
    ) {
        let before = -sequence.distance(from: first)
        let late = min(before, payload.byteCount)
        ledger.beforeStart &+= late
        let rest = payload.extracting(late..<payload.byteCount)
        let restMissing = min(missing, payload.byteCount + missing - before)
        guard rest.byteCount + restMissing > 0, restMissing >= 0 else { return }
        receive(rest, missing: restMissing, sequence: first, mark: mark, to: output, limits, &ledger)
    }

    /// Puts bytes in their place, delivers what is in order now, and gives holes up when too much waits.
    private mutating func hold(
        _ payload: RawSpan, missing: Int, sequence: SequenceNumber, mark: PacketMark, to output: Output,
        _ limits: ReassemblyLimits, _ ledger: inout StreamLedger
    ) {
        let before = held.bytes
        let (duplicate, conflicting) = held.insert(payload, missing: missing, at: sequence, mark: mark)
        ledger.duplicate &+= duplicate
        ledger.conflicting &+= conflicting
        ledger.held &+= held.bytes - before
        deliverHeld(to: output, &ledger)
        while let first = held.first, held.bytes > limits.heldBytes || held.count > limits.heldSegments {
            ledger.heldLimitReached &+= 1
            skip(to: first.sequence, mark: first.mark, output, &ledger)
            deliverHeld(to: output, &ledger)
        }
    }

    private mutating func deliverHeld(to output: Output, _ ledger: inout StreamLedger) {
        while let segment = held.first {
            let ahead = segment.sequence.distance(from: next)
            guard ahead <= 0 else { return }
            _ = held.removeFirst()
            ledger.held &-= segment.bytes.count
            let seen = min(-ahead, segment.count)
            let bytes = segment.bytes.span.bytes.extracting(min(seen, segment.bytes.count)..<segment.bytes.count)
            ledger.duplicate &+= segment.bytes.count - bytes.byteCount
            deliver(
                bytes, missing: min(segment.missing, segment.count - seen), mark: segment.mark, to: output, &ledger)
        }
    }

    private mutating func skip(
        to sequence: SequenceNumber, mark: PacketMark, _ output: Output, _ ledger: inout StreamLedger
    ) {
        let length = sequence.distance(from: next)
        guard length > 0 else { return }
        output.reader.skip(length, from: output.party, at: mark)
        next = sequence
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
        (first, next, position) = (sequence, sequence, .known)
        hole = nil
        return true
    }

    private mutating func settleSYNPayload(
        accepted: Bool, to output: Output, _ limits: ReassemblyLimits, _ ledger: inout StreamLedger
    ) {
        guard let payload = synPayload else { return }
        synPayload = nil
        ledger.held &-= payload.bytes.count
        if accepted {
            receive(
                payload.bytes.span.bytes, missing: payload.missing, sequence: payload.sequence, mark: payload.mark,
                to: output, limits, &ledger)
        } else {
            ledger.refusedSYN &+= payload.bytes.count
        }
    }

    /// Whether an ACK of the peer needs a look: it goes beyond what was delivered, or settles something.
    @inline(__always)
    func isSettled(by acknowledgement: SequenceNumber) -> Bool {
        acknowledgement.distance(from: next) <= 0 && hole == nil && position != .unknown && synPayload == nil
    }

    /// Takes what the peer acknowledged.
    ///
    /// - Returns: whether a hole is certain now; `giveUpHole` is to be called then.
    mutating func acknowledge(
        _ acknowledgement: SequenceNumber, packets: UInt32, to output: Output?, _ limits: ReassemblyLimits,
        _ ledger: inout StreamLedger
    ) -> Bool {
        if position == .unknown {
            (first, next, position) = (acknowledgement, acknowledgement, .claimed)
            return false
        }
        if synPayload != nil, let output {
            settleSYNPayload(accepted: acknowledgement.distance(from: first) > 0, to: output, limits, &ledger)
        }
        var acknowledged = acknowledgement
        if finMark != nil, acknowledged.distance(from: fin) > 0 { acknowledged = fin }
        let beyond = acknowledged.distance(from: next)
        guard beyond > 0, beyond <= Self.longestWindow else {
            if beyond <= 0 { hole = nil }
            return false
        }
        guard var hole, hole.acknowledged.distance(from: next) > 0 else {
            self.hole = Hole(acknowledged: acknowledged, since: packets, latest: acknowledged)
            return false
        }
        if acknowledged.distance(from: hole.latest) > 0 { hole.latest = acknowledged }
        self.hole = hole
        return packets &- hole.since >= UInt32(clamping: limits.reorderedPackets) && !mayBeFIN(hole.latest)
    }

    /// Whether what was acknowledged may be a FIN that the capture lacks rather than a byte.
    private func mayBeFIN(_ acknowledged: SequenceNumber) -> Bool {
        finMark == nil && held.isEmpty && acknowledged.distance(from: next) == 1
    }

    /// Announces the holes in what the peer acknowledged a while ago, and delivers what lies behind them.
    mutating func giveUpHole(packets: UInt32, mark: PacketMark, to output: Output, _ ledger: inout StreamLedger) {
        guard let hole else { return }
        giveUp(to: hole.acknowledged, mark: mark, output, &ledger)
        self.hole =
            hole.latest.distance(from: next) > 0
            ? Hole(acknowledged: hole.latest, since: packets, latest: hole.latest) : nil
        announceFIN(to: output)
    }

    private mutating func giveUp(
        to end: SequenceNumber, mark: PacketMark, _ output: Output, _ ledger: inout StreamLedger
    ) {
        while end.distance(from: next) > 0 {
            if let first = held.first, end.distance(from: first.sequence) >= 0 {
                skip(to: first.sequence, mark: first.mark, output, &ledger)
                deliverHeld(to: output, &ledger)
            } else {
                skip(to: end, mark: mark, output, &ledger)
            }
        }
    }

    /// Takes a FIN that stands behind the byte before `sequence`. The first one counts.
    mutating func receiveFIN(_ sequence: SequenceNumber, mark: PacketMark, to output: Output) {
        if position == .unknown { (first, next, position) = (sequence, sequence, .known) }
        guard finMark == nil, (0...Self.longestWindow).contains(sequence.distance(from: next)) else { return }
        (fin, finMark) = (sequence, mark)
        announceFIN(to: output)
    }

    @inline(__always)
    private mutating func announceFIN(to output: Output) {
        guard let finMark, announced == nil, next == fin else { return }
        announced = .fin
        output.reader.close(.fin, by: output.party, at: finMark)
    }

    /// Takes a RST; false when it lies so far off that the sender cannot have sent it (RFC 5961 §3).
    mutating func receiveReset(_ sequence: SequenceNumber, mark: PacketMark, to output: Output) -> Bool {
        if position == .known, abs(sequence.distance(from: next)) > Self.plausibleWindow { return false }
        guard resetMark == nil else { return true }
        resetMark = mark
        // With bytes missing before it, it waits for them until the connection is over.
        if held.isEmpty, hole == nil { announceReset(to: output) }
        return true
    }

    private mutating func announceReset(to output: Output) {
        guard let resetMark, announced != .rst else { return }
        announced = .rst
        output.reader.close(.rst, by: output.party, at: resetMark)
    }

    /// Nothing more comes: what is missing now is lost.
    mutating func finish(
        mark: PacketMark, to output: Output, _ limits: ReassemblyLimits, _ ledger: inout StreamLedger
    ) {
        settleSYNPayload(accepted: true, to: output, limits, &ledger)
        if let hole, !mayBeFIN(hole.latest) { giveUp(to: hole.latest, mark: mark, output, &ledger) }
        while let first = held.first {
            skip(to: first.sequence, mark: first.mark, output, &ledger)
            deliverHeld(to: output, &ledger)
        }
        if let finMark, announced == nil {
            skip(to: fin, mark: finMark, output, &ledger)
            announceFIN(to: output)
        }
        announceReset(to: output)
    }
}
