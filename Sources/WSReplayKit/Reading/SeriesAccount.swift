import ReportWriters
import TCPReassembly
import WebSocketWire

/// What was counted in a series of files up to some point.
struct SeriesAccount {
    /// What became of the packets.
    var packets = PacketLedger()
    /// What became of the bytes on the way to the readers.
    var stream = StreamLedger()
    /// What became of them there, as far as connections are over.
    var uses = ByteLedger()
    /// Connections so far.
    var connections = 0

    /// Bytes whose use is not known yet: what readers of open connections were given, and what waits for missing bytes.
    var unsettled: Int { stream.delivered &- uses.total &+ stream.held }

    /// The account of what came since an earlier state, for example of one file.
    ///
    /// It closes by itself, as a bookkeeper's does: bytes of connections that are open at its start were carried forward
    /// to it, and it carries forward those of connections that are open at its end.
    func ledger(since before: SeriesAccount) -> CaptureLedger {
        let brought = before.unsettled
        // Every byte of payload is in one of the stream's counts; the delivered ones again in one of the readers'.
        let uses = ByteLedger.Use.allCases.map { (name: $0.rawValue, count: self.uses[$0] &- before.uses[$0]) }
        let notDelivered = zip(stream.counts, before.stream.counts).map { (name: $0.name, count: $0.count &- $1.count) }
            .filter { $0.name != "delivered" && $0.name != "held" }
        let carried = [(name: "carriedForward", count: unsettled)]
        let missing = [(name: "missing", count: self.uses.missing &- before.uses.missing)]
        let packets = packets - before.packets
        return CaptureLedger(
            packets: [NamedCount("total", packets.total)] + packets.counts.map { NamedCount($0.name, $0.count) },
            bytes: [NamedCount("total", stream.payload &- before.stream.payload &+ brought)]
                + ([(name: "broughtForward", count: brought)] + uses + notDelivered + carried + missing)
                .filter { $0.count > 0 }.map { NamedCount($0.name, $0.count) })
    }
}
