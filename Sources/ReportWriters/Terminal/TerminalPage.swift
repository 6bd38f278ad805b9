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
        let text: String
        var style: Style
        /// Columns of the text and what pads it.
        private(set) var width: Int
        /// Blanks in front of the text.
        private(set) var blanksBefore = 0
        /// Blanks behind it.
        private(set) var blanksAfter = 0

        init(_ text: String, _ style: Style = .plain) {
            self.text = text
            self.style = style
            width = ColumnText.width(text)
        }

        /// Nothing but blanks.
        static func blanks(_ count: Int) -> Span {
            Span("").padded(to: count)
        }

        /// The text with blanks, where it is narrower than that.
        func padded(to width: Int, onTheLeft: Bool = false) -> Span {
            let blanks = max(0, width - self.width)
            var span = self
            if onTheLeft { span.blanksBefore += blanks } else { span.blanksAfter += blanks }
            span.width += blanks
            return span
        }

        /// The text and its blanks, cut to that many columns.
        func shortened(to columns: Int) -> Span {
            guard width > columns else { return self }
            let blanks = (String(repeating: " ", count: blanksBefore), String(repeating: " ", count: blanksAfter))
            return Span(ColumnText.shortened(blanks.0 + text + blanks.1, to: columns), style)
        }

        /// Without the blanks at its end; nil when there is nothing else.
        var trimmed: Span? {
            let end = text.utf8.lastIndex { $0 != UInt8(ascii: " ") }
            guard let end else { return nil }
            var span = text.utf8.index(after: end) == text.endIndex ? self : Span(String(text[...end]), style)
            span.width -= span.blanksAfter
            (span.blanksBefore, span.blanksAfter) = (blanksBefore, 0)
            return span
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
        paragraph([.blanks(indent), label.padded(to: hang)], text)
    }

    /// Text after some spans, wrapped; further lines stand under its first.
    mutating func paragraph(_ lead: [Span], _ text: Span) {
        let hang = lead.reduce(0) { $0 + $1.width }
        for (index, part) in ColumnText.wrapped(text.text, to: columns - hang).enumerated() {
            let shown = index == 0 ? lead : [.blanks(hang)]
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
        var widths = [Int](repeating: 0, count: count)
        for row in rows {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.width) }
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
            var spans: [Span] = [.blanks(indent)]
            spans.reserveCapacity(2 * row.count)
            for (column, cell) in row.enumerated() where widths[column] > 0 {
                if spans.count > 1 { spans.append(.blanks(2)) }
                let isTooWide = cell.width > widths[column]
                let cut =
                    isTooWide
                    ? Span(ColumnText.shortenedInMiddle(cell.text, to: widths[column]), cell.style) : cell
                let isLast = column == row.count - 1
                let isOnTheLeft = rightAligned.contains(column)
                spans.append(isLast && !isOnTheLeft ? cut : cut.padded(to: widths[column], onTheLeft: isOnTheLeft))
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

    private mutating func write(_ spans: [Span], room: Int) {
        var spans = spans
        if spans.reduce(0, { $0 + $1.width }) > room { spans = Self.cut(spans, to: room) }
        // Blanks at the end of a line are noise in files.
        if let last = spans.lastIndex(where: { $0.trimmed != nil }), let end = spans[last].trimmed {
            for span in spans[..<last] { append(span) }
            append(end)
        }
        sink.append("\n")
    }

    private mutating func append(_ span: Span) {
        let isStyled = usesColour && span.style != .plain
        if isStyled { sink.append("\u{1B}[\(span.style.rawValue)m") }
        sink.append(UInt8(ascii: " "), count: span.blanksBefore)
        sink.append(span.text)
        sink.append(UInt8(ascii: " "), count: span.blanksAfter)
        if isStyled { sink.append("\u{1B}[0m") }
    }

    private static func cut(_ spans: [Span], to room: Int) -> [Span] {
        var left = room
        return spans.map { span in
            let cut = span.shortened(to: left)
            left -= cut.width
            return cut
        }
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
