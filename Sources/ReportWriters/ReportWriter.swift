/// Turns documents into bytes of one format.
///
/// A further format is a folder with a type of this protocol and a line in `ReportRegistry`. Writers are pure: the same
/// document and options give the same bytes. What comes out is inert wherever it is shown: no byte of a capture can
/// become markup, script or a terminal control.
public protocol ReportWriter: Sendable {
    /// The name in options and in the registry, for example `html`.
    var name: String { get }
    /// What the format is good for, in a few words for `--help`.
    var summary: String { get }

    /// Whether the format has a form for such documents.
    func writes(_ kind: ReportDocument.Kind) -> Bool

    /// Hands the document's bytes to `sink`, piece by piece in order. A document that the format has no form for gives
    /// no bytes.
    func write(_ document: ReportDocument, _ options: ReportOptions, to sink: @escaping ([UInt8]) -> Void)
}

extension ReportWriter {
    /// The whole document in one array.
    public func render(_ document: ReportDocument, _ options: ReportOptions = ReportOptions()) -> [UInt8] {
        let collected = Collected()
        write(document, options) { collected.bytes += $0 }
        return collected.bytes
    }
}

/// What an escaping closure appends to.
private final class Collected {
    var bytes: [UInt8] = []
}
