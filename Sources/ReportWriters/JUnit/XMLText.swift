import WireBasics

/// Writes XML 1.0 with two blanks a level.
///
/// Names are our own, everything else is escaped.
struct XMLText {
    private var sink: ByteSink
    private var isOpen: [StaticString] = []

    init(_ consume: @escaping ([UInt8]) -> Void) {
        sink = ByteSink(consume)
    }

    mutating func declaration() {
        sink.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    }

    mutating func open(_ name: StaticString, _ attributes: [(StaticString, String)]) {
        start(name, attributes)
        sink.append(">\n")
        isOpen.append(name)
    }

    mutating func close() {
        guard let name = isOpen.popLast() else { return }
        indent()
        sink.append("</\(name)>\n")
    }

    mutating func element(_ name: StaticString, _ attributes: [(StaticString, String)], text: String) {
        start(name, attributes)
        guard !text.isEmpty else { return sink.append("/>\n") }
        sink.append(">")
        // Line feeds of our own stay; everything else that is no plain character becomes a visible escape.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if index > 0 { sink.append("\n") }
            escape(String(line))
        }
        sink.append("</\(name)>\n")
    }

    mutating func finish() {
        while !isOpen.isEmpty { close() }
        sink.flush()
    }

    // MARK: Writing

    private mutating func start(_ name: StaticString, _ attributes: [(StaticString, String)]) {
        indent()
        sink.append("<\(name)")
        for (name, value) in attributes {
            sink.append(" \(name)=\"")
            escape(value)
            sink.append("\"")
        }
    }

    private mutating func indent() {
        for _ in isOpen { sink.append("  ") }
    }

    private mutating func escape(_ text: String) {
        for scalar in VisibleText.escape(text).unicodeScalars {
            switch scalar {
            case "&": sink.append("&amp;")
            case "<": sink.append("&lt;")
            case ">": sink.append("&gt;")
            case "\"": sink.append("&quot;")
            // The two last characters of every plane are none in XML, and VisibleText knows only assigned categories.
            case _ where scalar.value & 0xFFFE == 0xFFFE: sink.append("\u{FFFD}")
            default: sink.append(String(scalar))
            }
        }
    }
}
