import ProxyModel
import Verdicts
import WireBasics

extension RunPage {
    /// The files with line numbers, how many sessions used a line, and the causes that name it.
    mutating func configuration() {
        guard !marks.files.isEmpty else { return }
        html.element("h2", .id("configuration"), text: "Configuration")
        html.element(
            "p", .class("quiet"),
            text: "The number beside a line says how many sessions it decided something for; coloured lines are those "
                + "to mend.")
        for file in marks.files.indices { listing(of: file) }
    }

    private mutating func listing(of file: Int) {
        let path = marks.files[file].path
        let lines = marks.lines(of: file)
        html.element("h3", .class("sub"), text: path)
        html.open("div", .class("excerpt"))
        html.open("table", .class("config"))
        html.open("tbody")
        var previous = -1
        for index in Self.shown(lines.count, named: namedLines(of: path) + marks.usedLines(of: path)) {
            if index != previous + 1 { gap(index - previous - 1) }
            previous = index
            line(index, lines[index], file: file, path: path)
        }
        if previous < lines.count - 1 { gap(lines.count - 1 - previous) }
        html.close()
        html.close()
        html.close()
    }

    private mutating func line(_ index: Int, _ text: String, file: Int, path: String) {
        let key = ConfigurationMarks.Line(file: path, line: index + 1)
        let groups = marks.groups(at: key)
        let hits = marks.hits(of: key)
        html.open(
            "tr", .id(marks.anchor(file: file, line: index + 1)),
            groups.first.map { .class("named", $0.severity.styleName) })
        html.element("td", .class("ln m"), text: "\(index + 1)")
        html.element("td", .class("hits m"), text: hits > 0 ? "\(Quantity.grouped(hits))×" : "")
        html.open("td")
        html.element("pre", text: limited(text))
        html.close()
        html.open("td", .class("to"))
        for group in groups { html.element("a", .to("d\(group.number)"), text: "cause \(group.number) ") }
        html.close()
        html.close()
    }

    private mutating func gap(_ count: Int) {
        html.open("tr")
        html.element("td", .number("colspan", 4), .class("quiet"), text: "⋯ \(Quantity.counted(count, "line"))")
        html.close()
    }

    private func namedLines(of path: String) -> [Int] {
        model.groups.compactMap { group in
            group.explanation.source.flatMap { $0.file == path ? $0.line - 1 : nil }
        }
    }

    /// All lines of a file of ordinary size; of a long one its beginning and what lies around the named lines.
    private static func shown(_ count: Int, named: [Int]) -> [Int] {
        guard count > 1500 else { return Array(0..<count) }
        var shown = Set(0..<200)
        for line in named { shown.formUnion(max(0, line - 15)...max(0, line + 15)) }
        return shown.filter { $0 < count }.sorted()
    }

    /// What is worth saying about the inputs.
    mutating func findings() {
        let run = model.run
        let all = run.findings + run.captures.flatMap(\.findings) + run.proxies.flatMap(\.findings)
        guard !all.isEmpty else { return }
        html.element("h2", .id("findings"), text: "Worth knowing")
        html.open("div", .class("scroll"))
        html.open("table", .class("wide"))
        html.columns(["", "What", "Where", "Why and what to do"])
        html.open("tbody")
        for finding in all {
            html.open("tr")
            html.element("td", .class("word", finding.severity.styleName), text: finding.severity.rawValue)
            html.element("td", text: model.redaction.show(finding.message))
            html.open("td")
            place(finding.location, otherwise: finding.packet.map { "packet \($0)" } ?? "")
            html.close()
            html.element(
                "td",
                text: limited(
                    model.redaction.show([finding.why, finding.mend].filter { !$0.isEmpty }.joined(separator: "; "))))
            html.close()
        }
        html.close()
        html.close()
        html.close()
    }
}
