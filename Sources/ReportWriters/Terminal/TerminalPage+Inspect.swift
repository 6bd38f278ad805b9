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
        if !report.findings.isEmpty { gap() }
        for finding in report.findings { write(finding, redaction, indent: 0) }
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
        account("packets", capture.ledger.packets)
        account("bytes", capture.ledger.bytes)
        if !capture.sessions.isEmpty {
            paragraph(
                Span("sessions", .dim), Span(SessionCounts(capture.sessions.lazy.map(\.transcript)).text, .dim),
                indent: 2, hang: 10)
        }
        if let selection = capture.selection, selection.total > 0 {
            paragraph(Span("filter", .dim), Span(selection.text), indent: 2, hang: 10)
        }
        for finding in summary.findings { write(finding, redaction, indent: 2) }
        guard !capture.sessions.isEmpty else {
            let isFiltered = capture.selection.map { $0.total > 0 } ?? false
            if isInSeries, !isFiltered { line(Span("  no HTTP exchange begins in it", .dim)) }
            return
        }
        guard options.listsFrames else {
            gap()
            table(
                [Self.heads] + capture.sessions.map { row($0, redaction) }, indent: 2, flexible: [3, 4],
                rightAligned: [0, 6, 9], optional: [9])
            let remarkable = capture.sessions.indices.filter { capture.sessions[$0].hasRemarks }
            if !remarkable.isEmpty { gap() }
            for index in remarkable { remarks(capture.sessions[index], redaction, places, indent: 2) }
            return
        }
        for session in capture.sessions {
            gap()
            table([row(session, redaction)], indent: 2, flexible: [3, 4])
            details(session.transcript, redaction)
            remarks(session, redaction, places, indent: 4)
            guard let tunnel = session.transcript.tunnel else { continue }
            let listing = FrameListing(
                tunnel, since: session.transcript.request.first.instant, places.packets(of: session.id),
                isDeflateInUse: HandshakeSummary(session.transcript).extensions.contains("permessage-deflate"))
            frames(tunnel, listing, options, redaction)
        }
    }

    /// A sum and its parts: what stands on the right adds up to what stands on the left.
    private mutating func account(_ name: String, _ counts: [NamedCount]) {
        guard let total = counts.first(where: { $0.name == "total" }), total.count > 0 else { return }
        // Bytes that are not in the capture are no part of those that are.
        let parts = counts.filter { $0.count != 0 && !["total", "missing"].contains($0.name) }
            .map { "\(Quantity.grouped($0.count)) \(Self.words($0.name))" }
        let missing = counts.first { $0.name == "missing" }.map { "; \(Quantity.grouped($0.count)) missing" } ?? ""
        paragraph(
            Span(name, .dim),
            Span("\(Quantity.grouped(total.count)) = " + parts.joined(separator: " + ") + missing, .dim), indent: 2,
            hang: 10)
    }

    /// `unfinishedHead` as `unfinished head`, `notHTTP` as `not HTTP`.
    private static func words(_ name: String) -> String {
        var text = ""
        var isInsideName = true
        for character in VisibleText.escape(name) {
            if character.isUppercase, !isInsideName {
                text += " "
                isInsideName = true
            } else if !character.isUppercase {
                isInsideName = false
            }
            text.append(character)
        }
        let acronyms = ["TCP", "HTTP", "IP", "SYN"]
        return text.split(separator: " ").map { acronyms.contains(String($0)) ? String($0) : $0.lowercased() }
            .joined(separator: " ")
    }

    private mutating func write(_ finding: Finding, _ redaction: Redaction, indent: Int) {
        let packet = finding.packet.map { "packet \($0): " } ?? ""
        paragraph(
            Span(finding.severity.rawValue, finding.severity.style), Span(packet + redaction.show(finding.message)),
            indent: indent, hang: 10)
        for (label, text) in [("why", finding.why), ("mend", finding.mend)] where !text.isEmpty {
            paragraph(Span(label, .dim), Span(redaction.show(text)), indent: indent + 10, hang: 6)
        }
    }

    // MARK: Sessions

    private static let heads = ["#", "", "kind", "client", "request", "status", "frames", "", "close", "time"]
        .map { Span($0, .dim) }

    private func row(_ session: InspectedSession, _ redaction: Redaction) -> [Span] {
        let transcript = session.transcript
        let facts = SessionFacts(transcript)
        let tunnel = transcript.tunnel
        return [
            Span("#\(session.id.number)", .bold),
            session.mark,
            Span(transcript.kind == .websocket ? "ws" : "http", .dim),
            Span(VisibleText.escape((transcript.proxyProtocol?.source ?? transcript.client).description)),
            Span(Self.request(transcript, facts.destination(redaction, isShort: true))),
            Self.status(transcript),
            Span(tunnel.map { "\(Quantity.grouped($0.client.frames))→" } ?? ""),
            Span(tunnel.map { "←\(Quantity.grouped($0.server.frames))" } ?? ""),
            Span(tunnel.map { Self.closing($0, transcript.ending) } ?? Self.ending(transcript), .dim),
            Span(facts.duration.description, .dim),
        ]
    }

    /// `a.test/chat`; with the method where it is not the one that everybody expects.
    private static func request(_ transcript: SessionTranscript, _ destination: String) -> String {
        let method = transcript.request.head.method
        return method == "GET" ? destination : "\(method) \(destination)"
    }

    /// `101`, with what came before it: `100 200`.
    private static func status(_ transcript: SessionTranscript) -> Span {
        guard let response = transcript.response?.head else { return Span("none", .magenta) }
        let all = transcript.interimResponses.map(\.head.status) + [response.status]
        let isGood = response.status == 101 || (200..<300).contains(response.status)
        return Span(all.suffix(3).map(String.init).joined(separator: " "), isGood ? .green : .yellow)
    }

    /// `1000`, or `1001→ ←4001` where the ends do not say the same; then how TCP ended, where it was no FIN.
    static func closing(_ tunnel: TunnelTranscript, _ ending: ConnectionEnding) -> String {
        let codes = [tunnel.client.close, tunnel.server.close].map { close in
            close.map { $0.code.map(String.init) ?? "empty" }
        }
        let said =
            switch (codes[0], codes[1]) {
            case (nil, nil): "none"
            case (let client?, let server?) where client == server: client
            case (let client?, nil): client + "→"
            case (nil, let server?): "←" + server
            case (let client?, let server?): "\(client)→ ←\(server)"
            }
        return ending.how == .fin ? said : said + " \(ending.how.rawValue)"
    }

    /// Of an exchange, which need not end the connection.
    private static func ending(_ transcript: SessionTranscript) -> String {
        transcript.ending.how == .rst ? StreamEnding.rst.rawValue : ""
    }

    /// What was agreed, and who is behind a load balancer.
    private mutating func details(_ transcript: SessionTranscript, _ redaction: Redaction) {
        var parts: [String] = []
        if let header = transcript.proxyProtocol {
            let source = header.source.map { "source \($0)" } ?? "no source"
            parts.append("PROXY protocol v\(header.version) from \(transcript.client): \(source)")
        }
        let handshake = HandshakeSummary(transcript)
        if let subprotocol = handshake.subprotocol { parts.append("subprotocol " + redaction.show(subprotocol.bytes)) }
        if handshake.isAcceptValid == true, let response = transcript.response?.head {
            let extensions = response.headers.values("Sec-WebSocket-Extensions").map { redaction.show($0.bytes) }
            if !extensions.isEmpty { parts.append("extensions " + extensions.joined(separator: ", ")) }
        }
        if transcript.tunnel != nil { parts.append(SessionFacts.tcp(transcript.ending)) }
        guard !parts.isEmpty else { return }
        paragraph(Span(parts.joined(separator: " · "), .dim), indent: 4)
    }

    private mutating func remarks(
        _ session: InspectedSession, _ redaction: Redaction, _ places: PacketPlaces, indent: Int
    ) {
        remarks(
            "#\(session.id.number)", session.transcript.violations, session.transcript.losses,
            places.packets(of: session.id), redaction, indent: indent)
    }

    /// What the protocol forbids and what is missing, of the connection of that name.
    mutating func remarks(
        _ name: String, _ violations: [Violation], _ losses: [Loss], _ packets: PacketPlaces.SessionPackets,
        _ redaction: Redaction, indent: Int
    ) {
        func lead(_ mark: Span, _ places: String) -> [Span] {
            [Span(String(repeating: " ", count: indent)), mark, Span(name, .bold), Span(" \(places)  ", .dim)]
        }
        for violation in violations {
            let more = violation.count > 1 ? ", and \(Quantity.grouped(violation.count - 1)) more like it" : ""
            paragraph(
                lead(Span("! ", .yellow), packets.place(violation.packet).words),
                Span(
                    "\(redaction.show(violation.message)) (\(VisibleText.escape(violation.code)), "
                        + "\(violation.party.rawValue), \(VisibleText.escape(violation.section)))\(more)"))
        }
        for loss in losses {
            paragraph(
                lead(Span("? ", .magenta), packets.words(of: loss)),
                Span("\(redaction.show(loss.message)) (\(VisibleText.escape(loss.code)))"))
        }
    }
}

extension SessionSelection {
    /// `12 of 96 sessions chosen by path=/chat and status=101`.
    var text: String {
        "\(Quantity.grouped(chosen)) of \(Quantity.counted(total, "session")) chosen by "
            + expressions.map { VisibleText.escape($0) }.joined(separator: " and ")
    }
}

extension InspectedSession {
    /// Whether there is more to say than a line.
    fileprivate var hasRemarks: Bool { !transcript.violations.isEmpty || !transcript.losses.isEmpty }

    /// `!` where a rule was broken, `?` where something is missing.
    fileprivate var mark: TerminalPage.Span {
        if !transcript.violations.isEmpty { return TerminalPage.Span("!", .yellow) }
        return transcript.losses.isEmpty ? "" : TerminalPage.Span("?", .magenta)
    }
}
