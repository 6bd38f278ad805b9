import WireBasics

/// The bytes of a direction that were delivered last, to compare what comes again with them.
///
/// Shape: one stretch without a hole, at least the last `limit` bytes of it and a quarter more at most, so that old ones
/// are dropped many at a time; offsets are those of the stream.
struct DeliveredTail {
    private let limit: Int
    private var bytes: [UInt8] = []
    /// Behind the last of them.
    private var end = 0
    /// Where the segments end that they came in.
    private var segments: [(end: Int, mark: PacketMark)] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes bytes that were delivered at that offset.
    mutating func append(_ new: RawSpan, at offset: Int, _ mark: PacketMark) {
        guard !new.isEmpty else { return }
        if offset != end || new.byteCount >= limit {
            bytes.removeAll(keepingCapacity: true)
            segments.removeAll(keepingCapacity: true)
        }
        new.extracting(max(0, new.byteCount - limit)..<new.byteCount).withUnsafeBytes { bytes.append(contentsOf: $0) }
        end = offset + new.byteCount
        segments.append((end, mark))
        guard bytes.count > limit + limit / 4 else { return }
        bytes.removeFirst(bytes.count - limit)
        let start = end - bytes.count
        segments.removeFirst(segments.firstIndex { $0.end > start } ?? 0)
    }

    /// Where bytes that come again at that offset are not those that were delivered.
    func conflicts(with again: RawSpan, at offset: Int) -> [HeldSegments.Conflict] {
        let start = end - bytes.count
        var conflicts: [HeldSegments.Conflict] = []
        var from = max(start, offset)
        for segment in segments {
            let to = min(segment.end, offset + again.byteCount)
            guard from < to else { continue }
            let different = (from..<to).filter { bytes[$0 - start] != again.byte(at: $0 - offset) }
            if let first = different.first {
                conflicts.append(
                    HeldSegments.Conflict(
                        mark: segment.mark, offset: first - offset, repeated: to - from, different: different.count))
            }
            from = to
        }
        return conflicts
    }
}
