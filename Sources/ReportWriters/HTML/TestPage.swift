import ProxyModel
import Verdicts
import WireBasics

/// The page of a test run: the cases, and the expectations that were not met.
struct TestPage {
    private let report: TestReport
    private let options: ReportOptions
    private var html: HTMLBuilder

    init(_ report: TestReport, _ options: ReportOptions, to sink: @escaping ([UInt8]) -> Void) {
        self.report = report
        self.options = options
        html = HTMLBuilder(sink)
    }

    /// Writes the whole page.
    mutating func write() {
        let sentence = sentence
        let frame = PageFrame(title: "wsreplay: " + sentence, sections: [("cases", "Cases"), ("about", "About")])
        frame.begin(&html)
        html.open("section", .class("verdict", worst))
        html.element("p", .class("kicker"), text: "Cases")
        html.element("h1", text: sentence)
        html.open("ul", .class("tally"))
        for ending in TestCaseResult.Ending.allCases where report.count(ending) > 0 {
            html.element(
                "li", .class("word", ending.styleName),
                text: "\(Quantity.grouped(report.count(ending))) \(ending.rawValue)")
        }
        html.close()
        html.open("dl", .class("facts"))
        let command = VisibleText.escape(report.command)
        html.fact("Repeat") { $0.element("code", text: command) }
        html.close()
        html.close()
        html.element("h2", .id("cases"), text: "Cases")
        let order = TestCaseResult.Ending.worstFirst
        for ending in order {
            for (index, result) in report.cases.enumerated() where result.ending == ending { write(result, index) }
        }
        let program = options.program
        frame.end(&html) { html in
            html.element("h2", text: "About this report")
            html.element("p", text: "\(program). The JSON report holds the replay behind each case.")
        }
    }

    private var worst: StyleName {
        TestCaseResult.Ending.worstFirst.first { report.count($0) > 0 }?.styleName ?? .skipped
    }

    private var sentence: String {
        let total = Quantity.counted(report.cases.count, "case")
        let failed = report.count(.failed)
        if report.cases.isEmpty { return "There are no cases." }
        if failed > 0 { return "\(Quantity.grouped(failed)) of \(total) \(failed == 1 ? "fails" : "fail")." }
        let passed = report.count(.passed)
        return passed == report.cases.count
            ? "All \(total) pass." : "\(Quantity.grouped(passed)) of \(total) pass, none fails."
    }

    private mutating func write(_ result: TestCaseResult, _ index: Int) {
        html.open(
            "details", .class("session"), .id("case\(index + 1)"), result.ending == .failed ? .fixed("open", "") : nil)
        html.open("summary")
        html.element("span", .class("word", result.ending.styleName), text: result.ending.rawValue)
        html.element("span", .class("sum-id"), text: result.name)
        html.element("span", .class("quiet"), text: Quantity.counted(result.expectations, "expectation"))
        html.close()
        html.open("div")
        let run =
            result.run
            ?? RunResult(command: "", captures: [], proxies: [], sessions: [], notReplayed: [], findings: [])
        let model = ReportModel(run, options)
        if !result.failures.isEmpty { failures(result.failures, model) }
        for reason in result.reasons {
            html.element("p", text: model.redaction.show(reason.because))
            if !reason.mend.isEmpty { html.element("p", text: model.redaction.show(reason.mend)) }
        }
        if result.failures.isEmpty, result.reasons.isEmpty {
            html.element("p", .class("quiet"), text: "Everything came out as expected.")
        }
        html.close()
        html.close()
    }

    private mutating func failures(_ failures: [FailedClaim], _ model: ReportModel) {
        html.open("div", .class("scroll"))
        html.open("table", .class("wide"))
        html.columns(["Session", "What", "Expected", "Got", "Because", "Mend"])
        html.open("tbody")
        for failure in failures {
            let difference = failure.difference
            html.open("tr")
            html.element("td", .class("nowrap"), text: failure.session?.description ?? "")
            html.open("td")
            html.element("span", .class("m"), text: difference.path)
            html.element("span", .class("quiet"), text: " stated in \(failure.location)")
            html.close()
            for value in [difference.expected, difference.actual] {
                let text = model.show(value, path: difference.path)
                html.element("td", .class("m"), text: ColumnText.shortened(text, to: options.maximumShownBytes))
            }
            let place = difference.explanation.source.map { $0.source + ": " } ?? ""
            html.element("td", text: place + model.redaction.show(difference.explanation.because))
            html.element("td", text: model.redaction.show(difference.explanation.mend))
            html.close()
        }
        html.close()
        html.close()
        html.close()
    }
}

extension TestCaseResult.Ending {
    /// The order in which reports list cases.
    static let worstFirst: [Self] = [.failed, .inconclusive, .skipped, .passed]

    /// The ending's word in the style sheet.
    var styleName: StyleName {
        switch self {
        case .passed: .passed
        case .failed: .failed
        case .inconclusive: .inconclusive
        case .skipped: .skipped
        }
    }
}
