import ProxyModel
import WireBasics

extension JUnitSuite {
    /// A suite for each configuration, a testcase for each finding.
    ///
    /// What may break WebSocket fails; a hint passes and says so; what a comment ignores is skipped.
    static func suites(_ report: LintReport) -> [JUnitSuite] {
        var taken: Set<String> = []
        return report.configurations.map { configuration in
            let file = VisibleText.escape(configuration.name)
            var cases = configuration.problems.map { problem in
                JUnitCase(
                    name: unique("\(file) is taken by \(configuration.product)", &taken), className: file,
                    ending: .inconclusive, message: VisibleText.escape(problem.message),
                    text: words(problem.location, problem.message, problem.why, problem.mend))
            }
            cases += configuration.findings.map { found in
                let finding = found.finding
                return JUnitCase(
                    name: unique("\(finding.code) \(VisibleText.escape(found.location.description))", &taken),
                    className: file, ending: finding.severity == .hint ? .passed : .failed,
                    message: VisibleText.escape(finding.message),
                    text: words(found.location, finding.message, finding.why, finding.mend))
            }
            cases += configuration.ignored.map { ignored in
                let finding = ignored.finding
                return JUnitCase(
                    name: unique("\(finding.finding.code) \(VisibleText.escape(finding.location.description))", &taken),
                    className: file, ending: .skipped, message: VisibleText.escape(ignored.because), text: "")
            }
            if cases.isEmpty {
                cases = [
                    JUnitCase(
                        name: unique("\(file) has no mistake that is known", &taken), className: file, ending: .passed,
                        message: "", text: "")
                ]
            }
            return JUnitSuite(name: file, cases: cases)
        }
    }

    private static func words(_ place: ConfigLocation?, _ what: String, _ why: String, _ mend: String) -> String {
        let lines = [
            (place.map { "\($0): " } ?? "") + what, why.isEmpty ? "" : "  why: " + why,
            mend.isEmpty ? "" : "  mend: " + mend,
        ]
        return lines.filter { !$0.isEmpty }.map { ColumnText.shortened(VisibleText.escape($0), to: 4000) }
            .joined(separator: "\n")
    }
}
