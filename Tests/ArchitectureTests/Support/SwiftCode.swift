/// A source file without its comments and the text of its string literals: what is left is code.
///
/// Lines keep their numbers. Code inside `\(…)` stays.
struct SwiftCode {
    let lines: [Substring]

    init(_ source: String) {
        var stripper = Stripper(source: Array(source))
        stripper.stripCode(until: nil)
        lines = String(stripper.code).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The modules that the file imports, with the line of each.
    var imports: [(line: Int, module: String)] {
        lines.enumerated().compactMap { index, line in
            let words = line.split(separator: " ")
            guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count,
                words[..<keyword].allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains($0) })
            else { return nil }
            // `import struct Module.Name` names the module in its last word.
            let name = words[words.count - 1].prefix { $0 != "." }
            return (index + 1, String(name))
        }
    }

    private static let accessLevels: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]

    /// The numbers of the lines in which a pattern matches.
    func lines(matching pattern: some RegexComponent) -> [Int] {
        lines.indices.filter { lines[$0].contains(pattern) }.map { $0 + 1 }
    }
}

private struct Stripper {
    let source: [Character]
    var position = 0
    var code: [Character] = []

    init(source: [Character]) {
        self.source = source
    }

    /// Copies code up to the end, or to the parenthesis that closes an interpolation.
    mutating func stripCode(until end: Character?) {
        var depth = 0
        while position < source.count {
            let character = source[position]
            if isAt("//") {
                skip { $0 == "\n" }
            } else if isAt("/*") {
                skipBlockComment()
            } else if character == "\"" || (character == "#" && hashesBeforeQuote() != nil) {
                stripLiteral()
            } else {
                if character == "(" { depth += 1 }
                if character == ")" {
                    if depth == 0, end == ")" { return }
                    depth -= 1
                }
                code.append(character)
                position += 1
            }
        }
    }

    /// Replaces a literal by two quotes and the code of its interpolations.
    private mutating func stripLiteral() {
        let hashes = hashesBeforeQuote() ?? 0
        position += hashes
        let quotes = isAt("\"\"\"") ? 3 : 1
        position += quotes
        let closing = String(repeating: "\"", count: quotes) + String(repeating: "#", count: hashes)
        let escape = "\\" + String(repeating: "#", count: hashes)
        code.append("\"")
        while position < source.count, !isAt(closing) {
            if isAt(escape) {
                position += escape.count
                guard position < source.count, source[position] == "(" else {
                    position += 1
                    continue
                }
                position += 1
                code.append("(")
                stripCode(until: ")")
                code.append(")")
            } else if source[position] == "\n" {
                code.append("\n")
            }
            position += 1
        }
        position += closing.count
        code.append("\"")
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if isAt("/*") {
                depth += 1
                position += 2
            } else if isAt("*/") {
                depth -= 1
                position += 2
            } else {
                if source[position] == "\n" { code.append("\n") }
                position += 1
            }
        } while depth > 0 && position < source.count
    }

    private mutating func skip(until isEnd: (Character) -> Bool) {
        while position < source.count, !isEnd(source[position]) { position += 1 }
    }

    private func hashesBeforeQuote() -> Int? {
        var index = position
        while index < source.count, source[index] == "#" { index += 1 }
        return index < source.count && source[index] == "\"" ? index - position : nil
    }

    private func isAt(_ text: String) -> Bool {
        position + text.count <= source.count && zip(text, source[position...]).allSatisfy { $0 == $1 }
    }
}
