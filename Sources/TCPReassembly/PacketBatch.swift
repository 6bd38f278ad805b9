package import WireBasics

/// Some packets that follow each other in a capture, with their bytes, for a table to take together.
///
/// A table that knows what comes next can ask for the state of several connections at once; see `Prefetch`.
package struct PacketBatch: ~Copyable {
    /// A packet without its bytes.
    struct Packet {
        let bytes: Range<Int>
        let linkType: LinkType
        let originalLength: Int
        let mark: PacketMark
    }

    /// The packets in order.
    private(set) var packets: [Packet] = []
    /// The bytes of all of them.
    private(set) var storage: [UInt8] = []

    /// Enough for the memory to answer all at once, few enough that their bytes stay in the first level of the cache.
    private static let packetLimit = 32
    private static let byteLimit = 1 << 14

    /// No packet yet.
    package init() {
        packets.reserveCapacity(Self.packetLimit)
        storage.reserveCapacity(2 * Self.byteLimit)
    }

    /// Whether the packets should be taken before more are added.
    package var isFull: Bool { packets.count >= Self.packetLimit || storage.count >= Self.byteLimit }

    /// Adds a packet; its bytes are copied.
    package mutating func append(_ bytes: RawSpan, linkType: LinkType, originalLength: Int, at mark: PacketMark) {
        let start = storage.count
        bytes.withUnsafeBytes { storage.append(contentsOf: $0) }
        packets.append(
            Packet(bytes: start..<storage.count, linkType: linkType, originalLength: originalLength, mark: mark))
    }

    /// Forgets the packets.
    package mutating func removeAll() {
        packets.removeAll(keepingCapacity: true)
        storage.removeAll(keepingCapacity: true)
    }
}
