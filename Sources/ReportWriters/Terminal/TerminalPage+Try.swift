import HTTPWire
import ProxyModel
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

extension TerminalPage {
    /// One request on its way: what reaches the upstream and why, what was lost, what comes back.
    mutating func write(try model: ReportModel) {
        for (index, session) in model.run.sessions.enumerated() {
            if index > 0 { gap() }
            way(of: session, model)
        }
        findings(model)
        if !model.run.proxies.allSatisfy(\.findings.isEmpty) { gap() }
        for proxy in model.run.proxies {
            line(Span(VisibleText.escape("\(proxy.name) read as \(proxy.product) (\(proxy.versionChosenBy))"), .dim))
        }
    }

    private mutating func way(of session: SessionResult, _ model: ReportModel) {
        let head = session.transcript.request.head
        line(
            Span(model.redaction.show(head.method.bytes) + " ", .bold),
            Span(SessionFacts(session.transcript).destination(model.redaction), .bold),
            Span("  from \(session.transcript.client)", .dim))
        for hop in session.outcome.hops { write(hop, model) }
        answer(session, model)
        if session.verdict == .same { line(Span("\(session.verdict.mark) as expected", session.verdict.style)) }
        mend(session, model)
        for doubt in session.doubts {
            gap()
            line(Span("? cannot be judged", .magenta))
            explain(doubt, model, indent: 2)
        }
        gap()
    }

    // MARK: Hops

    private mutating func write(_ hop: HopOutcome, _ model: ReportModel) {
        gap()
        let name = VisibleText.escape(hop.proxy)
        if let route = hop.route {
            let location = route.location.isEmpty ? "" : ", location \(VisibleText.escape(route.location))"
            line(
                Span(name, .bold), Span("  server \(VisibleText.escape(route.server))" + location),
                Span(route.source.map { "  " + VisibleText.escape($0.source) } ?? "", .dim))
        } else {
            line(Span(name, .bold), Span("  no server or location was reached"))
        }
        if model.options.listsTrace { trace(hop.trace, model) }
        for attempt in hop.attempts { write(attempt, model) }
    }

    private mutating func trace(_ steps: [TraceStep], _ model: ReportModel) {
        let width = steps.map { ColumnText.width(VisibleText.escape($0.phase)) }.max() ?? 0
        for step in steps {
            let source = step.source.map { "  " + VisibleText.escape($0.source) } ?? ""
            paragraph(
                Span(VisibleText.escape(step.phase), .cyan), Span(model.redaction.show(step.what) + source), indent: 2,
                hang: width + 2)
        }
    }

    private mutating func write(_ attempt: Attempt, _ model: ReportModel) {
        gap()
        line(Span("  to \(VisibleText.escape(attempt.address))", .bold), Span("  " + attempt.words))
        paragraph(Span(model.redaction.show(attempt.explanation.because), .dim), indent: 2)
        guard let request = attempt.request else { return }
        gap()
        upstreamRequest(request, model)
        lost(request.lost, model)
        for refusal in attempt.refusal {
            paragraph(Span("upstream", .dim), Span(model.redaction.show(refusal), .yellow), indent: 2, hang: 10)
        }
    }

    private mutating func upstreamRequest(_ request: OutgoingRequest, _ model: ReportModel) {
        let start = HeadLine(
            Self.startLine(request.head.bytes, model), .bold, Self.origin(request.version), request.version)
        head([start] + request.headers.map { HeadLine($0, Self.line($0.field, model)) }, model)
    }

    /// A line of a head and where it comes from.
    private struct HeadLine {
        var text: Span
        var origin: Span
        var explanation: Explanation
        /// Whether the reason says more than the origin does.
        var needsReason: Bool

        init(_ text: String, _ style: Style, _ origin: String, _ explanation: Explanation) {
            self.text = Span(text, style)
            self.origin = Span(origin, .dim)
            self.explanation = explanation
            needsReason = true
        }

        init(_ header: OutgoingHeader, _ text: String) {
            self.init(text, .plain, header.origin.rawValue, header.explanation)
            origin.style =
                switch header.origin {
                case .client, .backend: .dim
                case .directive: .cyan
                case .default: .yellow
                }
            needsReason = header.origin == .directive || header.origin == .default
        }
    }

