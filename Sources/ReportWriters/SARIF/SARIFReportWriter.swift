/// Writes lint reports as SARIF 2.1.0, which GitHub and editors show at the lines of the configuration.
///
/// Shape: one run; a rule with its help for each of the catalogue, a result with region, message and, where the mend is
/// text to write, a fix for each finding; ignored findings as suppressed results. A configuration that its own product
/// refuses is a notification of an invocation that did not succeed. Columns count UTF-16 code units, as SARIF has it.
/// Source: OASIS SARIF 2.1.0; GitHub's limits on what it takes.
public struct SARIFReportWriter: ReportWriter {
    /// The format's name.
    public let name = "sarif"
    /// What it is good for.
    public let summary = "for code scanning and editors: findings at their lines"

    /// The most results that GitHub takes of one run.
    static let mostResults = 25_000

    /// The writer.
    public init() {}

    /// Lint reports alone have places in files.
    public func writes(_ kind: ReportDocument.Kind) -> Bool { kind == .lint }

    /// Writes the document.
    public func write(_ document: ReportDocument, _ options: ReportOptions, to sink: @escaping ([UInt8]) -> Void) {
        guard case .lint(let report) = document else { return }
        var serializer = JSONSerializer(sink)
        serializer.write(SARIFLog(report: report, program: options.program).tree)
    }
}
