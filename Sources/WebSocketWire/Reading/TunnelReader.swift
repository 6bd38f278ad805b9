import TCPReassembly
import WireBasics

/// Reads both directions of a connection that switched to WebSocket.
///
/// Layout: what every packet touches stands first, here and in the parts: with thousands of sessions open, the time goes
/// into fetching their state from memory.
struct TunnelReader {
    private var silences: SilenceLog
    private var lastByte: CaptureInstant
    private(set) var record: TunnelRecord
    private(set) var client: DirectionReader
    private(set) var server: DirectionReader
    private let opened: CaptureInstant

    init(
        opened: CaptureInstant, agreement: Agreement, limits: ReaderLimits, detail: ReaderDetail, budget: RecordBudget?
    ) {
        self.opened = opened
        lastByte = opened
        silences = SilenceLog(opened: opened)
        client = DirectionReader(party: .client, opened: opened, agreement: agreement, limits: limits, detail: detail)
        server = DirectionReader(party: .server, opened: opened, agreement: agreement, limits: limits, detail: detail)
        record = TunnelRecord(limits: limits, detail: detail, budget: budget)
    }

    mutating func receive(_ bytes: RawSpan, from party: Party, at mark: PacketMark) {
        silences.activity(at: mark.instant, clientFrames: client.frames, serverFrames: server.frames)
        lastByte = max(lastByte, mark.instant)
        switch party {
        case .client: client.receive(bytes, at: mark, into: &record)
        case .server: server.receive(bytes, at: mark, into: &record)
        }
    }

    /// Bytes of that end are missing: they went through at some time between the bytes around them.
    mutating func skip(_ length: Int?, from party: Party, at mark: PacketMark) {
        let before =
            switch party {
            case .client: client.skip(length, at: mark, into: &record)
            case .server: server.skip(length, at: mark, into: &record)
            }
        silences.doubt(since: before, until: mark.instant)
        // A capture that keeps only the start of each packet has as many holes as packets.
        if !record.losses.has(.gap, party) { record.lose(.gap, of: party, at: mark, LossRule.gap(length, of: party)) }
    }

    /// Bytes of that end came again, and were not the same.
    mutating func conflict(_ conflict: OverlapConflict, from party: Party) {
        record.overlaps.add(conflict, of: party)
    }

    /// Bytes of that end are too many; they were sent all the same, so there was no silence.
    mutating func stop(_ party: Party, at mark: PacketMark, _ rule: LossRule, _ message: String? = nil) {
        silences.activity(at: mark.instant, clientFrames: client.frames, serverFrames: server.frames)
        switch party {
        case .client: client.stop()
        case .server: server.stop()
        }
        record.lose(rule, of: party, at: mark, message)
    }

    /// The first FIN or RST, or the last packet of a connection that was left open.
    mutating func close(at mark: PacketMark) {
        silences.activity(at: mark.instant, clientFrames: client.frames, serverFrames: server.frames)
    }

    /// The connection is over; `mark` is the last packet.
    mutating func finish(at mark: PacketMark) -> TunnelTranscript {
        client.finish(at: mark, into: &record)
        server.finish(at: mark, into: &record)
        var transcript = TunnelTranscript(opened: opened)
        transcript.lastByte = lastByte
        transcript.client = client.transcript
        transcript.server = server.transcript
        transcript.silences = silences.silences
        transcript.frames = record.frames
        transcript.messages = record.messages
        return transcript
    }

    /// Enters what became of the bytes of both directions.
    func account(into ledger: inout ByteLedger, unread: (Party) -> ByteLedger.Use) {
        client.account(into: &ledger, unread: unread(.client))
        server.account(into: &ledger, unread: unread(.server))
    }
}
