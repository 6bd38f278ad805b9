import TCPReassembly
import WireBasics

/// The bytes of one session that came twice and differ, kept within bounds.
///
/// The first copy counts in the transcript. What the receiver took may be the other one, so that all that is made of the
/// session is uncertain: each conflict is a loss.
struct OverlapLog {
    private var kept: [(conflict: OverlapConflict, party: Party)] = []
    private var further = 0

    /// How many are told one by one.
    private static let limit = 4

    mutating func add(_ conflict: OverlapConflict, of party: Party) {
        guard kept.count < Self.limit else {
            further += 1
            return
        }
        kept.append((conflict, party))
    }

    /// One loss for each that is kept, at the packet whose bytes count; the last one counts those behind it.
    var losses: [Loss] {
        kept.enumerated().map { index, item in
            let (conflict, party) = item
            let more = index == kept.count - 1 && further > 0 ? " (and likewise \(further) more times)" : ""
            return Loss(
                code: LossRule.overlapConflict.code, party: party, packet: conflict.counted.packet,
                otherPacket: conflict.differing.packet,
                message: "\(conflict.repeated) bytes of the \(party.rawValue) come twice, and \(conflict.different) of "
                    + "them, from sequence number \(conflict.sequence) on, are not the same\(more); the first copy counts "
                    + "here, and may not be the one that the other end took")
        }
    }
}
