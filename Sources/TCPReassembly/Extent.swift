/// The part of a packet that a layer may look at.
///
/// Shape: offsets into the captured bytes; `start <= end <= wireEnd`, and what lies between `end` and `wireEnd` was sent
/// and not captured.
struct Extent {
    /// The first byte of the layer.
    private(set) var start: Int
    /// Behind the last captured byte.
    private(set) var end: Int
    /// Behind the last byte that was sent.
    private(set) var wireEnd: Int

    /// A whole packet, or a datagram put together from fragments.
    init(captured: Int, original: Int) {
        (start, end, wireEnd) = (0, captured, max(captured, original))
    }

    /// Captured bytes.
    var count: Int { end - start }
    /// Bytes that were sent and not captured.
    var missing: Int { wireEnd - end }
    /// Bytes that were sent.
    var wireCount: Int { wireEnd - start }

    /// Refuses a layer that has fewer bytes than its header.
    @inline(__always)
    func require(_ count: Int) throws(DecodeStop) {
        if count > self.count { throw count > wireCount ? .malformed : .headersCut }
    }

    /// Goes on behind a header whose bytes are there.
    @inline(__always)
    mutating func advance(_ count: Int) throws(DecodeStop) {
        try require(count)
        start += count
    }

    /// Takes the length that a header claims for itself and what follows: padding behind it goes, and where the packet
    /// is shorter the rest counts as not captured.
    @inline(__always)
    mutating func limit(to count: Int) {
        wireEnd = start + count
        if end > wireEnd { end = wireEnd }
    }
}
