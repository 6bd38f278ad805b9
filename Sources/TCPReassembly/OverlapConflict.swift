import WireBasics

/// Bytes of a stream that came twice and are not the same.
///
/// The first copy counts, as Wireshark and this project's readers have it. Operating systems differ about it: what the
/// receiver took may be the other one, which is how an intruder hides from those who look on (Ptacek and Newsham,
/// "Insertion, Evasion, and Denial of Service", 1998), and a segment that was damaged on the wire is repeated in the same
/// way. So what depends on these bytes is not certain.
package struct OverlapConflict: Hashable, Sendable {
    /// The packet whose bytes count.
    package var counted: PacketMark
    /// The packet that came later.
    package var differing: PacketMark
    /// The first byte that differs.
    package var sequence: SequenceNumber
    /// How many bytes came twice.
    package var repeated: Int
    /// How many of those differ.
    package var different: Int

    /// A conflict with all its parts.
    package init(
        counted: PacketMark, differing: PacketMark, sequence: SequenceNumber, repeated: Int, different: Int
    ) {
        self.counted = counted
        self.differing = differing
        self.sequence = sequence
        self.repeated = repeated
        self.different = different
    }
}

extension SegmentAssembler.Output {
    /// Counts the conflicts of a segment that begins at `sequence`, and tells the reader.
    func note(
        _ conflicts: [HeldSegments.Conflict], _ sequence: SequenceNumber, _ mark: PacketMark,
        _ ledger: inout StreamLedger
    ) {
        for conflict in conflicts {
            let whole = OverlapConflict(
                counted: conflict.mark, differing: mark, sequence: sequence + conflict.offset,
                repeated: conflict.repeated, different: conflict.different)
            ledger.note(whole)
            reader.conflict(whole, from: party)
        }
    }
}
