import HTTPWire
import ProxyModel
import Verdicts
import WebSocketWire
import WireBasics

extension TerminalPage {
    /// The summary of a replay: the sessions, what to mend, the counts and the verdict.
    mutating func write(replay model: ReportModel) {
        inputs(model)
        sessions(model)
        causes(model.causesTitle, model.toMend, model)
        causes("Good to know", model.hints, model)
        doubts(model)
        findings(model)
        notReplayed(model)
        gap()
        if let selection = model.run.selection { paragraph(Span(selection.text)) }
        counts(model)
        paragraph(Span(model.sentence.text, model.sentence.verdict?.style ?? .bold))
    }

    // MARK: Inputs

    private mutating func inputs(_ model: ReportModel) {
        var rows: [[Span]] = []
        for series in model.run.captures.series {
            // Of a long series, the first files and the last one: a day in files of a minute has 1440.
            let hidden = series.count > 6 ? series.dropFirst(5).dropLast() : series.suffix(0)
            for index in series where !hidden.contains(index) {
                if index == hidden.upperBound, !hidden.isEmpty {
                    rows.append([Span("", .dim), Span("and \(Quantity.counted(hidden.count, "file")) between", .dim)])
                }
                rows.append(row(model.run.captures[index]))
            }
        }
        for (role, proxy) in model.roles {
            rows.append([
                Span(role, .dim), Span(VisibleText.escape(proxy.name)),
                Span(VisibleText.escape("\(proxy.product) (\(proxy.versionChosenBy))"), .dim),
            ])
        }
        table(rows, indent: 0, flexible: [1, 2])
    }

    private func row(_ capture: CaptureSummary) -> [Span] {
        let span = capture.span.map { ", \($0.last - $0.first)" } ?? ""
        return [
            Span(capture.continuation == nil ? "capture" : "goes on", .dim), Span(VisibleText.escape(capture.path)),
            Span(Quantity.counted(capture.packets, "packet") + ", " + capture.connectionWords + span, .dim),
        ]
    }

    // MARK: Sessions

    private mutating func sessions(_ model: ReportModel) {
        let all = model.run.sessions
        guard !all.isEmpty else { return }
        let hidesSame = all.count > model.options.maximumListedSessions
        let listed = all.filter { !hidesSame || $0.verdict != .same }
        gap()
        table(listed.map { row($0, model) }, indent: 0, flexible: [2, 3], rightAligned: [5, 6])
        if listed.count < all.count {
            line(Span("✓ \(Quantity.counted(all.count - listed.count, "more session")) came out as captured", .dim))
        }
    }

    private func row(_ session: SessionResult, _ model: ReportModel) -> [Span] {
        let facts = SessionFacts(session.transcript)
        let route =
            "\(session.transcript.client) → \(facts.destination(model.redaction, isShort: !model.options.showsSecrets))"
        return [
            Span(session.verdict.mark + " " + session.verdict.rawValue, session.verdict.style),
            Span(VisibleText.escape(session.id.description), .bold),
            Span(route),
            Span(session.statusWords),
            Span(session.deliveryWords),
            Span(facts.duration.description, .dim),
        ]
    }

    // MARK: Causes

    private mutating func causes(_ title: String, _ groups: [MendGroup], _ model: ReportModel) {
        guard !groups.isEmpty else { return }
        heading(title)
        for group in groups {
            gap()
            let place = group.explanation.source?.description ?? "built-in default"
            line(
                Span("\(group.number) ", .bold), Span(VisibleText.escape(place), .bold),
                Span("  \(group.severity.rawValue)", group.severity.style),
                Span("  \(sessionList(group.sessions, model))", .dim))
            for effect in group.effects.prefix(4) {
                let more = effect.sessions > 1 ? " (and likewise in \(effect.sessions - 1) more)" : ""
                paragraph(Span("what", .dim), Span(Self.what(effect.difference, model) + more), indent: 2, hang: 6)
            }
            if group.effects.count > 4 {
                paragraph(Span("and \(Quantity.counted(group.effects.count - 4, "further effect"))", .dim), indent: 8)
            }
            explain(group.explanation, model, indent: 2)
            if group.blame != .proxyConfig {
                paragraph(Span("who", .dim), Span(group.blame.words), indent: 2, hang: 6)
            }
        }
    }

