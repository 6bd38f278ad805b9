import WireBasics

/// What a lint comes to, in one sentence.
struct LintSentence {
    let report: LintReport

    /// The sentence.
    var text: String {
        let found = mistakes
        guard report.refused > 0 else { return found }
        let count = report.configurations.count
        let refusal =
            count == 1
            ? "Its own check refuses this configuration: no rule was applied."
            : "\(Quantity.grouped(report.refused)) of \(Quantity.counted(count, "configuration")) cannot be used."
        return report.worst ?? .hint > .hint ? "\(refusal) \(found)" : refusal
    }

    private var mistakes: String {
        let errors = report.count(.error)
        let warnings = report.count(.warning)
        let count = report.configurations.count
        let all = count == 1 ? "the configuration" : "\(Quantity.counted(count, "configuration"))"
        if errors > 0 {
            return "Do not deploy this as it is: \(Quantity.counted(errors, "mistake")) will break WebSocket."
        }
        if warnings > 0 { return "\(Quantity.counted(warnings, "mistake")) may break WebSocket." }
        return report.count(.hint) > 0
            ? "No mistake was found in \(all) that breaks WebSocket." : "No mistake was found in \(all)."
    }

    /// `1 configuration · 2 errors · 1 hint · 1 ignored`.
    var counts: String {
        var parts = [Quantity.counted(report.configurations.count, "configuration")]
        if report.refused > 0 { parts.append("\(Quantity.grouped(report.refused)) refused") }
        for severity in Finding.Severity.allCases.reversed() where report.count(severity) > 0 {
            parts.append(Quantity.counted(report.count(severity), severity.rawValue))
        }
        if report.ignored > 0 { parts.append("\(Quantity.grouped(report.ignored)) ignored") }
        return parts.joined(separator: " · ")
    }
}
