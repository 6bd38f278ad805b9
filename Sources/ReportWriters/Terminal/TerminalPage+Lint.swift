import ProxyModel
import WireBasics

extension TerminalPage {
    /// What to mend by place, each with reason and mend, what is good to know, and the counts at the end.
    mutating func write(lint report: LintReport) {
        table(
            report.configurations.map { configuration in
                [
                    Span("configuration", .dim), Span(VisibleText.escape(configuration.name)),
                    Span(VisibleText.escape("\(configuration.product) (\(configuration.versionChosenBy))"), .dim),
                ]
            }, indent: 0, flexible: [1, 2])
        for configuration in report.configurations where configuration.isRefused { refusal(configuration) }
        let findings = report.configurations.flatMap(\.findings)
        entries("What to mend", findings.filter { $0.finding.severity > .hint }.map(\.finding))
        entries(
            "Good to know",
            findings.filter { $0.finding.severity == .hint }.map(\.finding) + report.configurations.flatMap(\.notices))
        ignored(report.configurations.flatMap(\.ignored))
        gap()
        let sentence = LintSentence(report: report)
        paragraph(Span(sentence.counts, .dim))
        paragraph(Span(sentence.text, report.refused > 0 ? .boldRed : report.worst?.style ?? .green))
    }

    private mutating func refusal(_ configuration: LintedConfiguration) {
        entries(
            "Refused",
            configuration.problems.map { problem in
                Finding(
                    code: "", severity: .error, blame: .proxyConfig, message: problem.message, why: problem.why,
                    mend: problem.mend,
                    location: problem.location ?? ConfigLocation(file: configuration.name, line: 1))
            })
        guard !configuration.nativeOutput.isEmpty else { return }
        gap()
        for text in configuration.nativeOutput { paragraph(Span(VisibleText.escape(text), .dim), indent: 2) }
    }

    private mutating func entries(_ title: String, _ findings: [Finding]) {
        guard !findings.isEmpty else { return }
        heading(title)
        for finding in findings {
            gap()
            line(
                Span(VisibleText.escape(finding.location?.description ?? ""), .bold),
                Span("  \(finding.severity.rawValue)", finding.severity.style),
                Span("  " + VisibleText.escape(finding.code), .dim))
            for (label, text, style) in [
                ("what", finding.message, Style.plain), ("why", finding.why, .plain), ("mend", finding.mend, .bold),
            ] where !text.isEmpty {
                paragraph(Span(label, .dim), Span(VisibleText.escape(text), style), indent: 2, hang: 6)
            }
        }
    }

    private mutating func ignored(_ findings: [IgnoredFinding]) {
        guard !findings.isEmpty else { return }
        heading("Ignored")
        for ignored in findings {
            gap()
            line(
                Span(VisibleText.escape(ignored.finding.location.description), .bold),
                Span("  " + VisibleText.escape(ignored.finding.finding.code), .dim))
            paragraph(
                Span("why", .dim), Span(VisibleText.escape("line \(ignored.location.line): \(ignored.because)")),
                indent: 2, hang: 6)
        }
    }
}
