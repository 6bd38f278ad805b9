import Verdicts
import WebSocketWire
import WireBasics

extension RunPage {
    /// The flow of a session, drawn with lanes, and the same as a table.
    mutating func flow(_ session: SessionResult, anchor: String, _ framesLeft: inout Int) {
        let limit = max(0, min(session.verdict == .same ? 12 : 40, framesLeft))
        let flow = SessionFlow(session, redaction: model.redaction, places: model.places, frames: limit)
        framesLeft -= min(framesLeft, session.transcript.tunnel?.frames.count ?? 0, limit)
        omitted.frames += flow.omittedFrames
        html.element("h3", .class("sub"), text: "What goes between them")
        html.open("div", .class("scroll"))
        FlowDiagram(flow).write(&html)
        html.close()
        html.open("details", .class("more"))
        html.element("summary", text: "The same as a table")
        html.open("div", .class("scroll"))
        html.open("table")
        html.columns(["Time", "From", "To", "What", "Packet"], numeric: [0, 4])
        html.open("tbody")
        for step in flow.steps {
            html.open("tr")
            html.element("td", .class("n"), text: step.time?.description ?? "")
            html.element("td", text: step.kind == .message ? flow.lanes[step.from] : "")
            html.element("td", text: step.kind == .message ? flow.lanes[step.to] : "")
            switch step.tone {
            case .plain: html.element("td", text: step.label)
            case .bad: html.element("td", .class("word", .broken), text: step.label)
            case .lost:
                html.open("td", .class("quiet"))
                html.text(step.label + " ")
                html.element("span", .class("gone"), text: "only in the capture")
                html.close()
            }
            html.element("td", .class("n"), text: step.packet?.sign ?? "")
            html.close()
        }
        html.close()
        html.close()
        html.close()
        html.close()
    }
}
