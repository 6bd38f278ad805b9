import ReportWriters
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

/// The connections of a series of files: packets in, sessions and an account of all packets and bytes out.
///
/// All that knows how connections are put together and read; what stands before it knows files and packets only.
struct SeriesConnections: ~Copyable {
    private var table: ConnectionTable
    private let collected: Collected
    private let limits: CaptureLimits
    private let budget: RecordBudget?

    /// What the readers of the connections hand over.
    ///
    /// A class, because each connection has a reader of its own.
    private final class Collected {
        var sessions: [InspectedSession] = []
        var tunnels: [MidstreamTranscript] = []
        var uses = ByteLedger()
        var findings = FindingLog()
    }

    /// How many bytes of each direction are kept for `comparesRepeatedBytes`: the last segments, since what is sent again is
    /// one of them as a rule.
    private static let comparedBytes = 4096

    /// Connections without a packet; what the arguments mean is told in `CaptureReading`.
    ///
    /// - Parameter budget: what the frames that are listed count against.
    init(detail: ReaderDetail, limits: CaptureLimits, budget: RecordBudget?, comparesRepeatedBytes: Bool) {
        (self.limits, self.budget) = (limits, budget)
        let collected = Collected()
        var reassembly = limits.reassembly
        reassembly.comparedBytes = comparesRepeatedBytes ? Self.comparedBytes : 0
        // Its name is known when all sessions are.
        let id = SessionID(file: "", number: 0)
        table = ConnectionTable(limits: reassembly) { start in
            SessionReader(
                start, limits: limits.reader, detail: detail, budget: budget,
                report: { collected.findings.add($0) }, account: { collected.uses += $0 },
                emitMidstream: { collected.tunnels.append($0) },
                emit: { collected.sessions.append(InspectedSession(id: id, transcript: $0)) })
        }
        self.collected = collected
    }

    /// Takes packets that follow each other.
    mutating func receive(_ batch: borrowing PacketBatch) {
        table.receive(batch)
    }

    /// What was counted so far, in all files.
    var account: SeriesAccount {
        SeriesAccount(
            packets: table.packets, stream: table.bytes, uses: collected.uses, connections: table.connectionCount)
    }

    /// What is worth saying of bytes that are in no session, and of the limits that were reached.
    var findings: [Finding] {
        collected.findings.findings
            + limits.findings(table.bytes, datagrams: table.datagramsOverLimit, budget)
    }

    /// Link types that cannot be read, in this file.
    var unsupportedLinks: [ConnectionTable.UnsupportedLink] { table.unsupportedLinks }

    /// The next packets are those of another file.
    mutating func goOnInNextFile() {
        table.goOnInNextFile()
    }

    /// There are no more packets.
    ///
    /// - Returns: the sessions in order of their first packets, without names, and the tunnels without a handshake.
    mutating func finish() -> (sessions: [InspectedSession], tunnels: [MidstreamTranscript]) {
        table.finish()
        // In place: a copy of a transcript is dozens of references to count, and there may be many.
        collected.sessions.sort { $0.place < $1.place }
        collected.tunnels.sort { ($0.first.packet, $0.tcpStream) < ($1.first.packet, $1.tcpStream) }
        defer { (collected.sessions, collected.tunnels) = ([], []) }
        return (collected.sessions, collected.tunnels)
    }
}

extension InspectedSession {
    /// Where it stands among those of its series.
    fileprivate var place: (Int, Int, Int) {
        (transcript.request.first.packet, transcript.tcpStream, transcript.requestsBefore)
    }
}
