import WireBasics

/// Draws a flow as SVG: a lane for each end and proxy, time downwards, an arrow for what goes from lane to lane.
struct FlowDiagram {
    private let flow: SessionFlow
    private static let width = 1000
    private static let left = 130
    private static let right = 90
    private static let row = 30
    private static let top = 34

    init(_ flow: SessionFlow) {
        self.flow = flow
    }

    /// Appends the drawing.
    func write(_ html: inout HTMLBuilder) {
        let height = Self.top + flow.steps.count * Self.row + 14
        html.open(
            "svg", .class("flow"), .box([0, 0, Self.width, height]), .fixed("role", "img"),
            .label("What goes between \(flow.lanes.joined(separator: ", ")); the table below says the same"))
        for (lane, name) in flow.lanes.enumerated() {
            html.element(
                "text", .class("name"), .number("x", x(lane)), .fixed("y", "14"), .fixed("text-anchor", "middle"),
                text: ColumnText.shortened(name, to: 24))
            html.element(
                "line", .class("lane"), .number("x1", x(lane)), .number("x2", x(lane)), .fixed("y1", "22"),
                .number("y2", height), text: "")
        }
        for (index, step) in flow.steps.enumerated() {
            draw(step, y: Self.top + index * Self.row + 18, &html)
        }
        html.close()
    }

    private func x(_ lane: Int) -> Int {
        let span = Self.width - Self.left - Self.right
        return Self.left + span * lane / max(1, flow.lanes.count - 1)
    }

    private func draw(_ step: SessionFlow.Step, y: Int, _ html: inout HTMLBuilder) {
        switch step.tone {
        case .plain: html.open("g")
        case .lost: html.open("g", .class("lost"))
        case .bad: html.open("g", .class("bad"))
        }
        if let time = step.time {
            html.element(
                "text", .class("soft"), .number("x", Self.left - 28), .number("y", y + 4), .fixed("text-anchor", "end"),
                text: time.description)
        }
        if let packet = step.packet {
            html.element(
                "text", .class("soft"), .number("x", Self.width - Self.right + 18), .number("y", y + 4),
                text: ColumnText.shortened(packet.sign, to: 11))
        }
        switch step.kind {
        case .message: arrow(step, y: y, &html)
        case .silence, .remark: remark(step, y: y, &html)
        }
        html.close()
    }

    /// A line with a head, the label above it.
    private func arrow(_ step: SessionFlow.Step, y: Int, _ html: inout HTMLBuilder) {
        let (from, to) = (x(step.from), x(step.to))
        let back = to > from ? -1 : 1
        html.element(
            "line", .class("arrow"), .number("x1", from), .number("x2", to + back * 6), .number("y1", y),
            .number("y2", y), text: "")
        html.element(
            "polygon", .class("head"), .points([(to, y), (to + back * 8, y - 4), (to + back * 8, y + 4)]), text: "")
        label(step.label, between: from, and: to, y: y - 5, &html)
    }

    private func remark(_ step: SessionFlow.Step, y: Int, _ html: inout HTMLBuilder) {
        let (from, to) = (x(step.from), x(step.to))
        html.element(
            "line", .class("pause"), .number("x1", from), .number("x2", to), .number("y1", y), .number("y2", y),
            text: "")
        label(step.label, between: from, and: to, y: y - 5, &html)
    }

    /// Text cut to the room between two lanes; a character of 12 pixels is about 6.4 wide.
    private func label(_ text: String, between from: Int, and to: Int, y: Int, _ html: inout HTMLBuilder) {
        let room = Int(Double(abs(to - from) - 16) / 6.4)
        html.element(
            "text", .number("x", (from + to) / 2), .number("y", y), .fixed("text-anchor", "middle"),
            text: ColumnText.shortened(text, to: max(4, room)))
    }
}
