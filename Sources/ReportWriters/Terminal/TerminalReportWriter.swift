/// Writes documents as text for a terminal, wrapped to its width, in colour only where asked.
public struct TerminalReportWriter: ReportWriter {
    /// The format's name.
    public let name = "text"
    /// What it is good for.
    public let summary = "for people at a terminal"

    /// The writer.
    public init() {}

    /// Every kind of document has a form.
    public func writes(_ kind: ReportDocument.Kind) -> Bool { true }

    /// Writes the document.
    public func write(_ document: ReportDocument, _ options: ReportOptions, to sink: @escaping ([UInt8]) -> Void) {
        var page = TerminalPage(options, to: sink)
        switch document {
        case .replay(let run), .compare(let run): page.write(replay: ReportModel(run, options))
        case .try(let run): page.write(try: ReportModel(run, options))
        case .inspect(let report): page.write(inspect: report, options)
        case .test(let report): page.write(test: report, options)
        case .lint(let report): page.write(lint: report)
        case .error(let report): page.write(error: report)
        }
        page.finish()
    }
}
