import ProxyModel
import WireBasics

extension TerminalPage {
    /// The mistakes of each configuration by place, each with reason and mend; the counts at the end.
    mutating func write(lint report: LintReport) {
        table(
            report.configurations.map { configuration in
                [
                    Span("configuration", .dim), Span(VisibleText.escape(configuration.name)),
                    Span(VisibleText.escape("\(configuration.product) (\(configuration.versionChosenBy))"), .dim),
                ]
            }, indent: 0, flexible: [1, 2])
        for configuration in report.configurations { write(configuration) }
        gap()
        let sentence = LintSentence(report: report)
        paragraph(Span(sentence.counts, .dim))
        paragraph(Span(sentence.text, report.refused > 0 ? .boldRed : report.worst?.style ?? .green))
    }

    private mutating func write(_ configuration: LintedConfiguration) {
        for problem in configuration.problems {
            gap()
            entry(
                problem.location?.description ?? configuration.name, .error, "refused", what: problem.message,
                why: problem.why, mend: problem.mend)
        }
        if !configuration.nativeOutput.isEmpty {
            paragraph(Span("what the product's own check prints:", .dim), indent: 2)
            for text in configuration.nativeOutput { paragraph(Span(VisibleText.escape(text), .dim), indent: 4) }
        }
        for found in configuration.findings {
            gap()
            let finding = found.finding
            entry(
                found.location.description, finding.severity, finding.code, what: finding.message, why: finding.why,
                mend: finding.mend)
        }
        for ignored in configuration.ignored {
            gap()
            line(
                Span(VisibleText.escape(ignored.finding.location.description), .bold), Span("  ignored", .dim),
                Span("  " + VisibleText.escape(ignored.finding.finding.code), .dim))
            paragraph(
                Span("why", .dim), Span(VisibleText.escape("line \(ignored.location.line): \(ignored.because)"), .dim),
                indent: 2, hang: 6)
        }
        for notice in configuration.notices {
            gap()
            entry(
                notice.location?.description ?? configuration.name, notice.severity, notice.code, what: notice.message,
                why: notice.why, mend: notice.mend)
        }
    }

    private mutating func entry(
        _ place: String, _ severity: Finding.Severity, _ code: String, what: String, why: String, mend: String
    ) {
        line(
            Span(VisibleText.escape(place), .bold), Span("  \(severity.rawValue)", severity.style),
            Span("  " + VisibleText.escape(code), .dim))
        paragraph(Span("what", .dim), Span(VisibleText.escape(what)), indent: 2, hang: 6)
        if !why.isEmpty { paragraph(Span("why", .dim), Span(VisibleText.escape(why)), indent: 2, hang: 6) }
        if !mend.isEmpty { paragraph(Span("mend", .dim), Span(VisibleText.escape(mend), .bold), indent: 2, hang: 6) }
    }
}
