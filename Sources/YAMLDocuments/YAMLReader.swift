package import WireBasics
package import Yams

/// Reads a YAML document key by key, with the place of each node: unknown keys, missing ones and wrong types are errors
/// that say where, and what was probably meant.
package struct YAMLReader: Sendable {
    /// The document as the user named it, for messages.
    package let file: String
    private let kind: String
    private let needs: String

    /// A reader of that document.
    ///
    /// - Parameters:
    ///   - kind: what it is: `case`, `policy`.
    ///   - needs: what such a document cannot do without, in one sentence.
    package init(file: String, kind: String, needs: String) {
        self.file = file
        self.kind = kind
        self.needs = needs
    }

    /// The root of a document.
    package func root(_ text: String) throws(DocumentError) -> Node {
        let node: Node?
        do {
            node = try compose(yaml: text)
        } catch let error as YamlError {
            throw syntax(error)
        } catch {
            throw DocumentError(
                message: "not a YAML document", location: ConfigLocation(file: file, line: 1),
                mend: needs)
        }
        guard let node else {
            throw DocumentError(
                message: "the \(kind) is empty", location: ConfigLocation(file: file, line: 1), mend: needs)
        }
        return node
    }

    private func syntax(_ error: YamlError) -> DocumentError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            DocumentError(
                message: "not YAML: \(problem)",
                location: ConfigLocation(file: file, line: mark.line, column: mark.column),
                mend: "check indentation and quotes at this place")
        case .duplicatedKeysInMapping(let keys, let context):
            DocumentError(
                message: "`\(VisibleText.escape(keys.first ?? ""))` is there twice",
                location: ConfigLocation(file: file, line: context.mark.line, column: context.mark.column),
                mend: "keep one of them")
        default:
            DocumentError(
                message: "not YAML", location: ConfigLocation(file: file, line: 1),
                mend: "the file must be UTF-8 text in YAML 1.1")
        }
    }

    /// The members of a mapping, whose keys must all be known.
    package func members(of node: Node, known: [String]) throws(DocumentError) -> [String: Node] {
        guard let mapping = node.mapping else {
            throw wrong(node, "a mapping with the keys \(known.joined(separator: ", "))")
        }
        var members: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.string, known.contains(name) else {
                let name = key.string ?? "?"
                let nearest = NearestName.find(name, in: known).map { "`\($0)`?" } ?? known.joined(separator: ", ")
                throw DocumentError(
                    message: "unknown key `\(VisibleText.escape(name))`", location: location(key),
                    mend: "known here: \(nearest)")
            }
            guard members.updateValue(value, forKey: name) == nil else {
                throw DocumentError(
                    message: "`\(name)` is there twice", location: location(key), mend: "keep one of them")
            }
        }
        return members
    }

    /// A text.
    package func text(_ node: Node) throws(DocumentError) -> String {
        guard let text = node.scalar?.string else { throw wrong(node, "a text") }
        return text
    }

    /// A whole number.
    package func number(_ node: Node) throws(DocumentError) -> Int {
        guard let text = node.scalar?.string, let number = Int(text) else { throw wrong(node, "a whole number") }
        return number
    }

    /// `true` or `false`.
    package func truth(_ node: Node) throws(DocumentError) -> Bool {
        switch node.scalar?.string {
        case "true": return true
        case "false": return false
        default: throw wrong(node, "true or false")
        }
    }

    /// A list; a single value stands for a list of one.
    package func list(_ node: Node) -> [Node] {
        node.sequence.map(Array.init) ?? [node]
    }

    /// A span of time: `250ms`, `3s`, `1m`, `1h`.
    package func span(_ node: Node) throws(DocumentError) -> TimeSpan {
        guard let span = TimeSpan(try text(node)) else { throw wrong(node, "a time such as 250ms, 3s, 1m or 1h") }
        return span
    }

    /// One of some words.
    package func word<Word: RawRepresentable & CaseIterable>(
        _ node: Node, of type: Word.Type
    ) throws(DocumentError) -> Word
    where Word.RawValue == String {
        let names = Word.allCases.map(\.rawValue)
        guard let text = node.scalar?.string, let word = Word(rawValue: text) else {
            throw wrong(node, "one of " + names.joined(separator: ", "))
        }
        return word
    }

    /// The place of a node.
    package func location(_ node: Node) -> ConfigLocation {
        ConfigLocation(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 0)
    }

    /// A node that is not what it should be.
    package func wrong(_ node: Node, _ expected: String) -> DocumentError {
        let found =
            node.scalar.map { "`\(VisibleText.escape($0.string))`" } ?? (node.mapping != nil ? "a mapping" : "a list")
        return DocumentError(
            message: "\(found) is not \(expected)", location: location(node), mend: "write \(expected)")
    }
}
