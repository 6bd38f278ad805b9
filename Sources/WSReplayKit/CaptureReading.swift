import CaptureFiles
import ReportWriters
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

/// Reads captures, or transcripts that were written earlier, into transcripts.
struct CaptureReading {
    /// The files, in the order to read them.
    var paths: [String]
    /// How much of single frames is kept.
    var detail: ReaderDetail
    /// Whether the files' SHA-256 is wanted: it means reading them twice.
    var withDigests = false

    /// Reads every file.
    ///
    /// - Throws: `UserError` when a file cannot be read at all. One that is cut or damaged further on gives what it holds,
    ///   and a finding.
    func read() throws(UserError) -> [InspectedCapture] {
        var captures: [InspectedCapture] = []
        for path in paths {
            captures += TranscriptFile.recognises(path) ? try TranscriptFile.read(path) : [try readCapture(path)]
        }
        return captures
    }

    private func readCapture(_ path: String) throws(UserError) -> InspectedCapture {
        var file: CaptureFile
        do {
            file = try CaptureFile(path: path)
        } catch {
            throw UserError(
                message: "\(VisibleText.escape(error.path)): \(error.what)", why: error.why, mend: error.mend)
        }
        let collected = Collected()
        let detail = detail
        // Its number is known when all sessions are.
        let id = SessionID(file: path.split(separator: "/").last.map(String.init) ?? path, number: 0)
        var table = ConnectionTable { start in
            SessionReader(
                start, detail: detail, account: { collected.bytes += $0 },
                emit: { collected.sessions.append(InspectedSession(id: id, transcript: $0)) })
        }
        var span: CaptureSpan?
        while file.next({ packet, bytes in
            span = CaptureSpan(
                first: min(span?.first ?? packet.instant, packet.instant),
                last: max(span?.last ?? packet.instant, packet.instant))
            table.receive(
                bytes, linkType: packet.linkType, originalLength: packet.originalLength,
                at: PacketMark(packet: packet.number, instant: packet.instant))
        }) {}
        table.finish()

        Self.number(&collected.sessions)
        let summary = CaptureSummary(
            path: path, format: file.format.rawValue, sha256: withDigests ? FileDigest.hex(ofFile: path) : "",
            packets: file.packets, connections: table.connectionCount, span: span,
            findings: [file.finding].compactMap(\.self) + Self.findings(table.unsupportedLinks, path)
                + (collected.sessions.isEmpty
                    ? [Self.nothingFound(path, table.packets, table.bytes, collected.bytes)] : []),
            damage: file.finding)
        return InspectedCapture(
            summary: summary, ledger: Self.ledger(table.packets, table.bytes, collected.bytes),
            sessions: collected.sessions)
    }

    /// What the readers of one file hand over.
    ///
    /// A class, because each connection has a reader of its own.
    private final class Collected {
        var sessions: [InspectedSession] = []
        var bytes = ByteLedger()
    }

    /// Puts sessions in order of first packet and numbers them.
    ///
    /// In place: a copy of a transcript is dozens of references to count, and there may be many.
    private static func number(_ sessions: inout [InspectedSession]) {
        sessions.sort { $0.place < $1.place }
        for index in sessions.indices { sessions[index].id.number = index + 1 }
    }

    private static func ledger(_ packets: PacketLedger, _ stream: StreamLedger, _ bytes: ByteLedger) -> CaptureLedger {
        // Every byte of payload is in one of the stream's counts; the delivered ones again in one of the readers'.
        let notDelivered = stream.counts.filter { $0.name != "delivered" && $0.count > 0 }
        let uses = ByteLedger.Use.allCases.map { (name: $0.rawValue, count: bytes[$0]) }.filter { $0.count > 0 }
        return CaptureLedger(
            packets: [NamedCount("total", packets.total)] + packets.counts.map { NamedCount($0.name, $0.count) },
            bytes: [NamedCount("total", stream.payload)] + (uses + notDelivered).map { NamedCount($0.name, $0.count) }
                + (bytes.missing > 0 ? [NamedCount("missing", bytes.missing)] : []))
    }

    /// Why a capture holds no exchange at all, as far as its ledger tells.
    private static func nothingFound(
        _ path: String, _ packets: PacketLedger, _ stream: StreamLedger, _ bytes: ByteLedger
    ) -> Finding {
        let tcp = packets.counts.first { $0.name == "tcp" }?.count ?? 0
        let why: String
        if packets.total == 0 {
            why = "the file holds no packet"
        } else if tcp == 0 {
            why = "none of its \(packets.total) packets is TCP"
        } else if bytes[.unrequested] > 0 {
            why = "only the servers' side of the connections is in it"
        } else if bytes[.overLimit] > 0 {
            why = "a request head in it is longer than \(ReaderLimits().headBytes) bytes"
        } else if bytes[.notHTTP] > 0 {
            why =
                "its connections start with something else than an HTTP/1 request: TLS, HTTP/2, another protocol, or "
                + "the middle of a connection"
        } else {
            why = "its connections carry no byte of a request"
        }
        return Finding(
            code: "capture.no-exchange", severity: .warning, blame: .capture,
            message: "\(VisibleText.escape(path)) holds no HTTP/1 request", why: why,
            mend:
                "capture both directions of the plain-text side of the traffic (behind TLS), from the first packet of "
                + "the connections")
    }

    private static func findings(_ links: [PacketIntake.UnsupportedLink], _ path: String) -> [Finding] {
        links.map { link in
            Finding(
                code: "capture.unsupported-link-type", severity: .warning, blame: .capture,
                message: "\(VisibleText.escape(path)): \(link.packets) packets have the link type \(link.linkType), "
                    + "which is not read here",
                why: "link types tell what stands in front of the IP header",
                mend: "capture on an Ethernet-like interface, or convert the file", packet: link.first.packet)
        }
    }
}

extension InspectedSession {
    /// Where it stands among those of its capture.
    fileprivate var place: (Int, Int, Int) {
        (transcript.request.first.packet, transcript.tcpStream, transcript.requestsBefore)
    }
}