    /// `response.status: expected 101, got 426`.
    static func what(_ difference: Difference, _ model: ReportModel) -> String {
        let expected = limited(model.show(difference.expected, path: difference.path), model)
        let actual = limited(model.show(difference.actual, path: difference.path), model)
        let path = VisibleText.escape(difference.path)
        return model.isComparison
            ? "\(path): \(expected) before, \(actual) after" : "\(path): expected \(expected), got \(actual)"
    }

    private static func limited(_ text: String, _ model: ReportModel) -> String {
        ColumnText.shortened(text, to: 4 * max(40, model.options.columns))
    }

    /// Why and how to mend it.
    mutating func explain(_ explanation: Explanation, _ model: ReportModel, indent: Int) {
        paragraph(Span("why", .dim), Span(model.redaction.show(explanation.because)), indent: indent, hang: 6)
        guard !explanation.mend.isEmpty else { return }
        paragraph(Span("mend", .dim), Span(model.redaction.show(explanation.mend), .bold), indent: indent, hang: 6)
    }

    private func sessionList(_ sessions: [Int], _ model: ReportModel) -> String {
        let names = sessions.prefix(3).map { VisibleText.escape(model.run.sessions[$0].id.description) }
        let more = sessions.count > 3 ? " and \(Quantity.grouped(sessions.count - 3)) more" : ""
        return names.joined(separator: ", ") + more
    }

    private mutating func doubts(_ model: ReportModel) {
        guard !model.doubts.isEmpty else { return }
        heading("What could not be decided")
        for doubt in model.doubts {
            gap()
            let place = doubt.explanation.source.map { VisibleText.escape($0.description) + "  " } ?? ""
            line(Span("? ", .magenta), Span(place, .bold), Span(sessionList(doubt.sessions, model), .dim))
            explain(doubt.explanation, model, indent: 2)
        }
    }

    /// What is worth saying about the captures and the configurations themselves.
    mutating func findings(_ model: ReportModel) {
        let run = model.run
        let all = run.findings + run.captures.flatMap(\.findings) + run.proxies.flatMap(\.findings)
        guard !all.isEmpty else { return }
        heading("Worth knowing")
        for finding in all {
            gap()
            let place = finding.location.map { VisibleText.escape($0.description) + "  " } ?? ""
            paragraph(
                Span("\(finding.severity.rawValue)", finding.severity.style),
                Span(place + model.redaction.show(finding.message)), indent: 0, hang: 9)
            if !finding.why.isEmpty {
                paragraph(Span("why", .dim), Span(model.redaction.show(finding.why)), indent: 9, hang: 6)
            }
            if !finding.mend.isEmpty {
                paragraph(Span("mend", .dim), Span(model.redaction.show(finding.mend)), indent: 9, hang: 6)
            }
        }
    }

    private mutating func notReplayed(_ model: ReportModel) {
        let missing = model.run.notReplayed
        guard !missing.isEmpty else { return }
        heading("Not replayed")
        for item in missing.prefix(10) {
            paragraph(
                Span(VisibleText.escape(item.id.description) + "  "), Span(model.redaction.show(item.because), .dim),
                indent: 0, hang: ColumnText.width(VisibleText.escape(item.id.description)) + 2)
        }
        if missing.count > 10 { line(Span("and \(Quantity.grouped(missing.count - 10)) more", .dim)) }
    }

    private mutating func counts(_ model: ReportModel) {
        let order: [Verdict] = [.broken, .inconclusive, .changed, .fixed, .same]
        let parts = order.compactMap { verdict -> String? in
            let count = model.run.count(verdict)
            return count > 0 ? "\(verdict.mark) \(Quantity.grouped(count)) \(verdict.rawValue)" : nil
        }
        paragraph(
            Span(([Quantity.counted(model.run.sessions.count, "session")] + parts).joined(separator: " · "), .dim))
    }
}
