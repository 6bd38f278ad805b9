import WireBasics

/// What a lint comes to, in one sentence.
struct LintSentence {
    let report: LintReport

    /// The sentence.
    var text: String {
        let errors = report.count(.error)
        let warnings = report.count(.warning)
        let count = report.configurations.count
        let all = count == 1 ? "the configuration" : "\(Quantity.counted(count, "configuration"))"
        if report.refused > 0 {
            return report.refused == count && count == 1
                ? "Its own check refuses this configuration: nothing else was looked at."
                : "\(Quantity.counted(report.refused, "configuration")) of \(Quantity.grouped(count)) cannot be used."
        }
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
