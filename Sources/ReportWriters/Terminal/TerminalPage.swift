import Verdicts
import WireBasics

/// Gathers styled lines that fit a terminal.
///
/// Text that goes in must already be harmless (`VisibleText`).
struct TerminalPage {
    /// The columns of the terminal.
    let columns: Int
    private let usesColour: Bool
    private var sink: ByteSink

    /// A text and how it looks.
    struct Span: ExpressibleByStringInterpolation {
        var text: String
        var style: Style

        init(_ text: String, _ style: Style = .plain) {
            self.text = text
            self.style = style
        }

        init(stringLiteral value: String) {
            self.init(value)
        }
    }

    /// How text looks.
    ///
    /// Raw values: parameters of SGR (ECMA-48 §8.3.117). Only the eight colours that every palette defines, so that the
    /// user's theme decides what they look like.
    enum Style: String {
        case plain = ""
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
        case magenta = "35"
        case boldRed = "1;31"
        case boldGreen = "1;32"
    }

    init(_ options: ReportOptions, to sink: @escaping ([UInt8]) -> Void) {
        columns = max(40, options.columns)
        usesColour = options.usesColour
        self.sink = ByteSink(sink)
    }

    /// A line, cut where it is too long.
    mutating func line(_ spans: Span...) {
        write(spans, room: columns)
    }

    /// An empty line.
    mutating func gap() {
        sink.append("\n")
    }

    /// A heading with an empty line before it.
    mutating func heading(_ text: String) {
        gap()
        line(Span(text, .bold))
    }

    /// Text after a label, wrapped; further lines stand under its first.
    mutating func paragraph(_ label: Span, _ text: Span, indent: Int, hang: Int) {
        let lead = String(repeating: " ", count: indent)
        paragraph([Span(lead), Self.padded(label, to: hang)], text)
    }

    /// Text after some spans, wrapped; further lines stand under its first.
    mutating func paragraph(_ lead: [Span], _ text: Span) {
        let hang = lead.reduce(0) { $0 + ColumnText.width($1.text) }
        for (index, part) in ColumnText.wrapped(text.text, to: columns - hang).enumerated() {
            let shown = index == 0 ? lead : [Span(String(repeating: " ", count: hang))]
            write(shown + [Span(part, text.style)], room: columns + 8)
        }
    }

    /// Text, wrapped.
    mutating func paragraph(_ text: Span, indent: Int = 0) {
        paragraph("", text, indent: indent, hang: 0)
    }

    /// Rows in columns.
    ///
    /// Where a row is wider than the terminal, the optional columns are left out when the flexible ones would become
    /// hard to read, and then the flexible ones give way, the last of them first.
    mutating func table(
        _ rows: [[Span]], indent: Int, flexible: [Int] = [], rightAligned: Set<Int> = [], optional: [Int] = []
    ) {
        let count = rows.map(\.count).max() ?? 0
        var widths = (0..<count).map { column in
            rows.map { column < $0.count ? ColumnText.width($0[column].text) : 0 }.max() ?? 0
        }
        func excessOfWidths() -> Int {
            widths.reduce(0, +) + 2 * max(0, widths.count { $0 > 0 } - 1) + indent - columns
        }
        let comfortable = flexible.reduce(0) { $0 + max(0, ($1 < count ? widths[$1] : 0) - Self.readableWidth) }
        for column in optional where column < count && excessOfWidths() > comfortable { widths[column] = 0 }
        var excess = excessOfWidths()
        for column in flexible.reversed() where excess > 0 && column < count {
            let spare = min(excess, max(0, widths[column] - 12))
            widths[column] -= spare
            excess -= spare
        }
        for row in rows {
            var spans = [Span(String(repeating: " ", count: indent))]
            for (column, cell) in row.enumerated() where widths[column] > 0 {
                if spans.count > 1 { spans.append("  ") }
                let cut = Span(ColumnText.shortenedInMiddle(cell.text, to: widths[column]), cell.style)
                let isLast = column == row.count - 1
                let isOnTheLeft = rightAligned.contains(column)
                spans.append(
                    isLast && !isOnTheLeft ? cut : Self.padded(cut, to: widths[column], onTheLeft: isOnTheLeft))
            }
            write(spans, room: columns)
        }
    }

    /// Columns that a path or an address needs to be recognised.
    private static let readableWidth = 28

    /// Hands on what is left.
    mutating func finish() {
        sink.flush()
    }

    // MARK: Writing

    static func padded(_ span: Span, to width: Int, onTheLeft: Bool = false) -> Span {
        let blanks = String(repeating: " ", count: max(0, width - ColumnText.width(span.text)))
        return Span(onTheLeft ? blanks + span.text : span.text + blanks, span.style)
    }

    private mutating func write(_ spans: [Span], room: Int) {
        for span in Self.trimmed(Self.cut(spans, to: room)) {
            if usesColour, span.style != .plain {
                sink.append("\u{1B}[\(span.style.rawValue)m\(span.text)\u{1B}[0m")
            } else {
                sink.append(span.text)
            }
        }
        sink.append("\n")
    }

    private static func cut(_ spans: [Span], to room: Int) -> [Span] {
        var left = room
        return spans.map { span in
            let text = ColumnText.shortened(span.text, to: left)
            left -= ColumnText.width(text)
            return Span(text, span.style)
        }
    }

    /// Blanks at the end of a line are noise in files.
    private static func trimmed(_ spans: [Span]) -> [Span] {
        var spans = spans
        while let last = spans.popLast() {
            if let end = last.text.utf8.last, end != UInt8(ascii: " ") { return spans + [last] }
            let kept = last.text.reversed().drop { $0 == " " }.reversed()
            if !kept.isEmpty { return spans + [Span(String(kept), last.style)] }
        }
        return spans
    }
}

extension Verdict {
    /// How the verdict looks.
    var style: TerminalPage.Style {
        switch self {
        case .broken: .boldRed
        case .inconclusive: .magenta
        case .changed: .yellow
        case .fixed: .cyan
        case .same: .green
        }
    }
}

extension Finding.Severity {
    /// How the severity looks.
    var style: TerminalPage.Style {
        switch self {
        case .error: .boldRed
        case .warning: .yellow
        case .hint: .cyan
        }
    }
}
