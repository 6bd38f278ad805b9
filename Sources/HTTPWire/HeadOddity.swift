/// Something in a message head that a specification forbids and that real servers put up with.
///
/// Each is one switch: a reader allows it, and then says that it was there, or refuses the head. Source: RFC 9112.
package enum HeadOddity: String, CaseIterable, Hashable, Sendable {
    /// A line ends with LF alone.
    case bareLineFeed = "http.head.bare-lf"
    /// A CR without LF inside a line.
    case bareCarriageReturn = "http.head.bare-cr"
    /// Empty lines before the start line.
    case leadingEmptyLines = "http.head.leading-empty-lines"
    /// Spaces inside the request target, more than one space between the parts of the start line, or space at its end.
    case startLineWhitespace = "http.head.start-line-whitespace"
    /// A status line without the space before the reason phrase.
    case missingReasonSpace = "http.head.missing-reason-space"
    /// A request line without a version: HTTP/0.9.
    case missingVersion = "http.head.version-0.9"
    /// A version that is none of HTTP/1, in a head that otherwise is one.
    case otherVersion = "http.head.version"
    /// White space between the start line and the first header line; such lines carry no header.
    case whitespaceBeforeFirstField = "http.head.whitespace-before-first-field"
    /// A header value folded over several lines.
    case lineFolding = "http.head.obs-fold"
    /// White space between a header name and its colon.
    case whitespaceBeforeColon = "http.head.whitespace-before-colon"
    /// A header line without a colon; it carries no header.
    case missingColon = "http.head.missing-colon"
    /// A header name that is empty or holds bytes that are no token characters.
    case invalidFieldName = "http.head.invalid-field-name"
    /// NUL or another control character in a header value or a start line.
    case controlCharacter = "http.head.control-character"

    /// The rule it breaks.
    package var section: String {
        switch self {
        case .bareLineFeed, .bareCarriageReturn, .leadingEmptyLines, .whitespaceBeforeFirstField: "RFC 9112 §2.2"
        case .startLineWhitespace: "RFC 9112 §3"
        case .missingReasonSpace: "RFC 9112 §4"
        case .missingVersion, .otherVersion: "RFC 9112 §2.3"
        case .lineFolding: "RFC 9112 §5.2"
        case .whitespaceBeforeColon, .invalidFieldName, .missingColon: "RFC 9112 §5.1"
        case .controlCharacter: "RFC 9110 §5.5"
        }
    }

    /// What is the case, in one sentence.
    package var sentence: String {
        switch self {
        case .bareLineFeed: "a line ends with LF alone instead of CR LF"
        case .bareCarriageReturn: "a CR that no LF follows stands inside a line"
        case .leadingEmptyLines: "empty lines come before the start line"
        case .startLineWhitespace: "the start line has white space where none belongs"
        case .missingReasonSpace: "the status line lacks the space after the status code"
        case .missingVersion: "the request line has no version, which makes it HTTP/0.9"
        case .otherVersion: "the version is none of HTTP/1"
        case .whitespaceBeforeFirstField: "a line before the first header starts with white space"
        case .lineFolding: "a header value is folded over several lines"
        case .whitespaceBeforeColon: "white space stands between a header name and its colon"
        case .missingColon: "a header line has no colon"
        case .invalidFieldName: "a header name is no token"
        case .controlCharacter: "a control character stands in the start line or in a header value"
        }
    }
}

/// Which oddities a reader of heads allows.
package struct HeadTolerance: Hashable, Sendable {
    private var bits: UInt32

    /// Allows these and refuses all others.
    package init(allowing oddities: [HeadOddity]) {
        bits = oddities.reduce(0) { $0 | Self.bit($1) }
    }

    /// Allows nothing: what RFC 9112 lets a sender produce.
    package static let strict = HeadTolerance(allowing: [])
    /// Allows everything that can be read in one way only: a capture is evidence, to be shown and not to be refused.
    package static let capture = HeadTolerance(allowing: HeadOddity.allCases)

    /// Whether that one is allowed.
    package func allows(_ oddity: HeadOddity) -> Bool {
        bits & Self.bit(oddity) != 0
    }

    private static func bit(_ oddity: HeadOddity) -> UInt32 {
        1 << UInt32(HeadOddity.allCases.firstIndex(of: oddity) ?? 31)
    }
}
