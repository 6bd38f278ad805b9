import HTTPWire
import ProxyModel
import Verdicts
import WebSocketWire
import WireBasics

extension RunPage {
    /// The header lines on their way: request and response, a column a stretch, the reason behind each change.
    mutating func headers(_ session: SessionResult) {
        journey(HeaderJourney(request: session.transcript, session.outcome), title: "The request on its way")
        if let response = HeaderJourney(response: session.outcome) {
            journey(response, title: "The response on its way")
        }
    }

    private mutating func journey(_ journey: HeaderJourney, title: String) {
        html.element("h3", .class("sub"), text: title)
        html.open("div", .class("scroll"))
        html.open("table", .class("wide"))
        html.columns(["Field"] + journey.stretches + ["Because"])
        html.open("tbody")
        html.open("tr")
        html.element("td", .class("quiet"), text: "start line")
        for line in journey.startLines {
            html.element("td", .class("m"), text: line.map { model.redaction.show($0) } ?? "")
        }
        html.raw("<td></td>")
        html.close()
        for row in journey.rows { write(row, of: journey) }
        html.close()
        html.close()
        html.close()
    }

    private mutating func write(_ row: HeaderJourney.Row, of journey: HeaderJourney) {
        html.open("tr", row.isUnchanged ? .class("unchanged") : nil)
        html.element("td", .class("m nowrap"), text: model.redaction.show(row.name.bytes))
        for stretch in row.fields.indices { cell(row, stretch, wasSent: journey.startLines[stretch] != nil) }
        html.open("td")
        reasons(row)
        html.close()
        html.close()
    }

    /// What a stretch carries: as before, changed, new, or no longer there.
    private mutating func cell(_ row: HeaderJourney.Row, _ stretch: Int, wasSent: Bool) {
        let field = row.fields[stretch]
        let before = stretch > 0 ? row.fields[stretch - 1] : nil
        html.open("td", .class("m"))
        defer { html.close() }
        guard let field else {
            guard let before, wasSent else { return }
            html.element("del", text: model.redaction.value(of: before))
            html.element("span", .class("gone"), text: " not passed on")
            return
        }
        let shown = model.redaction.value(of: field)
        guard stretch > 0 else { return html.text(shown) }
        if let before {
            if before.value == field.value { return html.text(shown) }
            html.element("span", .class("other"), text: shown)
        } else {
            html.element("span", .class("new"), text: shown)
        }
    }

    /// The reasons that say more than "passed on".
    private mutating func reasons(_ row: HeaderJourney.Row) {
        var isFirst = true
        for stretch in row.explanations.indices {
            guard let explanation = row.explanations[stretch] else { continue }
            let origin = row.origins[stretch]
            guard origin == nil || origin == .directive || origin == .default else { continue }
            if !isFirst { html.raw("<br>") }
            isFirst = false
            if let source = explanation.source {
                place(source, otherwise: "")
                html.raw(" ")
            }
            html.text(model.redaction.show(explanation.because))
        }
    }
}
