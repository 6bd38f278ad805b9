import WireBasics

/// Segments that follow each other in a capture, with their payload, for a table to take together.
///
/// A table that knows what comes next can ask for the state of several connections at once; see `Prefetch`. A batch is
/// all that a table needs of a capture, and can be handed to a thread of its own.
package struct SegmentBatch: Sendable {
    /// A segment whose payload lies in the batch.
    struct Entry: Sendable {
        let segment: TCPSegment
        let mark: PacketMark
    }

    /// The segments in order.
    private(set) var entries: [Entry] = []
    /// The payload of all of them; headers have been read.
    private(set) var payload: [UInt8] = []

    private let limits: Limits

    /// How many segments a batch takes, and how much payload.
    package struct Limits: Sendable {
        var segments: Int
        var bytes: Int

        /// As many as a table looks at together.
        package static let sameThread = Limits(segments: stretch, bytes: 1 << 14)
        /// Enough for waking another thread to cost nothing beside them.
        package static let otherThread = Limits(segments: 512, bytes: 1 << 16)
    }

    /// How many segments a table looks at together: enough for the memory to answer all at once, few enough that what it
    /// answers stays in the first level of the cache.
    static let stretch = 32

    /// No segment yet.
    package init(_ limits: Limits = .sameThread) {
        self.limits = limits
        entries.reserveCapacity(limits.segments)
        // What makes it full still goes in.
        payload.reserveCapacity(limits.bytes + (1 << 14))
    }

    /// Whether there is nothing in it.
    package var isEmpty: Bool { entries.isEmpty }

    /// Whether the segments should be taken before more are added.
    @inline(__always)
    package var isFull: Bool { entries.count >= limits.segments || payload.count >= limits.bytes }

    /// Adds a segment; its payload is copied from the bytes that it was read from.
    ///
    /// - Returns: whether the batch is full now.
    @inline(__always)
    mutating func append(_ segment: TCPSegment, from bytes: RawSpan, at mark: PacketMark) -> Bool {
        var segment = segment
        let start = payload.count
        if segment.payloadCount > 0 {
            bytes.extracting(segment.payload).withUnsafeBytes { payload.append(contentsOf: $0) }
        }
        segment.payloadStart = start
        entries.append(Entry(segment: segment, mark: mark))
        return isFull
    }

    /// Forgets the segments.
    package mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        payload.removeAll(keepingCapacity: true)
    }
}
