import ProxyModel
import Verdicts
import WireBasics

extension TerminalPage {
    /// A line a case, the expectations that were not met below it, the counts at the end.
    mutating func write(test report: TestReport, _ options: ReportOptions) {
        for result in report.cases { write(result, options) }
        gap()
        let parts = TestCaseResult.Ending.allCases.compactMap { ending -> String? in
            let count = report.count(ending)
            return count > 0 ? "\(Self.mark(ending)) \(Quantity.grouped(count)) \(ending.rawValue)" : nil
        }
        let worst: TestCaseResult.Ending =
            report.count(.failed) > 0 ? .failed : report.count(.inconclusive) > 0 ? .inconclusive : .passed
        let counted = Quantity.counted(report.cases.count, "case")
        line(Span(([counted] + parts).joined(separator: " · "), report.cases.isEmpty ? .bold : Self.style(worst)))
    }

    private mutating func write(_ result: TestCaseResult, _ options: ReportOptions) {
        line(
            Span("\(Self.mark(result.ending)) \(result.ending.rawValue)", Self.style(result.ending)),
            Span("  " + VisibleText.escape(result.name), .bold),
            Span("  " + Quantity.counted(result.expectations, "expectation"), .dim))
        guard !result.failures.isEmpty || !result.reasons.isEmpty else { return }
        let model = ReportModel(
            result.run
                ?? RunResult(command: "", captures: [], proxies: [], sessions: [], notReplayed: [], findings: []),
            options)
        for failure in result.failures {
            let session = failure.session.map { VisibleText.escape($0.description) + "  " } ?? ""
            let stated = "  stated in \(VisibleText.escape(failure.location.description))"
            line(Span("    " + session, .bold), Span(VisibleText.escape(failure.difference.path)), Span(stated, .dim))
            paragraph(Span("what", .dim), Span(Self.what(failure.difference, model)), indent: 4, hang: 6)
            let place = failure.difference.explanation.source.map { VisibleText.escape($0.description) + ": " } ?? ""
            paragraph(
                Span("why", .dim), Span(place + model.redaction.show(failure.difference.explanation.because)),
                indent: 4, hang: 6)
            guard !failure.difference.explanation.mend.isEmpty else { continue }
            paragraph(
                Span("mend", .dim), Span(model.redaction.show(failure.difference.explanation.mend), .bold), indent: 4,
                hang: 6)
        }
        for reason in result.reasons { explain(reason, model, indent: 4) }
    }

    private static func mark(_ ending: TestCaseResult.Ending) -> String {
        switch ending {
        case .passed: "✓"
        case .failed: "✗"
        case .inconclusive: "?"
        case .skipped: "–"
        }
    }

    private static func style(_ ending: TestCaseResult.Ending) -> Style {
        switch ending {
        case .passed: .green
        case .failed: .boldRed
        case .inconclusive: .magenta
        case .skipped: .dim
        }
    }
}
