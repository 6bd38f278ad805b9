import TCPReassembly
import WireBasics

/// Looks for the next frame of one direction behind bytes that are missing; `BoundaryEvidence` says what it takes.
///
///     masked     a chain begins with a segment; its bytes are kept until it is believed or breaks
///     unmasked   a chain begins where the sender rested; no byte is kept, since none before the last rest is believed
///
/// A class, because few directions have one.
final class BoundarySearch {
    /// Bytes that were looked at and are passed over.
    private(set) var passedOver = 0
    /// Bytes of a chain that is not believed yet, by segment.
    private(set) var held: [(bytes: [UInt8], mark: PacketMark)] = []

    private let rules: FrameChain.Rules
    private let areKeysKnown: Bool
    private let limit: Int
    private var heldBytes = 0
    private var chain: FrameChain?
    /// The segment that came last.
    private var segment: Segment?
    private var longestSegment = 0
    /// What the cuts of the sender weigh that the chain met at a boundary, and where it stood at the last of them.
    private var cuts = Cuts()

    private struct Segment {
        var mark: PacketMark
        var length: Int
    }

    private struct Cuts {
        var count = 0
        var bits = 0
        var frames = 0
        var bytes = 0
    }

    /// A search that keeps at most `limit` bytes; `areKeysKnown` says that a client was seen to mask as it must.
    init(_ rules: FrameChain.Rules, areKeysKnown: Bool, limit: Int) {
        self.rules = rules
        self.areKeysKnown = areKeysKnown
        self.limit = limit
    }

    /// All bytes that were looked at.
    var bytes: Int { passedOver + heldBytes }

    /// More bytes are missing: what came before them is of no use.
    func restart() {
        dropChain()
        (segment, longestSegment) = (nil, 0)
    }

    /// Looks at the next bytes of the direction.
    ///
    /// - Returns: the evidence, once there is enough: frames begin with `held`, then with these bytes.
    func receive(_ bytes: RawSpan, at mark: PacketMark) -> BoundaryFound? {
        guard !bytes.isEmpty else { return nil }
        return rules.isMasked ? receiveMasked(bytes, at: mark) : receiveUnmasked(bytes, at: mark)
    }

    private func dropChain() {
        passedOver += heldBytes
        (chain, held, heldBytes, cuts) = (nil, [], 0, Cuts())
    }

    /// Notes a segment, or more of it; returns the one before, where a new one begins.
    private func beginSegment(_ mark: PacketMark, _ count: Int) -> (isNew: Bool, before: Segment?) {
        if let known = segment, known.mark == mark {
            segment?.length = known.length + count
            return (false, nil)
        }
        let before = segment
        longestSegment = max(longestSegment, before?.length ?? 0)
        segment = Segment(mark: mark, length: count)
        return (true, before)
    }

    // MARK: masked

    private func receiveMasked(_ bytes: RawSpan, at mark: PacketMark) -> BoundaryFound? {
        if beginSegment(mark, bytes.byteCount).isNew {
            if let chain { weighSegment(chain) } else { chain = FrameChain(rules) }
        }
        guard var chain else {
            passedOver += bytes.byteCount
            return nil
        }
        var offset = 0
        while chain.readFrame(in: bytes, from: &offset) {
            guard chain.frames >= BoundaryEvidence.frames, chain.bits >= BoundaryEvidence.bits, chain.keysVary,
                areKeysKnown || cuts.bits >= BoundaryEvidence.cutBits
            else { continue }
            return BoundaryFound(frames: chain.frames, texts: chain.texts, rests: 0, bits: chain.bits)
        }
        self.chain = chain
        if chain.isBroken || heldBytes + bytes.byteCount > limit {
            dropChain()
            passedOver += bytes.byteCount
        } else {
            hold(bytes, at: mark)
        }
        return nil
    }

    private func weighSegment(_ chain: FrameChain) {
        cuts.bits -= 1
        if chain.isAtBoundary {
            cuts.bits += BoundaryEvidence.bits(ofCutBehind: heldBytes, frames: chain.frames)
        }
    }

    private func hold(_ bytes: RawSpan, at mark: PacketMark) {
        heldBytes += bytes.byteCount
        if let last = held.indices.last, held[last].mark == mark {
            bytes.withUnsafeBytes { held[last].bytes.append(contentsOf: $0) }
        } else {
            held.append((bytes.copied, mark))
        }
    }

    // MARK: unmasked

    private func receiveUnmasked(_ bytes: RawSpan, at mark: PacketMark) -> BoundaryFound? {
        let (isNew, before) = beginSegment(mark, bytes.byteCount)
        if isNew, let before, isRest(before, until: mark), let found = rest() { return found }
        passedOver += bytes.byteCount
        guard var chain else { return nil }
        var offset = 0
        while chain.readFrame(in: bytes, from: &offset) {}
        if chain.isBroken {
            dropChain()
        } else {
            cuts.bytes += bytes.byteCount
            self.chain = chain
        }
        return nil
    }

    private func isRest(_ before: Segment, until mark: PacketMark) -> Bool {
        before.length < max(BoundaryEvidence.segment, longestSegment)
            && mark.instant - before.mark.instant >= BoundaryEvidence.rest
    }

    /// The sender rested: the chain goes on where it ends with a frame, else a new one begins.
    private func rest() -> BoundaryFound? {
        guard let chain, chain.isAtBoundary else {
            dropChain()
            chain = FrameChain(rules)
            return nil
        }
        cuts.count += 1
        cuts.bits += BoundaryEvidence.bits(ofCutBehind: cuts.bytes, frames: chain.frames - cuts.frames)
        (cuts.frames, cuts.bytes) = (chain.frames, 0)
        let bits = chain.bits + cuts.bits
        guard chain.frames >= BoundaryEvidence.frames, cuts.bits >= BoundaryEvidence.cutBits,
            bits >= BoundaryEvidence.bits
        else { return nil }
        return BoundaryFound(frames: chain.frames, texts: chain.texts, rests: cuts.count, bits: bits)
    }
}
