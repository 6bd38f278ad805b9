import Verdicts

/// Writes runs and cases as JUnit XML, the form that CI systems read.
///
/// Shape: a capture is a testsuite and a session a testcase; of a test run each folder of cases is a testsuite. What
/// breaks is a `failure`, what cannot be judged an `error`, what was not run is `skipped`. A session that comes out
/// changed passes and says so in `system-out`: both ends still work. Names are unique. Characters that XML 1.0 forbids
/// are replaced. Credentials are hidden unless the options say otherwise.
public struct JUnitReportWriter: ReportWriter {
    /// The format's name.
    public let name = "junit"
    /// What it is good for.
    public let summary = "for CI systems"

    /// The writer.
    public init() {}

    /// Replays, single requests, comparisons, cases and lints have a form.
    public func writes(_ kind: ReportDocument.Kind) -> Bool {
        [.replay, .try, .compare, .test, .lint].contains(kind)
    }

    /// Writes the document.
    public func write(_ document: ReportDocument, _ options: ReportOptions, to sink: @escaping ([UInt8]) -> Void) {
        let suites: [JUnitSuite]
        switch document {
        case .replay(let run), .try(let run), .compare(let run): suites = JUnitSuite.suites(ReportModel(run, options))
        case .test(let report): suites = JUnitSuite.suites(report, options)
        case .lint(let report): suites = JUnitSuite.suites(report)
        case .inspect, .error: return
        }
        var xml = XMLText(sink)
        xml.declaration()
        let cases = suites.flatMap(\.cases)
        xml.open("testsuites", Self.counts(cases))
        for suite in suites { suite.write(&xml) }
        xml.finish()
    }

    /// The counts that `testsuites` and `testsuite` carry.
    static func counts(_ cases: [JUnitCase]) -> [(StaticString, String)] {
        [
            ("tests", String(cases.count)), ("failures", String(cases.count { $0.ending == .failed })),
            ("errors", String(cases.count { $0.ending == .inconclusive })),
            ("skipped", String(cases.count { $0.ending == .skipped })),
        ]
    }
}
