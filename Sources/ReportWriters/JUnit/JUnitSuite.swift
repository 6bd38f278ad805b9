import ProxyModel
import Verdicts
import WebSocketWire
import WireBasics

/// A testsuite: a capture, or a folder of cases.
struct JUnitSuite {
    var name: String
    var cases: [JUnitCase]

    /// A suite for each capture of a run.
    static func suites(_ model: ReportModel) -> [JUnitSuite] {
        var suites: [JUnitSuite] = []
        var taken: Set<String> = []
        for session in model.run.sessions {
            let file = VisibleText.escape(session.id.file)
            if suites.last?.name != file { suites.append(JUnitSuite(name: file, cases: [])) }
            suites[suites.count - 1].cases.append(JUnitCase(session, model, &taken))
        }
        for missing in model.run.notReplayed {
            let file = VisibleText.escape(missing.id.file)
            let name = unique(VisibleText.escape(missing.id.description), &taken)
            let skipped = JUnitCase(
                name: name, className: file, ending: .skipped, message: model.redaction.show(missing.because), text: "")
            if let place = suites.firstIndex(where: { $0.name == file }) {
                suites[place].cases.append(skipped)
            } else {
                suites.append(JUnitSuite(name: file, cases: [skipped]))
            }
        }
        return suites
    }

    /// A suite for each folder that holds case folders.
    static func suites(_ report: TestReport, _ options: ReportOptions) -> [JUnitSuite] {
        var suites: [JUnitSuite] = []
        var taken: Set<String> = []
        for result in report.cases {
            let path = VisibleText.escape(result.name).split(separator: "/")
            let folder = path.count > 1 ? path.dropLast().joined(separator: "/") : "cases"
            let new = JUnitCase(
                result, folder: folder, name: unique(path.last.map(String.init) ?? "case", &taken), options)
            if let place = suites.firstIndex(where: { $0.name == folder }) {
                suites[place].cases.append(new)
            } else {
                suites.append(JUnitSuite(name: folder, cases: [new]))
            }
        }
        return suites
    }

    /// Names that come twice get a number: readers of JUnit files merge equal names.
    static func unique(_ name: String, _ taken: inout Set<String>) -> String {
        var candidate = name
        var number = 2
        while !taken.insert(candidate).inserted {
            candidate = "\(name) (\(number))"
            number += 1
        }
        return candidate
    }

    func write(_ xml: inout XMLText) {
        xml.open("testsuite", [("name", name)] + JUnitReportWriter.counts(cases))
        for testCase in cases { testCase.write(&xml) }
        xml.close()
    }
}

/// A testcase: a session of a capture, or a case.
struct JUnitCase {
    var name: String
    var className: String
    var ending: TestCaseResult.Ending
    /// One line on what is wrong.
    var message: String
    /// Everything on what is wrong, or what is worth knowing of what passes.
    var text: String

    init(name: String, className: String, ending: TestCaseResult.Ending, message: String, text: String) {
        self.name = name
        self.className = className
        self.ending = ending
        self.message = message
        self.text = text
    }

    /// A session as a testcase.
    init(_ session: SessionResult, _ model: ReportModel, _ taken: inout Set<String>) {
        let way = SessionFacts(session.transcript).destination(model.redaction)
        let own = "\(VisibleText.escape(session.id.description)) \(ColumnText.shortened(way, to: 200))"
        name = JUnitSuite.unique(own, &taken)
        className = VisibleText.escape(session.id.file)
        switch session.verdict {
        case .broken: ending = .failed
        case .inconclusive: ending = .inconclusive
        case .same, .changed, .fixed: ending = .passed
        }
        let differences = session.differences.indices.map { place in
            // The reason once for consecutive differences that share it.
            let difference = session.differences[place]
            let isLast =
                place + 1 == session.differences.count
                || session.differences[place + 1].explanation != difference.explanation
            return isLast ? Self.words(difference, stated: nil, model) : Self.what(difference, model)
        }
        let doubts = session.doubts.map { Self.words($0, model) }
        message =
            ending == .inconclusive
            ? session.doubts.first.map { model.redaction.show($0.because) } ?? "cannot be judged"
            : session.differences.first.map { Self.what($0, model) } ?? session.verdict.rawValue
        text = (doubts + differences).joined(separator: "\n")
        if ending == .passed, session.verdict != .same { text = "\(session.verdict.rawValue)\n\(text)" }
    }

    /// A case as a testcase.
    init(_ result: TestCaseResult, folder: String, name: String, _ options: ReportOptions) {
        let run =
            result.run ?? RunResult(command: "", captures: [], proxies: [], sessions: [], notReplayed: [], findings: [])
        let model = ReportModel(run, options)
        self.name = name
        className = folder
        ending = result.ending
        let failures = result.failures.map { failure in
            (failure.session.map { VisibleText.escape($0.description) + "\n" } ?? "")
                + Self.words(failure.difference, stated: failure.location, model)
        }
        text = (failures + result.reasons.map { Self.words($0, model) }).joined(separator: "\n")
        message =
            result.failures.first.map { Self.what($0.difference, model) }
            ?? result.reasons.first.map { model.redaction.show($0.because) } ?? ""
    }

    func write(_ xml: inout XMLText) {
        xml.open("testcase", [("classname", className), ("name", name)])
        switch ending {
        case .failed: xml.element("failure", [("message", message), ("type", "difference")], text: text)
        case .inconclusive: xml.element("error", [("message", message), ("type", "inconclusive")], text: text)
        case .skipped: xml.element("skipped", [("message", message)], text: "")
        case .passed: if !text.isEmpty { xml.element("system-out", [], text: text) }
        }
        xml.close()
    }

    // MARK: Words

    private static func what(_ difference: Difference, _ model: ReportModel) -> String {
        ColumnText.shortened(TerminalPage.what(difference, model), to: 400)
    }

    private static func words(_ difference: Difference, stated: ConfigLocation?, _ model: ReportModel) -> String {
        let stated = stated.map { "\n  stated in \(VisibleText.escape($0.description))" } ?? ""
        return what(difference, model) + stated + "\n" + words(difference.explanation, model)
    }

    private static func words(_ explanation: Explanation, _ model: ReportModel) -> String {
        let place = explanation.source.map { VisibleText.escape($0.description) + ": " } ?? ""
        let mend = explanation.mend.isEmpty ? "" : "\n  mend: " + model.redaction.show(explanation.mend)
        return "  why: " + place + model.redaction.show(explanation.because) + mend
    }
}
