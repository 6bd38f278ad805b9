import ProxyModel
import WireBasics

extension TerminalPage {
    /// Why a command could not do its work: where, what, why, how to mend it.
    mutating func write(error report: ErrorReport) {
        for (index, problem) in report.problems.enumerated() {
            if index > 0 { gap() }
            let place = problem.location.map { VisibleText.escape($0.description) + ": " } ?? ""
            paragraph(
                Span("error", .boldRed), Span(place + VisibleText.escape(problem.message), .bold), indent: 0, hang: 7)
            if !problem.why.isEmpty {
                paragraph(Span("why", .dim), Span(VisibleText.escape(problem.why)), indent: 2, hang: 6)
            }
            if !problem.mend.isEmpty {
                paragraph(Span("mend", .dim), Span(VisibleText.escape(problem.mend), .bold), indent: 2, hang: 6)
            }
        }
        guard !report.nativeOutput.isEmpty else { return }
        gap()
        for text in report.nativeOutput { paragraph(Span(VisibleText.escape(text), .dim)) }
    }
}
