/// Writes documents as JSON: `wsreplay.replay/1`, `wsreplay.try/1`, `wsreplay.compare/1`, `wsreplay.inspect/1`,
/// `wsreplay.test/1`, `wsreplay.lint/1`, `wsreplay.error/1`.
///
/// Shape: fixed by the schemas in `Schemas/`. Keys are lowerCamelCase and sorted; captured text is the bytes read as
/// ISO-8859-1; what must be exact is base64; instants are strings of decimal seconds since 1970. Fields may be added
/// under the same number.
///
/// Nothing is redacted here, whatever the options say: this is the form that other programs compare byte for byte with
/// a capture or with what a real proxy sent. Share the HTML report, not the JSON, with those who must not see secrets.
public struct JSONReportWriter: ReportWriter {
    /// The format's name.
    public let name = "json"
    /// What it is good for.
    public let summary = "for programs: everything, exact, with stable names"

    /// The writer.
    public init() {}

    /// Every kind of document has a form.
    public func writes(_ kind: ReportDocument.Kind) -> Bool { true }

    /// Writes the document, one session at a time.
    public func write(_ document: ReportDocument, _ options: ReportOptions, to sink: @escaping ([UInt8]) -> Void) {
        var serializer = JSONSerializer(sink)
        serializer.write(Self.tree(of: document, options))
    }

    private static func tree(of document: ReportDocument, _ options: ReportOptions) -> JSONValue {
        let content: JSONValue
        switch document {
        case .replay(let run), .try(let run), .compare(let run): content = RunJSON.object(run)
        case .inspect(let report): content = InspectJSON.object(report, listsFrames: options.listsFrames)
        case .test(let report): content = TestJSON.object(report)
        case .lint(let report): content = LintJSON.object(report)
        case .error(let report): content = ErrorJSON.object(report)
        }
        return content.merging(["schema": .string("wsreplay.\(document.kind.rawValue)/1")])
    }
}
