import ProxyModel
import WireBasics

/// Reads the main file and what it includes into an `NginxSource`.
///
/// Source: `ngx_conf_parse` and `ngx_conf_include` in `src/core/ngx_conf_file.c`. Relative names are relative to the
/// folder of the main file, wherever the `include` stands.
struct NginxParser {
    /// nginx itself has no limit: it runs out of file descriptors.
    static let deepestInclude = 64
    /// nginx itself has no limit; no directive of nginx nests anywhere near as deep.
    static let deepestBlock = 128
    /// Files that include each other twice grow without bound long before they nest deep.
    static let mostFiles = 10_000

    private let source: any ConfigSource
    private let folder: String
    private var filesRead = 0

    /// A parser for the files of `source`; `main` says which folder relative names belong to.
    init(_ source: any ConfigSource, main: String) {
        self.source = source
        folder = main.lastIndex(of: "/").map { String(main[...$0]) } ?? ""
    }

    /// Reads the main file and everything that it includes.
    static func parse(_ main: String, from source: any ConfigSource) -> NginxSource {
        var parser = NginxParser(source, main: main)
        return NginxSource(file: main, items: parser.items(of: main, from: nil, depth: 0, block: 0))
    }

    private mutating func items(
        of path: String, from include: ConfigLocation?, depth: Int, block: Int
    )
        -> [NginxSource.Item]
    {
        filesRead += 1
        guard depth <= Self.deepestInclude, filesRead <= Self.mostFiles else {
            return [failure("open() \"\(path)\" failed (24: Too many open files)", include)]
        }
        do throws(ConfigSourceError) {
            var lexer = NginxLexer(try source.contents(of: path), file: path)
            return body(&lexer, of: nil, depth: depth, block: block).items
        } catch {
            return [failure("open() \"\(path)\" failed (\(error.number): \(error.text))", include)]
        }
    }

    /// Reads up to the `}` of the block that `opener` began, or to the end of the file when there is none.
    private mutating func body(
        _ lexer: inout NginxLexer, of opener: NginxWord?, depth: Int, block: Int
    )
        -> (items: [NginxSource.Item], close: ConfigLocation?)
    {
        var items: [NginxSource.Item] = []
        while true {
            switch lexer.next() {
            case .simple(let words, let end):
                let statement = NginxSource.Statement(words: words, end: end, body: nil, close: nil)
                if words.count == 2, words[0].text == "include" {
                    items.append(.include(statement, included(by: words[1], end, depth: depth, block: block)))
                } else {
                    items.append(.directive(statement))
                }
            case .block(let words, let end):
                guard block < Self.deepestBlock else {
                    items.append(failure("blocks nest deeper than \(Self.deepestBlock)", end))
                    return (items, nil)
                }
                let inner = body(&lexer, of: words.first, depth: depth, block: block + 1)
                items.append(
                    .directive(.init(words: words, end: end, body: inner.items, close: inner.close)))
            case .close(let place):
                if opener != nil { return (items, place) }
                items.append(failure("unexpected \"}\"", place))
            case .end(let place):
                if let opener {
                    let message = "unexpected end of file, expecting \"}\""
                    items.append(.failure(.init(message: message, location: place, opener: opener)))
                }
                return (items, nil)
            case .failure(let message, let place, let words):
                items.append(.failure(.init(message: message, location: place, words: words)))
                // What a brace closes is known even when the statement before it is broken.
                if message == "unexpected \"}\"", opener != nil { return (items, place) }
                if message.hasPrefix("unexpected end of file") { return (items, nil) }
                if message != "unexpected \"}\"" { lexer.skipLine() }
            }
        }
    }

    private mutating func included(
        by word: NginxWord, _ end: ConfigLocation, depth: Int, block: Int
    )
        -> [NginxSource.IncludedFile]
    {
        let name = String(decoding: word.text.bytes, as: UTF8.self)
        let path = name.hasPrefix("/") ? name : folder + name
        let paths = path.contains(where: { "*?[".contains($0) }) ? source.paths(matching: path) : [path]
        return paths.map {
            .init(path: $0, items: items(of: $0, from: end, depth: depth + 1, block: block))
        }
    }

    private func failure(_ message: String, _ location: ConfigLocation?) -> NginxSource.Item {
        .failure(.init(message: message, location: location))
    }
}
