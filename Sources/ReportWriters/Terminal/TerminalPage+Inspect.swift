import HTTPWire
import ProxyModel
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

extension TerminalPage {
    /// What captures hold: a line a session, with `--frames` a line a frame.
    mutating func write(inspect report: InspectReport, _ options: ReportOptions) {
        var collector = SecretCollector()
        // By index: a copy of a transcript is dozens of references to count.
        for capture in report.captures {
            for index in capture.sessions.indices { collector.look(at: capture.sessions[index].transcript) }
        }
        let redaction = Redaction(collector, options)
        let summaries = report.captures.map(\.summary)
        let places = PacketPlaces(summaries)
        for series in summaries.series {
            if series.count > 1 {
                if series.lowerBound > 0 { gap() }
                line(Span("\(series.count) files are read as one stream, because each continues the one before", .dim))
            }
            for index in series {
                if index > 0 || series.count > 1 { gap() }
                write(report.captures[index], isInSeries: series.count > 1, options, redaction, places)
                write(
                    tunnels: report.captures[index].tunnels, places.packets(ofCapture: index), options, redaction)
            }
        }
        for finding in report.findings {
            gap()
            paragraph(
                Span(finding.severity.rawValue, finding.severity.style), Span(redaction.show(finding.message)),
                indent: 0, hang: 9)
        }
    }

    private mutating func write(
        _ capture: InspectedCapture, isInSeries: Bool, _ options: ReportOptions, _ redaction: Redaction,
        _ places: PacketPlaces
    ) {
        let summary = capture.summary
        let span = summary.span.map { ", \($0.last - $0.first)" } ?? ""
        line(
            Span(VisibleText.escape(summary.path), .bold),
            Span(
                "  \(VisibleText.escape(summary.format)), \(Quantity.counted(summary.packets, "packet")), "
                    + summary.connectionWords + span, .dim))
        for counts in [capture.ledger.packets, capture.ledger.bytes] where !counts.isEmpty {
            let text = counts.filter { $0.count != 0 }.map { "\($0.name) \(Quantity.grouped($0.count))" }
            paragraph(
                Span(counts == capture.ledger.packets ? "packets" : "bytes", .dim),
                Span(VisibleText.escape(text.joined(separator: ", ")), .dim), indent: 2, hang: 9)
        }
        for finding in summary.findings {
            paragraph(
                Span(finding.severity.rawValue, finding.severity.style), Span(redaction.show(finding.message)),
                indent: 2, hang: 9)
        }
        if capture.sessions.isEmpty {
            line(Span(isInSeries ? "  no HTTP exchange begins in it" : "  no HTTP exchange", .dim))
        }
        guard options.listsFrames else {
            table(capture.sessions.map { row($0, redaction) }, indent: 2, flexible: [2], rightAligned: [6])
            for index in capture.sessions.indices where capture.sessions[index].hasRemarks {
                remarks(capture.sessions[index], redaction, places, indent: 2)
            }
            return
        }
        for session in capture.sessions {
            gap()
            table([row(session, redaction)], indent: 2, flexible: [2])
            remarks(session, redaction, places, indent: 4)
            guard let tunnel = session.transcript.tunnel else { continue }
            let start = session.transcript.request.first.instant
            frames(tunnel, since: start, places.packets(of: session.id), options, redaction)
        }
    }

    private func row(_ session: InspectedSession, _ redaction: Redaction) -> [Span] {
        let transcript = session.transcript
        let facts = SessionFacts(transcript)
        let status = transcript.response.map { String($0.head.status) } ?? "no answer"
        let tunnel = transcript.tunnel
        let frames =
            tunnel.map { "\(Quantity.grouped($0.client.frames))→ ←\(Quantity.grouped($0.server.frames))" } ?? ""
        return [
            Span(VisibleText.escape(session.id.description), .bold),
            Span(transcript.kind.rawValue, .dim),
            Span("\(transcript.client) → \(facts.destination(redaction, isShort: true))"),
            Span(status, Self.style(ofStatus: transcript.response?.head.status)),
            Span(frames),
            Span(tunnel.map { Self.codes($0, transcript.ending) } ?? "", .dim),
            Span(facts.duration.description, .dim),
        ]
    }

    private static func style(ofStatus status: Int?) -> Style {
        guard let status else { return .magenta }
        return status == 101 || (200..<300).contains(status) ? .green : .yellow
    }

