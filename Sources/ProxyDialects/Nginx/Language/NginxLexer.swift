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

    /// Reads the next statement.
    ///
    /// After `end` or `failure` it goes on behind it, for those who look for more.
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
            if byte == NginxByte.newline {
                line += 1
                lineStart = position
            }

            if state == .comment {
                if byte == NginxByte.newline { state = .betweenWords }
                continue
            }
            if isAfterBackslash {
                isAfterBackslash = false
                continue
            }
            if state == .afterQuotes {
                switch byte {
                case NginxByte.space, NginxByte.tab, NginxByte.carriageReturn, NginxByte.newline:
                    state = .betweenWords
                    continue
                case NginxByte.semicolon: return .simple(words, end: place)
                case NginxByte.openBrace: return .block(words, end: place)
                case NginxByte.closeParenthesis: state = .betweenWords
                default: return .failure("unexpected \"\(Self.text(byte))\"", at: nginxLine(place), words: words)
                }
            }

            if state == .betweenWords {
                word = PendingWord(start: position - 1, location: place)
                switch byte {
                case NginxByte.space, NginxByte.tab, NginxByte.carriageReturn, NginxByte.newline: continue
                case NginxByte.semicolon, NginxByte.openBrace:
                    guard !words.isEmpty else {
                        return .failure("unexpected \"\(Self.text(byte))\"", at: place, words: [])
                    }
                    return byte == NginxByte.semicolon ? .simple(words, end: place) : .block(words, end: place)
                case NginxByte.closeBrace:
                    guard words.isEmpty else { return .failure("unexpected \"}\"", at: place, words: words) }
                    return .close(place)
                case NginxByte.sharp: state = .comment
                case NginxByte.doubleQuote, NginxByte.singleQuote:
                    word.start += 1
                    state = byte == NginxByte.doubleQuote ? .doubleQuoted : .singleQuoted
                default:
                    isAfterBackslash = byte == NginxByte.backslash
                    isAfterDollar = byte == NginxByte.dollar
                    state = .bare
                }
                continue
            }

            if byte == NginxByte.openBrace, isAfterDollar { continue }
            isAfterDollar = byte == NginxByte.dollar
            isAfterBackslash = byte == NginxByte.backslash
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
            if byte == NginxByte.semicolon { return .simple(words, end: place) }
            if byte == NginxByte.openBrace { return .block(words, end: place) }
            state = .betweenWords
        }
    }

    /// Goes to the next line: where reading can start again behind something that is no statement.
    mutating func skipLine() {
        while position < bytes.count {
            position += 1
            if bytes[position - 1] == NginxByte.newline {
                line += 1
                lineStart = position
                break
            }
        }
        bufferEnd = min(bufferEnd, position)
    }

    private enum State {
        case betweenWords, comment, bare, doubleQuoted, singleQuoted, afterQuotes

        var isBetweenWords: Bool { self == .betweenWords || self == .comment }

        func ends(at byte: UInt8) -> Bool {
            switch self {
            case .doubleQuoted: byte == NginxByte.doubleQuote
            case .singleQuoted: byte == NginxByte.singleQuote
            default:
                [
                    NginxByte.space, NginxByte.tab, NginxByte.carriageReturn, NginxByte.newline, NginxByte.semicolon,
                    NginxByte.openBrace,
                ].contains(byte)
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
        guard raw.contains(NginxByte.backslash) else { return ByteString(raw) }
        var out: [UInt8] = []
        var index = raw.startIndex
        while index < raw.endIndex {
            if raw[index] == NginxByte.backslash, index + 1 < raw.endIndex {
                let replacement: UInt8? =
                    switch raw[index + 1] {
                    case NginxByte.doubleQuote, NginxByte.singleQuote, NginxByte.backslash: raw[index + 1]
                    case UInt8(ascii: "t"): NginxByte.tab
                    case UInt8(ascii: "r"): NginxByte.carriageReturn
                    case UInt8(ascii: "n"): NginxByte.newline
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

/// The bytes that mean something in a configuration file.
enum NginxByte {
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
    static let slash = UInt8(ascii: "/")
    static let colon = UInt8(ascii: ":")
    static let dot = UInt8(ascii: ".")
    static let star = UInt8(ascii: "*")
    static let tilde = UInt8(ascii: "~")
    static let equals = UInt8(ascii: "=")
    static let at = UInt8(ascii: "@")
    static let question = UInt8(ascii: "?")
    static let percent = UInt8(ascii: "%")
    static let dash = UInt8(ascii: "-")
}
