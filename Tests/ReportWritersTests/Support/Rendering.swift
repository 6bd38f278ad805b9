import Testing
import ReportWriters

/// A writer and a document, to run a test on each pair.
struct Rendering: CustomTestStringConvertible, Sendable {
    var writer: any ReportWriter
    var document: ReportDocument

    var testDescription: String { "\(document.kind.rawValue) as \(writer.name)" }

    /// Every document in every format that has a form for it.
    static func all(_ documents: [ReportDocument]) -> [Rendering] {
        documents.flatMap { document in
            ReportRegistry.writers.filter { $0.writes(document.kind) }.map { Rendering(writer: $0, document: document) }
        }
    }

    /// The document's bytes with everything listed.
    func bytes(_ change: (inout ReportOptions) -> Void = { _ in }) -> [UInt8] {
        var options = ReportOptions()
        options.listsFrames = true
        options.listsTrace = true
        options.program = "wsreplay 0.1.0"
        change(&options)
        return writer.render(document, options)
    }
}

extension ReportDocument {
    /// The document as text of that format.
    func text(_ format: String, _ change: (inout ReportOptions) -> Void = { _ in }) -> String {
        guard let writer = ReportRegistry.writer(named: format) else { return "" }
        return String(decoding: Rendering(writer: writer, document: self).bytes(change), as: UTF8.self)
    }
}
