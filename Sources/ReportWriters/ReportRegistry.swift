/// The report formats.
///
/// The command line's options come from here: a further format is one more line.
public enum ReportRegistry {
    /// All formats, in the order in which help lists them.
    public static let writers: [any ReportWriter] = [
        TerminalReportWriter(),
        JSONReportWriter(),
        HTMLReportWriter(),
        JUnitReportWriter(),
        SARIFReportWriter(),
    ]

    /// The format of that name: `text`, `json`, `html`, `junit`, `sarif`.
    public static func writer(named name: String) -> (any ReportWriter)? {
        writers.first { $0.name == name }
    }
}
