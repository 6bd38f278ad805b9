import ProxyModel
import WireBasics

/// Writes a configuration otherwise: lines put in, replaced, taken out, in the indentation that is there.
struct ConfigurationEdits: Sendable {
    /// The files of the configuration, cut into lines.
    let files: [String: [ArraySlice<UInt8>]]

    private let directives: [ConfigLocation: NginxDirective]
    private let mainDirectives: [NginxDirective]
    private let http: NginxDirective?
    private let main: String

    /// The edits of a configuration.
    init(tree: NginxSyntaxTree, source: any ConfigSource) {
        var directives: [ConfigLocation: NginxDirective] = [:]
        func enter(_ directive: NginxDirective) {
            directives[directive.location] = directive
            directive.children?.forEach(enter)
        }
        tree.directives.forEach(enter)
        self.directives = directives
        mainDirectives = tree.directives
        http = tree.directives.first { $0.name.text == "http" }
        main = tree.file
        var files: [String: [ArraySlice<UInt8>]] = [:]
        for file in Set(directives.keys.map(\.file)).union([tree.file]) {
            let contents = (try? source.contents(of: file)) ?? []
            files[file] = contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        }
        self.files = files
    }

    /// Every directive, by place.
    var all: [NginxDirective] { directives.sorted { $0.key < $1.key }.map(\.value) }

    /// The directive that begins at a place.
    func directive(at place: ConfigLocation?) -> NginxDirective? {
        place.flatMap { directives[$0] }
    }

    /// The first directive of that name outside of every block.
    func main(_ name: ByteString) -> NginxDirective? {
        mainDirectives.first { $0.name.text == name }
    }

    /// A directive as it is written, its block apart; nil where it stands on several lines.
    func text(at place: ConfigLocation?) -> String? {
        guard let directive = directive(at: place), directive.end.line == directive.location.line else { return nil }
        return text(from: directive.location, bytes: directive.end.column - directive.location.column + 1)
    }

    /// A word without quotes as it is written, backslashes included.
    func text(of word: NginxWord) -> String? {
        text(from: word.location, bytes: word.text.count)
    }

    private func text(from place: ConfigLocation, bytes count: Int) -> String? {
        guard let lines = files[place.file], place.line <= lines.count, place.column >= 1, count >= 0 else {
            return nil
        }
        return String(validating: lines[place.line - 1].dropFirst(place.column - 1).prefix(count), as: UTF8.self)
    }

    /// Lines behind the directive that begins at a place, each on a line of its own.
    func insert(_ lines: [String], behind place: ConfigLocation?) -> [TextEdit] {
        guard let directive = directive(at: place), let end = Self.end(of: directive), !lines.isEmpty else { return [] }
        let separator = indentation(of: directive.location).map { "\n" + $0 } ?? " "
        return [TextEdit(from: end, to: end, write: lines.map { separator + $0 }.joined())]
    }

    /// Lines as the first of the block that begins at a place.
    func insert(_ lines: [String], into place: ConfigLocation?) -> [TextEdit] {
        guard let directive = directive(at: place), directive.children != nil, !lines.isEmpty else { return [] }
        let start = ConfigLocation(
            file: directive.end.file, line: directive.end.line, column: directive.end.column + 1)
        let inner = directive.children?.first.flatMap { indentation(of: $0.location) }
        let separator =
            inner.map { "\n" + $0 } ?? indentation(of: directive.location).map { "\n\($0)    " } ?? " "
        return [TextEdit(from: start, to: start, write: lines.map { separator + $0 }.joined())]
    }

    /// A line of `http`, in front of everything that stands there.
    func insertIntoHTTP(_ line: String) -> [TextEdit] {
        guard let http else { return [] }
        // A file of conf.d has no `http` of its own: its lines stand there already.
        guard http.end != http.location else {
            let start = ConfigLocation(file: main, line: 1, column: 1)
            return [TextEdit(from: start, to: start, write: line + "\n")]
        }
        return insert([line], into: http.location)
    }

    /// Another text for the directive that begins at a place, its block included.
    func replace(_ place: ConfigLocation?, with text: String) -> [TextEdit] {
        guard let directive = directive(at: place), let end = Self.end(of: directive) else { return [] }
        return [TextEdit(from: directive.location, to: end, write: text)]
    }

    /// Another part for the first such part of the directive that begins at a place.
    func replace(_ part: String, with other: String, in place: ConfigLocation?) -> [TextEdit] {
        guard let text = text(at: place), let range = text.firstRange(of: part) else { return [] }
        return replace(place, with: text[..<range.lowerBound] + other + text[range.upperBound...])
    }

    /// Other words in front of the block that begins at a place.
    func replaceHead(_ place: ConfigLocation?, with text: String) -> [TextEdit] {
        guard let directive = directive(at: place), directive.children != nil else { return [] }
        let end = ConfigLocation(
            file: directive.end.file, line: directive.end.line, column: directive.end.column + 1)
        return [TextEdit(from: directive.location, to: end, write: text)]
    }

    /// Takes out the directive that begins at a place, with its line where nothing else stands on it.
    func remove(_ place: ConfigLocation?) -> [TextEdit] {
        guard let directive = directive(at: place), var end = Self.end(of: directive) else { return [] }
        var start = directive.location
        if let lines = files[end.file], end.line <= lines.count, indentation(of: start) != nil,
            lines[end.line - 1].dropFirst(end.column - 1).allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 })
        {
            start = ConfigLocation(file: start.file, line: start.line, column: 1)
            end = ConfigLocation(file: end.file, line: end.line + 1, column: 1)
        }
        return [TextEdit(from: start, to: end, write: "")]
    }

    /// Behind the `;` or `}` of a directive.
    private static func end(of directive: NginxDirective) -> ConfigLocation? {
        let last = directive.children == nil ? directive.end : directive.close
        guard let last, last.file == directive.location.file else { return nil }
        return ConfigLocation(file: last.file, line: last.line, column: last.column + 1)
    }

    /// What stands before the first word of a line; nil where the place is not the first word.
    private func indentation(of place: ConfigLocation) -> String? {
        guard let lines = files[place.file], place.line >= 1, place.line <= lines.count else { return nil }
        let before = lines[place.line - 1].prefix(max(0, place.column - 1))
        guard before.allSatisfy({ $0 == 32 || $0 == 9 }) else { return nil }
        return String(decoding: before, as: UTF8.self)
    }
}
