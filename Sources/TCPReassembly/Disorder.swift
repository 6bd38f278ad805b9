import WireBasics

/// What one direction of a connection has that is out of the ordinary: bytes before their turn, holes, its end.
///
/// A class, so that a connection without any of it is small; it belongs to one assembler and is never shared.
final class Disorder {
    /// Segments that came before their turn.
    var held = HeldSegments()
    /// What the peer acknowledged beyond the bytes that were seen.
    var hole: Hole?
    /// A FIN, perhaps ahead of bytes that are missing.
    var fin: End?
    /// A RST that was believed.
    var reset: PacketMark?
    /// Payload of a SYN: it counts when the peer acknowledges it (TCP fast open, RFC 7413).
    var synPayload: HeldSegment?
    /// What was delivered last; there only where it is asked for: see `ReassemblyLimits.comparedBytes`.
    var tail: DeliveredTail?

    /// Bytes that the peer has and the capture does not, so far.
    struct Hole {
        /// What was acknowledged when it was first seen, and the connection's count of packets then.
        var acknowledged: SequenceNumber
        var since: UInt32
        /// What was acknowledged since.
        var latest: SequenceNumber
    }

    /// Where a stream ends.
    struct End {
        var sequence: SequenceNumber
        var mark: PacketMark
    }

    /// Whether everything is in order again and the stream goes on.
    var isOver: Bool {
        held.isEmpty && hole == nil && fin == nil && reset == nil && synPayload == nil && tail == nil
    }
}
