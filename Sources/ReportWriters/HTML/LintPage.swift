import ProxyModel
import WireBasics

/// The page of a lint: the mistakes by place, each with its reason, its mend and the rule behind it.
struct LintPage {
    private let report: LintReport
    private let options: ReportOptions
    private var html: HTMLBuilder

    init(_ report: LintReport, _ options: ReportOptions, to sink: @escaping ([UInt8]) -> Void) {
        self.report = report
        self.options = options
        html = HTMLBuilder(sink)
    }

    /// Writes the whole page.
    mutating func write() {
        let sentence = LintSentence(report: report)
        let frame = PageFrame(
            title: "wsreplay: " + sentence.text, sections: [("findings", "Findings"), ("about", "About")])
        frame.begin(&html)
        html.open("section", .class("verdict", worst))
        html.element("p", .class("kicker"), text: "Lint")
        html.element("h1", text: sentence.text)
        html.element("p", text: sentence.counts)
        html.open("dl", .class("facts"))
        html.fact("Repeat") { [command = report.command] in $0.element("code", text: command) }
        html.close()
        html.close()
        html.element("h2", .id("findings"), text: "Findings")
        for configuration in report.configurations { write(configuration) }
        let program = options.program
        frame.end(&html) { html in
            html.element("h2", text: "About this report")
            html.element("p", text: "\(program). The JSON report holds the mends as text edits.")
        }
    }

    private var worst: StyleName {
        report.refused > 0 ? .error : report.worst?.styleName ?? .passed
    }

    private mutating func write(_ configuration: LintedConfiguration) {
        html.open("details", .class("session"), .fixed("open", ""))
        html.open("summary")
        html.element("span", .class("sum-id"), text: configuration.name)
        html.element(
            "span", .class("quiet"), text: "\(configuration.product) (\(configuration.versionChosenBy))")
        html.close()
        html.open("div", .class("scroll"))
        html.open("table", .class("wide"))
        html.columns(["Severity", "Where", "What", "Why", "Mend"])
        html.open("tbody")
        for problem in configuration.problems {
            row(.error, "refused", problem.location, problem.message, problem.why, problem.mend)
        }
        for found in configuration.findings {
            let finding = found.finding
            row(finding.severity, finding.code, found.location, finding.message, finding.why, finding.mend)
        }
        for ignored in configuration.ignored {
            row(
                nil, ignored.finding.finding.code, ignored.finding.location, ignored.finding.finding.message,
                "line \(ignored.location.line): \(ignored.because)", "")
        }
        for notice in configuration.notices {
            row(notice.severity, notice.code, notice.location, notice.message, notice.why, notice.mend)
        }
        html.close()
        html.close()
        html.close()
        if configuration.findings.isEmpty, configuration.problems.isEmpty {
            html.element("p", .class("quiet"), text: "No mistake was found.")
        }
        html.close()
    }

    private mutating func row(
        _ severity: Finding.Severity?, _ code: String, _ place: ConfigLocation?, _ what: String, _ why: String,
        _ mend: String
    ) {
        html.open("tr")
        html.open("td", .class("nowrap"))
        html.element(
            "span", .class("word", severity?.styleName ?? .skipped), text: severity?.rawValue ?? "ignored")
        html.close()
        html.open("td")
        html.element("span", .class("m"), text: place?.description ?? "")
        html.element("span", .class("quiet"), text: " " + code)
        html.close()
        for text in [what, why, mend] {
            html.element("td", text: ColumnText.shortened(text, to: options.maximumShownBytes))
        }
        html.close()
    }
}
