import ProxyModel
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

extension RunPage {
    /// All sessions in a table, the worst first, above it their time line.
    mutating func sessionTable() {
        guard model.run.sessions.count > 1 else { return }
        html.element("h2", .id("sessions"), text: "Sessions")
        timeLine()
        html.raw("<div class=\"filter row needs-script\"><input id=\"filter\" type=\"search\" ")
        html.raw("aria-label=\"Filter sessions\" placeholder=\"Filter: v:broken, a path, an address\">")
        html.raw("<span id=\"shown\" class=\"quiet\" role=\"status\"></span>")
        html.raw("<span class=\"keys\"><kbd>/</kbd> filter <kbd>j</kbd> <kbd>k</kbd> session ")
        html.raw("<kbd>n</kbd> <kbd>p</kbd> cause</span></div>")
        html.open("div", .class("scroll"))
        html.open("table", .class("sortable wide"))
        html.columns(
            ["Verdict", "Session", "Client → host and target", "Status", "Frames", "Start", "Duration", "Causes"],
            numeric: [4, 5, 6])
        html.open("tbody")
        let listed = model.worstFirst.prefix(model.options.maximumRows)
        omitted.rows = model.worstFirst.count - listed.count
        for index in listed { row(index) }
        html.close()
        html.close()
        html.close()
    }

    private mutating func row(_ index: Int) {
        let session = model.run.sessions[index]
        let facts = SessionFacts(session.transcript)
        let groups = model.groupNumbers(ofSession: index)
        html.open("tr", .filterKey(key(index, groups)))
        html.open("td", .sortKey(session.verdict.rank))
        verdict(session.verdict)
        html.close()
        html.open("td", .class("nowrap"), .sortKey(index))
        html.element("a", .to(anchors[index]), text: session.id.description)
        html.close()
        html.element("td", text: limited("\(session.transcript.client) → \(facts.destination(model.redaction))"))
        html.element("td", .class("nowrap"), text: session.statusWords)
        html.element("td", .class("n"), .sortKey(facts.frames), text: session.deliveryWords)
        let start = session.transcript.request.first.instant - origin
        html.element("td", .class("n"), .sortKey(Int(start.nanoseconds / 1_000_000)), text: start.description)
        html.element(
            "td", .class("n"), .sortKey(Int(facts.duration.nanoseconds / 1_000_000)), text: facts.duration.description)
        html.open("td")
        for number in groups {
            html.element("a", .to("d\(number)"), text: "\(number)")
            html.raw(" ")
        }
        html.close()
        html.close()
    }

    /// A verdict as a word with its mark.
    mutating func verdict(_ verdict: Verdict) {
        html.open("span", .class("word", verdict.styleName))
        html.element("span", .fixed("aria-hidden", "true"), text: verdict.mark + " ")
        html.text(verdict.rawValue)
        html.close()
    }

    /// What the filter looks at beside the words that can be read: `v:` for the verdict, `d:` for the causes.
    func key(_ index: Int, _ groups: [Int]) -> String {
        (["v:\(model.run.sessions[index].verdict.rawValue)"] + groups.map { "d:\($0)" }).joined(separator: " ")
    }

    // MARK: The time line

    /// When sessions began and ended: a mass close at one instant, or at 60 s, stands out.
    private mutating func timeLine() {
        let sessions = model.run.sessions
        let shown = sessions.indices.sorted {
            (sessions[$0].transcript.request.first.instant, $0) < (sessions[$1].transcript.request.first.instant, $1)
        }
        .prefix(400)
        let origin = origin
        let bars = shown.map { Bar(sessions[$0], origin: origin) }
        let whole = max(1, bars.map(\.end).max() ?? 1)
        let height = bars.count <= 60 ? 9 : 3
        let bottom = bars.count * height + 4
        html.open("div", .class("scroll"))
        html.open(
            "svg", .class("time"), .box([0, 0, 1000, bottom + 20]), .fixed("role", "img"),
            .label("When the sessions began and ended; the table below holds the same numbers"))
        for tick in Self.ticks(whole) {
            let x = Self.x(tick, of: whole)
            html.element(
                "line", .class("hair"), .number("x1", x), .number("x2", x), .fixed("y1", "0"), .number("y2", bottom),
                text: "")
            html.element(
                "text", .class("soft"), .number("x", x), .number("y", bottom + 15),
                .fixed("text-anchor", "middle"), text: Self.seconds(tick))
        }
        for (row, bar) in bars.enumerated() { draw(bar, row: row, height: height, whole: whole) }
        html.close()
        html.close()
        if sessions.count > shown.count {
            html.element("p", .class("quiet"), text: "The drawing shows the first \(shown.count) sessions.")
        }
    }

    /// A session on the time line, in nanoseconds since the first packet.
    private struct Bar {
        var verdict: Verdict
        var start: Int64
        /// Where it ends in the capture.
        var end: Int64
        /// Where it ends with this configuration, when that is earlier.
        var cut: Int64?

        init(_ session: SessionResult, origin: CaptureInstant) {
            verdict = session.verdict
            start = (session.transcript.request.first.instant - origin).nanoseconds
            end = (SessionFacts(session.transcript).end - origin).nanoseconds
            let closed = session.outcome.closedAt.map { ($0 - origin).nanoseconds }
            cut = closed.flatMap { $0 < end && session.verdict == .broken ? max($0, start) : nil }
        }
    }

    private mutating func draw(_ bar: Bar, row: Int, height: Int, whole: Int64) {
        let (from, to) = (Self.x(bar.start, of: whole), Self.x(bar.end, of: whole))
        let y = row * height + 2
        let thick = max(2, height - 3)
        let end = bar.cut.map { Self.x($0, of: whole) } ?? to
        if end < to {
            // What the capture shows and this configuration does not let happen.
            html.element(
                "line", .class("hair"), .number("x1", end), .number("x2", to), .number("y1", y + thick / 2),
                .number("y2", y + thick / 2), .fixed("stroke-dasharray", "3 3"), text: "")
        }
        html.element(
            "rect", .class("fill", bar.verdict.styleName), .number("x", from), .number("y", y),
            .number("width", max(3, end - from)), .number("height", thick), .fixed("rx", "1"), text: "")
    }

    private static func x(_ time: Int64, of whole: Int64) -> Int {
        10 + Int(Double(max(0, time)) / Double(whole) * 960)
    }

    /// Up to ten ticks at round numbers of seconds.
    private static func ticks(_ whole: Int64) -> [Int64] {
        var step: Int64 = 1_000_000
        for factor in [2, 5, 10, 20, 50, 100, 200, 500, 1000] as [Int64] where whole / step > 10 {
            step = 1_000_000 * factor
        }
        let second: Int64 = 1_000_000_000
        for factor in [2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400] as [Int64]
        where whole / step > 10 { step = second * factor }
        guard whole / step <= 40 else { return [0, whole] }
        return Array(stride(from: 0, through: whole, by: Int64.Stride(step)))
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        if nanoseconds % 1_000_000_000 == 0 { return "\(Quantity.grouped(Int(nanoseconds / 1_000_000_000))) s" }
        return TimeSpan(nanoseconds: nanoseconds).description
    }
}
