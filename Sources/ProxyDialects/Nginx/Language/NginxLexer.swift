import WireBasics

/// Cuts a configuration file into statements exactly as nginx does, with the place of every word.
///
/// Source: `ngx_conf_read_token` in `src/core/ngx_conf_file.c`. Quotes count only at the start of a word; a backslash
/// keeps the next byte from ending a word; `{` directly after `$` belongs to the word; after a closing quote only
/// white space, `;`, `{` or `)` may follow.
struct NginxLexer {
    /// What the lexer finds next.
    enum Statement: Hashable {
        /// `word…;`
        case simple([NginxWord], end: ConfigLocation)
        /// `word… {`
        case block([NginxWord], end: ConfigLocation)
        /// `}`
        case close(ConfigLocation)
        /// The end of the file, between two statements.
        case end(ConfigLocation)
        /// nginx stops here. The words that were read up to there go with it.
        case failure(String, at: ConfigLocation, words: [NginxWord])
    }

    /// nginx reads files through a buffer of this many bytes, and no word (or comment) may be longer.
    static let bufferSize = 4096

    private let file: String
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var lineStart = 0
    /// Where nginx's buffer would begin and end.
    private var bufferStart = 0
    private var bufferEnd = 0

    /// A lexer for the bytes of a file, which is called `file` in locations.
    init(_ bytes: [UInt8], file: String) {
        (self.bytes, self.file) = (bytes, file)
    }

    /// Reads the next statement. After `end` or `failure` it goes on behind it, for those who look for more.
    mutating func next() -> Statement {
        var words: [NginxWord] = []
        var word = PendingWord(start: position, location: here)
        var state = State.betweenWords
        var isAfterBackslash = false
        var isAfterDollar = false

        while true {
            if position >= bufferEnd {
                if position >= bytes.count {
                    guard words.isEmpty, state.isBetweenWords else {
                        return .failure(
                            "unexpected end of file, expecting \";\" or \"}\"", at: here, words: words)
                    }
                    return .end(here)
                }
                if position - word.start == Self.bufferSize {
                    return tooLong(word, state, words)
                }
                bufferStart = position - word.start > 0 ? word.start : position
                bufferEnd = min(bytes.count, bufferStart + Self.bufferSize)
            }

            let place = here
            let byte = bytes[position]
            position += 1
            if byte == .newline {
                line += 1
                lineStart = position
            }

            if state == .comment {
                if byte == .newline { state = .betweenWords }
                continue
            }
            if isAfterBackslash {
                isAfterBackslash = false
                continue
            }
            if state == .afterQuotes {
                switch byte {
                case .space, .tab, .carriageReturn, .newline:
                    state = .betweenWords
                    continue
                case .semicolon: return .simple(words, end: place)
                case .openBrace: return .block(words, end: place)
                case .closeParenthesis: state = .betweenWords
                default: return .failure("unexpected \"\(Self.text(byte))\"", at: nginxLine(place), words: words)
                }
            }

            if state == .betweenWords {
                word = PendingWord(start: position - 1, location: place)
                switch byte {
                case .space, .tab, .carriageReturn, .newline: continue
                case .semicolon, .openBrace:
                    guard !words.isEmpty else {
                        return .failure("unexpected \"\(Self.text(byte))\"", at: place, words: [])
                    }
                    return byte == .semicolon ? .simple(words, end: place) : .block(words, end: place)
                case .closeBrace:
                    guard words.isEmpty else { return .failure("unexpected \"}\"", at: place, words: words) }
                    return .close(place)
                case .sharp: state = .comment
                case .doubleQuote, .singleQuote:
                    word.start += 1
                    state = byte == .doubleQuote ? .doubleQuoted : .singleQuoted
                default:
                    isAfterBackslash = byte == .backslash
                    isAfterDollar = byte == .dollar
                    state = .bare
                }
                continue
            }

            if byte == .openBrace, isAfterDollar { continue }
            isAfterDollar = byte == .dollar
            isAfterBackslash = byte == .backslash
            if isAfterDollar || isAfterBackslash { continue }

            guard state.ends(at: byte) else { continue }
            words.append(
                NginxWord(
                    text: Self.unescaped(bytes[word.start..<(position - 1)]), isQuoted: state != .bare,
                    location: word.location))
            guard state == .bare else {
                state = .afterQuotes
                continue
            }
            if byte == .semicolon { return .simple(words, end: place) }
            if byte == .openBrace { return .block(words, end: place) }
            state = .betweenWords
        }
    }

    private enum State {
        case betweenWords, comment, bare, doubleQuoted, singleQuoted, afterQuotes

        var isBetweenWords: Bool { self == .betweenWords || self == .comment }

        func ends(at byte: UInt8) -> Bool {
            switch self {
            case .doubleQuoted: byte == .doubleQuote
            case .singleQuoted: byte == .singleQuote
            default: [.space, .tab, .carriageReturn, .newline, .semicolon, .openBrace].contains(byte)
            }
        }
    }

    private struct PendingWord {
        var start: Int
        var location: ConfigLocation
    }

    private var here: ConfigLocation {
        ConfigLocation(file: file, line: line, column: position - lineStart + 1)
    }

    /// nginx counts a line break before it complains of it.
    private func nginxLine(_ place: ConfigLocation) -> ConfigLocation {
        place.line == line ? place : ConfigLocation(file: file, line: line, column: 1)
    }

    /// A word or a comment that does not fit into nginx's buffer: it complains at the line where it begins.
    private mutating func tooLong(_ word: PendingWord, _ state: State, _ words: [NginxWord]) -> Statement {
        defer { bufferEnd = bytes.count }
        switch state {
        case .doubleQuoted, .singleQuoted:
            let quote = state == .doubleQuoted ? "\"" : "'"
            return .failure(
                "too long parameter, probably missing terminating \"\(quote)\" character", at: word.location,
                words: words)
        default:
            let start = ByteString(bytes[word.start..<min(bytes.count, word.start + 10)])
            return .failure("too long parameter \"\(start)...\" started", at: word.location, words: words)
        }
    }

    /// Takes the backslash off where nginx does: before a quote or a backslash, and in `\t`, `\r`, `\n`.
    static func unescaped(_ raw: ArraySlice<UInt8>) -> ByteString {
        guard raw.contains(.backslash) else { return ByteString(raw) }
        var out: [UInt8] = []
        var index = raw.startIndex
        while index < raw.endIndex {
            if raw[index] == .backslash, index + 1 < raw.endIndex {
                let replacement: UInt8? =
                    switch raw[index + 1] {
                    case .doubleQuote, .singleQuote, .backslash: raw[index + 1]
                    case UInt8(ascii: "t"): .tab
                    case UInt8(ascii: "r"): .carriageReturn
                    case UInt8(ascii: "n"): .newline
                    default: nil
                    }
                if let replacement {
                    out.append(replacement)
                    index += 2
                    continue
                }
            }
            out.append(raw[index])
            index += 1
        }
        return ByteString(out)
    }

    private static func text(_ byte: UInt8) -> String {
        ByteString(CollectionOfOne(byte)).description
    }
}

extension UInt8 {
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let carriageReturn = UInt8(ascii: "\r")
    static let newline = UInt8(ascii: "\n")
    static let semicolon = UInt8(ascii: ";")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let closeParenthesis = UInt8(ascii: ")")
    static let sharp = UInt8(ascii: "#")
    static let dollar = UInt8(ascii: "$")
    static let backslash = UInt8(ascii: "\\")
    static let doubleQuote = UInt8(ascii: "\"")
    static let singleQuote = UInt8(ascii: "'")
}
