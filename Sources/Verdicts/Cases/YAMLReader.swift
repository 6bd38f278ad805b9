import WireBasics
import Yams

/// Reads a YAML document key by key, with the place of each node: unknown keys, missing ones and wrong types are errors
/// that say where, and what was probably meant.
struct YAMLReader {
    let file: String

    /// The root of a document.
    func root(_ text: String) throws(CaseFileError) -> Node {
        let node: Node?
        do {
            node = try compose(yaml: text)
        } catch let error as YamlError {
            throw syntax(error)
        } catch {
            throw CaseFileError(
                message: "not a YAML document", location: ConfigLocation(file: file, line: 1),
                mend: "see `wsreplay help test`")
        }
        guard let node else {
            throw CaseFileError(
                message: "the case is empty", location: ConfigLocation(file: file, line: 1),
                mend: "a case needs `description`, `captures`, `proxy` and `expect`")
        }
        return node
    }

    private func syntax(_ error: YamlError) -> CaseFileError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            CaseFileError(
                message: "not YAML: \(problem)",
                location: ConfigLocation(file: file, line: mark.line, column: mark.column),
                mend: "check indentation and quotes at this place")
        case .duplicatedKeysInMapping(let keys, let context):
            CaseFileError(
                message: "`\(VisibleText.escape(keys.first ?? ""))` is there twice",
                location: ConfigLocation(file: file, line: context.mark.line, column: context.mark.column),
                mend: "keep one of them")
        default:
            CaseFileError(
                message: "not YAML", location: ConfigLocation(file: file, line: 1),
                mend: "the file must be UTF-8 text in YAML 1.1")
        }
    }

    /// The members of a mapping, whose keys must all be known.
    func members(of node: Node, known: [String]) throws(CaseFileError) -> [String: Node] {
        guard let mapping = node.mapping else {
            throw wrong(node, "a mapping with the keys \(known.joined(separator: ", "))")
        }
        var members: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.string, known.contains(name) else {
                let name = key.string ?? "?"
                let nearest = NearestName.find(name, in: known).map { "`\($0)`?" } ?? known.joined(separator: ", ")
                throw CaseFileError(
                    message: "unknown key `\(VisibleText.escape(name))`", location: location(key),
                    mend: "known here: \(nearest)")
            }
            guard members.updateValue(value, forKey: name) == nil else {
                throw CaseFileError(
                    message: "`\(name)` is there twice", location: location(key), mend: "keep one of them")
            }
        }
        return members
    }

    /// A text.
    func text(_ node: Node) throws(CaseFileError) -> String {
        guard let text = node.scalar?.string else { throw wrong(node, "a text") }
        return text
    }

    /// A whole number.
    func number(_ node: Node) throws(CaseFileError) -> Int {
        guard let text = node.scalar?.string, let number = Int(text) else { throw wrong(node, "a whole number") }
        return number
    }

    /// `true` or `false`.
    func truth(_ node: Node) throws(CaseFileError) -> Bool {
        switch node.scalar?.string {
        case "true": return true
        case "false": return false
        default: throw wrong(node, "true or false")
        }
    }

    /// A list; a single value stands for a list of one.
    func list(_ node: Node) -> [Node] {
        node.sequence.map(Array.init) ?? [node]
    }

    /// A span of time: `250ms`, `3s`, `1m`, `1h`.
    func span(_ node: Node) throws(CaseFileError) -> TimeSpan {
        let text = try text(node)
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let units: [Substring: Double] = ["ms": 0.001, "s": 1, "m": 60, "h": 3600]
        guard let count = Double(digits), let unit = units[text.dropFirst(digits.count)],
            count * unit < 1_000_000_000
        else { throw wrong(node, "a time such as 250ms, 3s, 1m or 1h") }
        return TimeSpan(nanoseconds: Int64(count * unit * 1_000_000_000))
    }

    /// One of some words.
    func word<Word: RawRepresentable & CaseIterable>(_ node: Node, of type: Word.Type) throws(CaseFileError) -> Word
    where Word.RawValue == String {
        let names = Word.allCases.map(\.rawValue)
        guard let text = node.scalar?.string, let word = Word(rawValue: text) else {
            throw wrong(node, "one of " + names.joined(separator: ", "))
        }
        return word
    }

    /// The place of a node.
    func location(_ node: Node) -> ConfigLocation {
        ConfigLocation(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 0)
    }

    /// A node that is not what it should be.
    func wrong(_ node: Node, _ expected: String) -> CaseFileError {
        let found =
            node.scalar.map { "`\(VisibleText.escape($0.string))`" } ?? (node.mapping != nil ? "a mapping" : "a list")
        return CaseFileError(
            message: "\(found) is not \(expected)", location: location(node), mend: "write \(expected)")
    }
}