    /// `1000/1000 fin`: the close codes of client and server, and the TCP ending.
    static func codes(_ tunnel: TunnelTranscript, _ ending: ConnectionEnding) -> String {
        let codes = [tunnel.client.close, tunnel.server.close].map { close in
            close.map { $0.code.map(String.init) ?? "empty" } ?? "—"
        }
        return codes.joined(separator: "/") + " " + ending.how.rawValue
    }

    private mutating func remarks(
        _ session: InspectedSession, _ redaction: Redaction, _ places: PacketPlaces, indent: Int
    ) {
        let transcript = session.transcript
        remarks(
            VisibleText.escape(session.id.description), transcript.violations, transcript.losses,
            places.packets(of: session.id), redaction, indent: indent)
    }

    /// What the protocol forbids and what is missing, of the connection of that name.
    mutating func remarks(
        _ name: String, _ violations: [Violation], _ losses: [Loss], _ packets: PacketPlaces.SessionPackets,
        _ redaction: Redaction, indent: Int
    ) {
        for violation in violations {
            paragraph(
                Span("!", .yellow),
                Span(
                    "\(name) \(packets.place(violation.packet).words): \(redaction.show(violation.message)) "
                        + "(\(violation.party.rawValue), \(VisibleText.escape(violation.section)))"), indent: indent,
                hang: 2)
        }
        for loss in losses {
            let places = [loss.packet, loss.otherPacket].compactMap(\.self).map { packets.place($0).words }
            paragraph(
                Span("?", .magenta),
                Span("\(name) \(places.joined(separator: " and ")): \(redaction.show(loss.message))"), indent: indent,
                hang: 2)
        }
    }

    // MARK: Frames

    mutating func frames(
        _ tunnel: TunnelTranscript, since start: CaptureInstant, _ packets: PacketPlaces.SessionPackets,
        _ options: ReportOptions, _ redaction: Redaction
    ) {
        // rsv1 marks a compressed message only where permessage-deflate is agreed; either way it is no plain text.
        var compressed: Set<Party> = []
        // In pieces: columns are measured over a piece, and a long session is not laid out as a whole.
        var rows: [[Span]] = []
        for frame in tunnel.frames {
            if frame.opcode == 1 || frame.opcode == 2 {
                if frame.rsv1 { compressed.insert(frame.party) } else { compressed.remove(frame.party) }
            }
            let isCompressed = frame.opcode < 8 && compressed.contains(frame.party)
            let place = packets.place(frame.mark.packet)
            rows.append(row(frame, at: place, start: start, isCompressed: isCompressed, options, redaction))
            if rows.count == 500 {
                table(rows, indent: 4, flexible: [5], rightAligned: [0, 4])
                rows.removeAll(keepingCapacity: true)
            }
        }
        table(rows, indent: 4, flexible: [5], rightAligned: [0, 4])
        let missing = tunnel.client.frames + tunnel.server.frames - tunnel.frames.count
        if missing > 0 { line(Span("    \(Quantity.counted(missing, "further frame")) not kept", .dim)) }
    }

    private func row(
        _ frame: FrameRecord, at place: PacketPlace, start: CaptureInstant, isCompressed: Bool,
        _ options: ReportOptions, _ redaction: Redaction
    ) -> [Span] {
        let preview = PayloadPreview(
            frame.preview, length: frame.length, opcode: frame.opcode, compressed: isCompressed,
            limit: min(options.maximumShownBytes, columns), redaction: redaction)
        let flags = [(!frame.fin, "more"), (frame.rsv1, "rsv1"), (frame.rsv2, "rsv2"), (frame.rsv3, "rsv3")]
        let missing = frame.missing.map { " \(Quantity.grouped($0)) missing" } ?? ""
        let notes = flags.filter(\.0).map { " " + $0.1 }.joined() + missing
        return [
            Span((frame.mark.instant - start).description, .dim),
            Span(place.sign, .dim),
            Span(frame.party == .client ? "→" : "←", frame.party == .client ? .cyan : .green),
            Span(frame.opcodeName + notes),
            Span(Quantity.grouped(frame.length)),
            Span(preview.text + (preview.omitted > 0 ? "…" : ""), preview.isHex ? .dim : .plain),
        ]
    }
}

extension InspectedSession {
    /// Whether there is more to say than a line.
    fileprivate var hasRemarks: Bool { !transcript.violations.isEmpty || !transcript.losses.isEmpty }
}
