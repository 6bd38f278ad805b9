import TCPReassembly
import Verdicts
import WireBasics

extension Finding {
    /// That bytes came twice and differ; nil when that was not seen.
    init?(conflicts ledger: StreamLedger, in path: String) {
        guard let first = ledger.firstConflict else { return nil }
        let more = ledger.conflicts > 1 ? ", and in \(ledger.conflicts - 1) more packets" : ""
        self.init(
            code: "tcp.overlap-conflict", severity: .warning, blame: .capture,
            message: "\(VisibleText.escape(path)): packet \(first.differing.packet) repeats bytes of packet "
                + "\(first.counted.packet), and \(first.different) of \(first.repeated) are not the same, from sequence "
                + "number \(first.sequence) on\(more); the first copy counts",
            why: "a segment was damaged and sent again, or somebody forged one; systems differ about which copy they take",
            mend: "capture at the end whose view matters, with one interface, and look at both packets",
            packet: first.differing.packet)
    }
}
