import WireBasics

/// A segment that came before its turn.
struct HeldSegment {
    var sequence: SequenceNumber
    var bytes: [UInt8]
    /// Bytes behind them that were sent and not captured.
    var missing: Int
    var mark: PacketMark

    /// Bytes of the stream that it covers.
    var count: Int { bytes.count + missing }
}

/// The segments of one direction that came before their turn: in order, without overlap.
struct HeldSegments {
    /// Captured bytes in all of them.
    private(set) var bytes = 0
    private var segments: [HeldSegment] = []
    private var start = 0

    var isEmpty: Bool { start == segments.count }
    var count: Int { segments.count - start }
    var first: HeldSegment? { isEmpty ? nil : segments[start] }

    /// Where a segment is not what an earlier one says of the same bytes.
    struct Conflict {
        /// The packet that came first.
        var mark: PacketMark
        /// The first byte that differs, from the start of the later segment on.
        var offset: Int
        /// How many bytes both have, and how many of those differ.
        var repeated: Int
        var different: Int
    }

    /// Takes the first one out, where there is one.
    mutating func removeFirst() {
        guard !isEmpty else { return }
        bytes -= segments[start].bytes.count
        start += 1
        if start == segments.count {
            segments.removeAll(keepingCapacity: false)
            start = 0
        } else {
            segments[start - 1].bytes = []
            if start > 256, start * 2 > segments.count {
                segments.removeFirst(start)
                start = 0
            }
        }
    }

    /// Puts those parts of a segment in place that are not there yet: the first copy counts.
    ///
    /// - Returns: how many captured bytes were there already, and where those differ.
    mutating func insert(
        _ payload: RawSpan, missing: Int, at sequence: SequenceNumber, mark: PacketMark
    ) -> (duplicate: Int, conflicts: [Conflict]) {
        let length = payload.byteCount + missing
        var (duplicate, conflicts) = (0, [Conflict]())
        // Most segments come in order behind the others: look from the back.
        var index = segments.count
        while index > start, sequence.distance(from: segments[index - 1].sequence) < segments[index - 1].count {
            index -= 1
        }
        var offset = 0
        while offset < length {
            let next = index < segments.count ? segments[index].sequence.distance(from: sequence) : length
            if offset < next {
                let stop = min(length, next)
                let captured = min(offset, payload.byteCount)..<min(stop, payload.byteCount)
                let piece = HeldSegment(
                    sequence: sequence + offset, bytes: payload.extracting(captured).copied,
                    missing: stop - offset - captured.count, mark: mark)
                segments.insert(piece, at: index)
                bytes += captured.count
                index += 1
                offset = stop
            } else {
                let held = segments[index]
                let stop = min(length, next + held.count)
                let overlap = offset..<max(offset, min(stop, payload.byteCount))
                duplicate += overlap.count
                let different = overlap.filter { place in
                    let other = place - next
                    return other < held.bytes.count && held.bytes[other] != payload.byte(at: place)
                }
                if let first = different.first {
                    conflicts.append(
                        Conflict(mark: held.mark, offset: first, repeated: overlap.count, different: different.count))
                }
                index += 1
                offset = max(offset, stop)
            }
        }
        return (duplicate, conflicts)
    }
}
