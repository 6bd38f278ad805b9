import TCPReassembly
import WireBasics

/// Reads a connection whose opening handshake is not in the capture as if it spoke WebSocket, until that is proven.
///
/// Masked frames prove it (`BoundaryEvidence`): no other protocol looks like them, and their sender is the client.
/// Unmasked ones do not: too many protocols begin their messages with a type and a length. Where nothing but the ports
/// tells who is the client, both ways are tried.
///
/// A class, because few connections have one.
final class MidstreamReader {
    /// One way to see the connection.
    private struct Reading {
        /// The party, as the connection table has it, that would be the client.
        var client: Party
        var tunnel: TunnelReader

        /// What that party of the table is in this reading.
        func role(of party: Party) -> Party { client == .client ? party : party.other }

        /// Whether masked frames were found.
        var isProven: Bool { tunnel.client.resumption != nil }
    }

    /// Whether it is certain that the connection speaks WebSocket.
    private(set) var isProven = false
    private let start: ConnectionStart
    private var readings: [Reading]

    init(
        _ start: ConnectionStart, at mark: PacketMark, limits: ReaderLimits, detail: ReaderDetail, budget: RecordBudget?
    ) {
        self.start = start
        let clients: [Party] = start.evidence == .ports ? Party.allCases : [.client]
        readings = clients.map { client in
            Reading(
                client: client,
                tunnel: TunnelReader(
                    opened: mark.instant, agreement: .presumed, limits: limits, detail: detail, budget: budget))
        }
    }

    func receive(_ bytes: RawSpan, from party: Party, at mark: PacketMark) {
        for index in readings.indices {
            readings[index].tunnel.receive(bytes, from: readings[index].role(of: party), at: mark)
        }
        guard !isProven, let proven = readings.first(where: \.isProven) else { return }
        (readings, isProven) = ([proven], true)
    }

    func skip(_ length: Int?, from party: Party, at mark: PacketMark) {
        for index in readings.indices {
            readings[index].tunnel.skip(length, from: readings[index].role(of: party), at: mark)
        }
    }

    func conflict(_ conflict: OverlapConflict, from party: Party) {
        for index in readings.indices {
            readings[index].tunnel.conflict(conflict, from: readings[index].role(of: party))
        }
    }

    /// The first FIN or RST, or the last packet of a connection that was left open.
    func close(at mark: PacketMark) {
        for index in readings.indices { readings[index].tunnel.close(at: mark) }
    }

    /// The connection is over.
    ///
    /// - Returns: what went through, when that is proven.
    func finish(_ ending: ConnectionEnding, at mark: PacketMark) -> MidstreamTranscript? {
        guard isProven, let index = readings.indices.first, let found = readings[index].tunnel.client.resumption else {
            return nil
        }
        let tunnel = readings[index].tunnel.finish(at: mark)
        let isSwapped = readings[index].client == .server
        var ending = ending
        ending.by = ending.by.map(readings[index].role)
        return MidstreamTranscript(
            tcpStream: start.tcpStream, client: isSwapped ? start.server : start.client,
            server: isSwapped ? start.client : start.server, first: start.mark, evidence: found.evidence,
            tunnel: tunnel, ending: ending, violations: readings[index].tunnel.record.violations.violations,
            losses: readings[index].tunnel.record.losses.losses + readings[index].tunnel.record.overlaps.losses)
    }

    /// Enters what became of the bytes of both directions.
    func account(into ledger: inout ByteLedger) {
        guard isProven, let reading = readings.first else { return }
        var own = ByteLedger()
        reading.tunnel.account(into: &own) { _ in .afterGap }
        for party in Party.allCases {
            for use in ByteLedger.Use.allCases { ledger[party, use] += own[reading.role(of: party), use] }
        }
    }
}
