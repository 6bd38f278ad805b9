import Verdicts

/// Writes a run as one HTML file that explains itself: no network, readable without script, safe to forward.
///
/// Credentials are hidden unless the options say otherwise. Captured bytes cannot become markup, script, styles or
/// links (`HTMLBuilder`), and a Content-Security-Policy keeps the page from doing anything but what it came with.
public struct HTMLReportWriter: ReportWriter {
    /// The format's name.
    public let name = "html"
    /// What it is good for.
    public let summary = "for people who were not there: one self-contained page"

    /// The writer.
    public init() {}

    /// Replays, single requests, comparisons, cases and lints have a page.
    public func writes(_ kind: ReportDocument.Kind) -> Bool {
        [.replay, .try, .compare, .test, .lint].contains(kind)
    }

    /// Writes the page.
    public func write(_ document: ReportDocument, _ options: ReportOptions, to sink: @escaping ([UInt8]) -> Void) {
        switch document {
        case .replay(let run), .try(let run), .compare(let run):
            var page = RunPage(ReportModel(run, options), to: sink)
            page.write()
        case .test(let report):
            var page = TestPage(report, options, to: sink)
            page.write()
        case .lint(let report):
            var page = LintPage(report, options, to: sink)
            page.write()
        case .inspect, .error:
            break
        }
    }
}
