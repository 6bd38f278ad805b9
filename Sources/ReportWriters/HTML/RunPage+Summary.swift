import Verdicts
import WireBasics

extension RunPage {
    /// The sentence, the counts, what went in and how to repeat it.
    mutating func summary() {
        html.open("section", .class("verdict", model.sentence.verdict?.styleName ?? .skipped))
        let product = model.run.proxies.map(\.product).joined(separator: ", ")
        html.element(
            "p", .class("kicker"),
            text: model.run.captures.isEmpty
                ? "One request through \(product)" : "Captured traffic replayed through \(product)")
        html.element("h1", text: model.sentence.text)
        tally()
        html.open("dl", .class("facts"))
        for capture in model.run.captures { fact(of: capture) }
        for (role, proxy) in model.roles { fact(of: proxy, as: role) }
        let command = model.redaction.show(Array(model.run.command.utf8))
        html.fact("Repeat") { html in
            html.open("span", .class("command"))
            html.element("code", text: command)
            html.copyButton("copy", copies: command)
            html.close()
        }
        if let selection = model.run.selection {
            html.fact("Filter") { html in html.text(selection.text) }
        }
        if !model.run.notReplayed.isEmpty { notReplayed() }
        html.close()
        html.close()
    }

    private var order: [Verdict] { Verdict.allCases.sorted { $0.rank < $1.rank } }

    /// The counts in words, and as one bar.
    private mutating func tally() {
        let total = model.run.sessions.count
        guard total > 1 else { return }
        html.open("ul", .class("tally"))
        for verdict in order where model.run.count(verdict) > 0 {
            html.open("li")
            html.open(
                "a", .class("word", verdict.styleName), .to("sessions"), .filters(verdict.styleName),
                .label("show the \(verdict.rawValue) sessions"))
            html.element("span", .fixed("aria-hidden", "true"), text: verdict.mark)
            html.element("b", text: " " + Quantity.grouped(model.run.count(verdict)))
            html.text(" " + verdict.rawValue)
            html.close()
            html.close()
        }
        html.close()
        html.open(
            "svg", .class("share"), .box([0, 0, 1000, 7]), .fixed("preserveAspectRatio", "none"),
            .fixed("aria-hidden", "true"))
        var before = 0
        for verdict in order {
            let count = model.run.count(verdict)
            guard count > 0 else { continue }
            let (from, to) = (before * 1000 / total, (before + count) * 1000 / total)
            html.element(
                "rect", .class("fill", verdict.styleName), .number("x", from), .number("width", max(2, to - from - 2)),
                .fixed("height", "7"), text: "")
            before += count
        }
        html.close()
    }

    private mutating func fact(of capture: CaptureSummary) {
        html.fact(capture.continuation == nil ? "Capture" : "Goes on in") { html in
            html.element("strong", text: capture.path)
            let span = capture.span.map { ", \($0.last - $0.first)" } ?? ""
            html.text(
                "  \(Quantity.counted(capture.packets, "packet")), "
                    + capture.connectionWords + span + " ")
            html.element("span", .class("hash m"), text: "SHA-256 \(capture.sha256)")
        }
    }

    private mutating func fact(of proxy: ProxySummary, as role: String) {
        let title = model.isComparison ? role.prefix(1).uppercased() + role.dropFirst() : "Proxy"
        html.fact(model.run.proxies.count > 1 ? "\(title) (hop)" : title) { html in
            html.element("strong", text: proxy.name)
            html.text("  as \(proxy.product), \(proxy.versionChosenBy) ")
            for file in proxy.files {
                let name = file.path == proxy.name ? "" : file.path + " "
                html.element("span", .class("hash m"), text: "\(name)SHA-256 \(file.sha256) ")
            }
        }
    }

    private mutating func notReplayed() {
        let (missing, redaction) = (model.run.notReplayed, model.redaction)
        html.fact("Not replayed") { html in
            html.open("details")
            html.element("summary", text: Quantity.counted(missing.count, "exchange"))
            html.open("ul")
            for item in missing.prefix(200) {
                html.element("li", text: "\(item.id): \(redaction.show(item.because))")
            }
            if missing.count > 200 { html.element("li", text: "and \(Quantity.grouped(missing.count - 200)) more") }
            html.close()
            html.close()
        }
    }

    /// What was left out, what was hidden, what made the page.
    static func about(_ model: ReportModel, _ omitted: Omitted, _ html: inout HTMLBuilder) {
        html.element("h2", text: "About this report")
        var sentences: [String] = []
        if model.options.showsSecrets {
            sentences.append("Credentials are shown as captured: think before you forward this page.")
        } else {
            let count = model.redaction.count
            sentences.append(
                count == 0
                    ? "No credentials were recognised in what is shown."
                    : "\(Quantity.counted(count, "credential")) hidden; equal values carry the same letter.")
        }
        if omitted.details > 0 {
            sentences.append(
                "\(Quantity.counted(omitted.details, "session")) that came out well enough have no details here, to "
                    + "keep the page small: the JSON report has them under /sessions.")
        }
        if omitted.rows > 0 {
            sentences.append(
                "\(Quantity.counted(omitted.rows, "session")) are not listed: the JSON report has them under /sessions."
            )
        }
        if omitted.frames > 0 {
            sentences.append("\(Quantity.counted(omitted.frames, "frame")) of the flows were left out.")
        }
        sentences.append(
            "The verdicts come from a model of the proxy, not from the proxy itself; what the model does not know makes "
                + "a verdict inconclusive.")
        html.element("p", text: sentences.joined(separator: " "))
        let products = model.run.proxies.map { "\($0.name) as \($0.product)" }.joined(separator: ", ")
        html.element("p", text: "\(model.options.program). Modelled: \(products).")
        html.open("details", .id("keys"), .class("more keys"))
        html.element("summary", text: "Keys and filters")
        html.element(
            "p",
            text: "/ filter, j and k next and previous session, n and p next and previous cause, ? this help. Filters: "
                + "v:broken, d:1 for a cause, words, \"phrases\", ! in front for what must not be there.")
        html.close()
    }
}
