import ProxyModel
import Verdicts
import WireBasics

extension RunPage {
    /// What to mend: one entry a cause, the worst first.
    mutating func causes() {
        causes(model.causesTitle, "mend", model.toMend)
        causes("Good to know", "hints", model.hints)
    }

    private mutating func causes(_ title: String, _ id: String, _ groups: [MendGroup]) {
        guard !groups.isEmpty else { return }
        html.element("h2", .id(id), text: title)
        html.open("ol", .class("causes"))
        for group in groups { cause(group) }
        html.close()
    }

    private mutating func cause(_ group: MendGroup) {
        html.open(
            "li", .class("cause", group.severity.styleName), .id("d\(group.number)"),
            .filterKey("d:\(group.number)"))
        html.element("span", .class("no"), .fixed("aria-hidden", "true"), text: "\(group.number)")
        html.open("div")
        html.element("h3", text: model.redaction.show(group.explanation.because))
        html.open("div", .class("meta"))
        html.element("span", .class("word", group.severity.styleName), text: Self.word(group.severity))
        html.open("span")
        place(group.explanation.source, otherwise: "a built-in default")
        html.close()
        html.element("span", text: group.blame.words)
        sessionLinks(group.sessions)
        html.close()
        excerpt(group)
        mend(group.explanation)
        effects(group)
        html.close()
        html.close()
    }

    private static func word(_ severity: Finding.Severity) -> String {
        switch severity {
        case .error: "breaks sessions"
        case .warning: "an end can see it"
        case .hint: "good to know"
        }
    }

    private mutating func effects(_ group: MendGroup) {
        html.open("div", .class("scroll"))
        html.open("table")
        html.columns(["What differs", model.expectedTitle, model.actualTitle, "Sessions"], numeric: [3])
        html.open("tbody")
        for effect in group.effects.prefix(12) {
            let difference = effect.difference
            html.open("tr")
            path(of: difference)
            value(difference.expected, of: difference, style: .class("m"))
            value(difference.actual, of: difference, style: .class("m word", difference.severity.styleName))
            html.element("td", .class("n"), text: Quantity.grouped(effect.sessions))
            html.close()
        }
        html.close()
        html.close()
        html.close()
        if group.effects.count > 12 {
            html.element(
                "p", .class("quiet"), text: "and \(Quantity.grouped(group.effects.count - 12)) further effects")
        }
    }

    /// A cell with the path of a difference, in one line where it is as short as paths are.
    mutating func path(of difference: Difference) {
        let path = limited(difference.path)
        html.element("td", path.utf8.count <= 48 ? .class("m nowrap") : .class("m"), text: path)
    }

    /// A cell with a value of a difference.
    mutating func value(_ value: DifferenceValue?, of difference: Difference, style: HTMLAttribute) {
        guard let value else { return html.element("td", .class("quiet"), text: "nothing") }
        html.element("td", style, text: model.show(value, path: difference.path))
    }

    /// What to write instead.
    mutating func mend(_ explanation: Explanation) {
        guard !explanation.mend.isEmpty else { return }
        html.open("div", .class("mend"))
        html.element("b", text: "Mend")
        quoting(model.redaction.show(explanation.mend))
        html.raw(" ")
        html.copyButton("copy", copies: model.redaction.show(explanation.mend))
        html.close()
    }

    /// Text in which backticks quote what is to be written.
    private mutating func quoting(_ text: String) {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            // A last backtick without a partner is one of the text's own.
            if index % 2 == 1, index < parts.count - 1 {
                html.element("code", text: String(part))
            } else {
                html.text(index % 2 == 1 ? "`" + part : String(part))
            }
        }
    }

    /// The line behind a cause with those around it.
    private mutating func excerpt(_ group: MendGroup) {
        guard let source = group.explanation.source, let file = marks.file(named: source.file) else { return }
        let lines = marks.lines(of: file)
        guard lines.indices.contains(source.line - 1) else { return }
        html.open("div", .class("excerpt"))
        html.open("table", .class("config"))
        html.open("tbody")
        for index in max(0, source.line - 3)...min(lines.count - 1, source.line + 1) {
            html.open("tr", index == source.line - 1 ? .class("named", group.severity.styleName) : nil)
            html.element("td", .class("ln m"), text: "\(index + 1)")
            html.open("td")
            html.element("pre", text: limited(lines[index]))
            html.close()
            html.close()
        }
        html.close()
        html.close()
        html.close()
    }

    /// Why sessions cannot be judged.
    mutating func doubts() {
        guard !model.doubts.isEmpty else { return }
        html.element("h2", .id("doubts"), text: "What could not be decided")
        html.open("ol", .class("causes"))
        for (number, doubt) in model.doubts.enumerated() {
            html.open("li", .class("cause", .inconclusive), .id("q\(number + 1)"))
            html.element("span", .class("no"), .fixed("aria-hidden", "true"), text: "?")
            html.open("div")
            html.element("h3", text: model.redaction.show(doubt.explanation.because))
            html.open("div", .class("meta"))
            if let source = doubt.explanation.source {
                html.open("span")
                place(source, otherwise: "")
                html.close()
            }
            sessionLinks(doubt.sessions)
            html.close()
            mend(doubt.explanation)
            html.close()
            html.close()
        }
        html.close()
    }

    // MARK: Parts

    /// A place in the configuration, as a link where the page holds it.
    mutating func place(_ source: ConfigLocation?, otherwise: String) {
        guard let source else { return html.text(otherwise) }
        if let anchor = marks.anchor(source) {
            html.element("a", .class("m"), .to(anchor), text: source.source)
        } else {
            html.element("span", .class("m"), text: source.source)
        }
    }

    private mutating func sessionLinks(_ sessions: [Int]) {
        html.open("span")
        html.text(Quantity.counted(sessions.count, "session") + ":")
        for index in sessions.prefix(12) {
            html.raw(" ")
            html.element("a", .to(anchors[index]), text: model.run.sessions[index].id.description)
        }
        if sessions.count > 12 { html.text(" and \(Quantity.grouped(sessions.count - 12)) more") }
        html.close()
    }

    /// A text that no redaction cut, cut to twice what a page shows of one value.
    func limited(_ text: String) -> String {
        let limit = 2 * max(100, model.options.maximumShownBytes)
        return text.utf8.count > limit ? ColumnText.shortened(text, to: limit) : text
    }
}
