/// What became of every byte of TCP payload in the capture.
///
/// Units: bytes where nothing else is said.
///
/// `payload` is `delivered` and all the named rest; bytes that are not in the capture are counted apart.
package struct StreamLedger: Hashable, Sendable {
    /// Payload of all segments, as far as it was captured.
    package internal(set) var payload = 0
    /// Handed to the readers.
    package internal(set) var delivered = 0
    /// Seen before: retransmissions, keep-alive probes, packets captured twice.
    ///
    /// The first copy counts.
    package internal(set) var duplicate = 0
    /// Before the first byte that was seen of a stream whose beginning is not in the capture.
    package internal(set) var beforeStart = 0
    /// Beyond a FIN, or further ahead than any TCP window: not of this stream.
    package internal(set) var outOfWindow = 0
    /// In packets of a connection that was over.
    package internal(set) var afterEnd = 0
    /// In a RST: a text for people (RFC 9293 §3.5.3), no part of the stream.
    package internal(set) var inReset = 0
    /// In a SYN whose payload the peer did not accept (RFC 7413 §4.2).
    package internal(set) var refusedSYN = 0
    /// Waiting for missing bytes before them; 0 when the capture is read to its end.
    package internal(set) var held = 0

    /// Not in the capture although they were sent: holes.
    package internal(set) var lost = 0
    /// Not in the capture because it keeps only the start of each packet.
    package internal(set) var cut = 0
    /// Holes that were announced, those of cut packets not counted.
    package internal(set) var holes = 0
    /// How often a hole was given up because too much waited behind it: see `ReassemblyLimits.heldBytes`.
    package internal(set) var heldLimitReached = 0
    /// Connections that were given up, still open, because too many were: see `ReassemblyLimits.connections`.
    package internal(set) var connectionsGivenUp = 0
    /// RST packets that no sender of the connection can have sent: their sequence number lies far off.
    package internal(set) var resetsIgnored = 0
    /// Bytes that came twice and were not the same, as far as that was seen; the first copy counts.
    package internal(set) var conflicting = 0
    /// How often that was seen, and the first time.
    package internal(set) var conflicts = 0
    package private(set) var firstConflict: OverlapConflict?

    /// No byte yet.
    package init() {}

    /// The bytes that have a place in the sum, with their names, in a fixed order.
    package var counts: [(name: String, count: Int)] {
        [
            ("delivered", delivered), ("duplicate", duplicate), ("beforeStart", beforeStart),
            ("outOfWindow", outOfWindow), ("afterEnd", afterEnd),
            ("inReset", inReset), ("refusedSYN", refusedSYN), ("held", held),
        ]
    }

    /// Whether every byte is accounted for.
    package var isBalanced: Bool { counts.reduce(0) { $0 + $1.count } == payload }

    /// Adds the counts of another part of the same run.
    package static func += (left: inout StreamLedger, right: StreamLedger) {
        left.payload &+= right.payload
        left.delivered &+= right.delivered
        left.duplicate &+= right.duplicate
        left.beforeStart &+= right.beforeStart
        left.outOfWindow &+= right.outOfWindow
        left.afterEnd &+= right.afterEnd
        left.inReset &+= right.inReset
        left.refusedSYN &+= right.refusedSYN
        left.held &+= right.held
        left.lost &+= right.lost
        left.cut &+= right.cut
        left.holes &+= right.holes
        left.heldLimitReached &+= right.heldLimitReached
        left.connectionsGivenUp &+= right.connectionsGivenUp
        left.resetsIgnored &+= right.resetsIgnored
        left.conflicting &+= right.conflicting
        left.conflicts &+= right.conflicts
        left.noteFirst(right.firstConflict)
    }

    /// Counts bytes that came twice and differ.
    mutating func note(_ conflict: OverlapConflict) {
        conflicting &+= conflict.different
        conflicts &+= 1
        noteFirst(conflict)
    }

    private mutating func noteFirst(_ conflict: OverlapConflict?) {
        guard let conflict else { return }
        if let known = firstConflict, known.differing.packet <= conflict.differing.packet { return }
        firstConflict = conflict
    }
}
