import TCPReassembly
import Verdicts
import WireBasics

extension Finding {
    /// That bytes came twice and differ; nil when that was not seen, or first in another file of the series.
    ///
    /// `packets` are the numbers of the file's packets in the series.
    init?(conflicts ledger: StreamLedger, path: String, packets: Range<Int>) {
        guard let first = ledger.firstConflict, packets.contains(first.differing.packet) else { return nil }
        let before = packets.lowerBound - 1
        let counted =
            packets.contains(first.counted.packet)
            ? "packet \(first.counted.packet - before)" : "a packet of an earlier file"
        let more = ledger.conflicts > 1 ? " (and likewise \(ledger.conflicts - 1) more times)" : ""
        self.init(
            code: "tcp.overlap-conflict", severity: .warning, blame: .capture,
            message: "\(VisibleText.escape(path)): packet \(first.differing.packet - before) repeats "
                + "\(first.repeated) bytes of \(counted), and \(first.different) of them, from sequence number "
                + "\(first.sequence) on, are not the same\(more); the first copy counts",
            why: "a segment was damaged and sent again, or somebody forged one; systems differ about which copy they "
                + "take",
            mend: "capture at the end whose view matters, on one interface, and look at both packets",
            packet: first.differing.packet - before)
    }
}
