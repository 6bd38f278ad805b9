/// A source file without its comments and the text of its string literals: what is left is code.
///
/// Lines keep their numbers. Code inside `\(…)` stays.
struct SwiftCode {
    let lines: [Substring]

    init(_ source: String) {
        var stripper = Stripper(source: Array(source.utf8))
        stripper.stripCode(isInterpolation: false)
        lines = String(decoding: stripper.code, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
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

    /// The code of each file in `Sources`, by its path; read once.
    static let bySource: [String: SwiftCode] = {
        let paths = (try? Repository.swiftFiles(below: "Sources")) ?? []
        return Dictionary(uniqueKeysWithValues: paths.map { ($0, SwiftCode((try? Repository.text($0)) ?? "")) })
    }()

    /// The files of a target in `Sources`, in the order of their paths.
    static func files(of target: String) -> [(path: String, code: SwiftCode)] {
        bySource.filter { $0.key.hasPrefix("Sources/\(target)/") }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }

    /// The numbers of the lines in which a pattern matches.
    func lines(matching pattern: some RegexComponent) -> [Int] {
        lines.indices.filter { lines[$0].contains(pattern) }.map { $0 + 1 }
    }
}

private struct Stripper {
    let source: [UInt8]
    var position = 0
    var code: [UInt8] = []

    init(source: [UInt8]) {
        self.source = source
    }

    /// Copies code up to the end, or to the parenthesis that closes an interpolation.
    mutating func stripCode(isInterpolation: Bool) {
        var depth = 0
        while position < source.count {
            let byte = source[position]
            if isAt("//") {
                while position < source.count, source[position] != newline { position += 1 }
            } else if isAt("/*") {
                skipBlockComment()
            } else if byte == quote || (byte == hash && hashesBeforeQuote() != nil) {
                stripLiteral()
            } else {
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") {
                    if depth == 0, isInterpolation { return }
                    depth -= 1
                }
                code.append(byte)
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
        code.append(quote)
        while position < source.count, !isAt(closing) {
            if source[position] == newline { code.append(newline) }
            guard isAt(escape) else {
                position += 1
                continue
            }
            position += escape.utf8.count
            guard position < source.count, source[position] == UInt8(ascii: "(") else {
                position += 1
                continue
            }
            position += 1
            code.append(UInt8(ascii: "("))
            stripCode(isInterpolation: true)
            code.append(UInt8(ascii: ")"))
            position += 1
        }
        position += closing.utf8.count
        code.append(quote)
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
                if source[position] == newline { code.append(newline) }
                position += 1
            }
        } while depth > 0 && position < source.count
    }

    private func hashesBeforeQuote() -> Int? {
        var index = position
        while index < source.count, source[index] == hash { index += 1 }
        return index < source.count && source[index] == quote ? index - position : nil
    }

    private func isAt(_ text: String) -> Bool {
        var index = position
        for byte in text.utf8 {
            guard index < source.count, source[index] == byte else { return false }
            index += 1
        }
        return true
    }

    private var newline: UInt8 { UInt8(ascii: "\n") }
    private var quote: UInt8 { UInt8(ascii: "\"") }
    private var hash: UInt8 { UInt8(ascii: "#") }
}