    /// A head in columns: origin, place, line, and the reason where there is room, or below where there is not.
    private mutating func head(_ lines: [HeadLine], _ model: ReportModel) {
        let places = lines.map { $0.explanation.source.map { VisibleText.escape($0.source) } ?? "" }
        let origins = lines.map { ColumnText.width($0.origin.text) }.max() ?? 0
        let sources = places.map { ColumnText.width($0) }.max() ?? 0
        let left = 4 + origins + 2 + sources + (sources > 0 ? 2 : 0)
        // The reason stands beside the line where some 30 columns are left for it.
        let room = columns - left - 2 - 30
        let widths = lines.filter(\.needsReason).map { ColumnText.width($0.text.text) }
        let widest = widths.filter { $0 <= room }.max() ?? 0
        for (line, place) in zip(lines, places) {
            var lead: [Span] = ["    ", line.origin.padded(to: origins + 2)]
            if sources > 0 { lead.append(Span(place, .dim).padded(to: sources + 2)) }
            let reason = Span(model.redaction.show(line.explanation.because), .dim)
            if line.needsReason, ColumnText.width(line.text.text) <= widest {
                paragraph(lead + [line.text.padded(to: widest + 2)], reason)
            } else {
                paragraph(lead, line.text)
                if line.needsReason { paragraph([Span(String(repeating: " ", count: left + 4))], reason) }
            }
        }
    }

    /// What a line that is no header comes from.
    private static func origin(_ explanation: Explanation) -> String {
        explanation.source == nil ? "default" : "directive"
    }

    private static func startLine(_ bytes: [UInt8], _ model: ReportModel) -> String {
        model.redaction.show(Array(bytes.prefix { $0 != 10 && $0 != 13 }))
    }

    private mutating func lost(_ lost: [LostHeader], _ model: ReportModel) {
        guard !lost.isEmpty else { return }
        gap()
        line(Span("  not passed on", .bold))
        for header in lost {
            paragraph(Span(Self.line(header.field, model), .yellow), indent: 4)
            let place = header.explanation.source.map { VisibleText.escape($0.source) + ": " } ?? ""
            paragraph(
                Span("why", .dim), Span(place + model.redaction.show(header.explanation.because)), indent: 6, hang: 6)
            guard !header.explanation.mend.isEmpty else { continue }
            paragraph(
                Span("mend", .dim), Span(model.redaction.show(header.explanation.mend), .bold), indent: 6, hang: 6)
        }
    }

    private static func line(_ field: HeaderField, _ model: ReportModel) -> String {
        model.redaction.show(field.name.bytes) + ": " + model.redaction.value(of: field)
    }

    // MARK: The answer

    private mutating func answer(_ session: SessionResult, _ model: ReportModel) {
        gap()
        guard let response = session.outcome.response else {
            line(Span("The client gets no answer", .bold))
            if let because = session.outcome.closedBecause { explain(because, model, indent: 2) }
            return
        }
        line(Span("The client gets", .bold))
        let start =
            response.decided.map { HeadLine(Self.startLine(response.head.bytes, model), .bold, Self.origin($0), $0) }
            ?? HeadLine(
                Self.startLine(response.head.bytes, model), .bold, "backend",
                Explanation(because: "the upstream's status is passed on"))
        head([start] + response.headers.map { HeadLine($0, Self.line($0.field, model)) }, model)
        lost(response.lost, model)
        gap()
    }

    private mutating func mend(_ session: SessionResult, _ model: ReportModel) {
        for group in model.groups where group.sessions.contains(where: { model.run.sessions[$0].id == session.id }) {
            let place = group.explanation.source.map { "  " + VisibleText.escape($0.description) } ?? ""
            let isHint = group.severity == .hint
            line(
                isHint
                    ? Span("good to know", group.severity.style)
                    : Span("\(session.verdict.mark) \(session.verdict.rawValue)", session.verdict.style),
                Span(place, .bold))
            for effect in group.effects {
                paragraph(Span("what", .dim), Span(Self.what(effect.difference, model)), indent: 2, hang: 6)
            }
            explain(group.explanation, model, indent: 2)
        }
    }
}
