/// Something that the model knows, written out for people: `wsreplay describe NAME` prints it, and the documentation holds it.
public struct ReferencePage: Hashable, Sendable {
    /// What it is about, in one word: `directives`.
    public var name: String
    /// Markdown.
    public var text: String

    /// A page with all its parts.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// A table in Markdown.
package struct MarkdownTable {
    private var lines: [String]

    /// A table with these columns and no rows.
    package init(_ columns: String...) {
        lines = [Self.line(columns), "|" + String(repeating: "---|", count: columns.count)]
    }

    /// Adds a row.
    package mutating func add(_ cells: String...) {
        lines.append(Self.line(cells.map { $0.replacing("|", with: "\\|") }))
    }

    /// The table, its last line ended.
    package var text: String { lines.joined(separator: "\n") + "\n" }

    private static func line(_ cells: [String]) -> String {
        "| " + cells.joined(separator: " | ") + " |"
    }
}
