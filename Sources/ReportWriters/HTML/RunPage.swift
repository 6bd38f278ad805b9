import ProxyModel
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

/// The page of a run: what it comes to, what to mend, the sessions, the configuration, the limits.
struct RunPage {
    let model: ReportModel
    var html: HTMLBuilder
    /// The names of the sessions on the page, by index; stable from run to run.
    let anchors: [String]
    /// Lines of the configuration that a group names.
    let marks: ConfigurationMarks
    /// The instant that starts are counted from: the first packet, or the first request.
    let origin: CaptureInstant
    /// Sessions without details on the page, and rows left out, for the section on limits.
    var omitted = Omitted()

    /// What did not fit.
    struct Omitted {
        var details = 0
        var rows = 0
        var frames = 0
    }

    init(_ model: ReportModel, to sink: @escaping ([UInt8]) -> Void) {
        self.model = model
        html = HTMLBuilder(sink)
        anchors = Self.anchors(model.run.sessions)
        marks = ConfigurationMarks(model)
        let starts = model.run.captures.compactMap { $0.span?.first }
        origin = (starts + model.run.sessions.map(\.transcript.request.first.instant)).min() ?? .epoch
    }

    /// Writes the whole page.
    mutating func write() {
        let frame = PageFrame(title: "wsreplay: " + model.sentence.text, sections: sections)
        frame.begin(&html)
        summary()
        causes()
        doubts()
        sessionTable()
        sessionDetails()
        findings()
        configuration()
        let (model, omitted) = (model, omitted)
        frame.end(&html) { Self.about(model, omitted, &$0) }
    }

    private var sections: [(anchor: String, name: String)] {
        var sections: [(anchor: String, name: String)] = []
        if !model.toMend.isEmpty { sections.append(("mend", model.causesTitle)) }
        if !model.doubts.isEmpty { sections.append(("doubts", "Undecided")) }
        if model.run.sessions.count > 1 { sections.append(("sessions", "Sessions")) }
        sections.append(("details", "Details"))
        if !marks.files.isEmpty { sections.append(("configuration", "Configuration")) }
        return sections + [("about", "About")]
    }

    /// `s3`, or `s2-3` where there are several captures: the third session of the second one.
    private static func anchors(_ sessions: [SessionResult]) -> [String] {
        var files: [String: Int] = [:]
        for session in sessions where files[session.id.file] == nil { files[session.id.file] = files.count + 1 }
        var taken: Set<String> = []
        return sessions.enumerated().map { index, session in
            let file = files.count > 1 ? "\(files[session.id.file] ?? 0)-" : ""
            let anchor = "s\(file)\(session.id.number)"
            // Two captures of the same name in different folders.
            return taken.insert(anchor).inserted ? anchor : "\(anchor)-\(index)"
        }
    }
}

extension Verdict {
    /// The verdict's word in the style sheet.
    var styleName: StyleName {
        switch self {
        case .broken: .broken
        case .inconclusive: .inconclusive
        case .changed: .changed
        case .fixed: .fixed
        case .same: .same
        }
    }
}

extension Finding.Severity {
    /// The severity's word in the style sheet.
    var styleName: StyleName {
        switch self {
        case .error: .error
        case .warning: .warning
        case .hint: .hint
        }
    }
}
