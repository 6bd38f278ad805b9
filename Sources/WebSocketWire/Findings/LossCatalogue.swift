import WireBasics

/// A kind of loss: why a transcript is not the whole story.
public struct LossRule: Hashable, Sendable {
    /// The stable name, for example `tcp.gap`.
    public let code: String
    /// What is missing, in one sentence.
    public let sentence: String
    /// Whether something of what was sent is not known; false where only a check of it was left out.
    public let hidesContent: Bool
}

/// All kinds of losses; documentation is printed from it.
public enum LossCatalogue {
    /// Every kind once.
    public static let rules: [LossRule] = [
        .gap, .overlapConflict, .requestUnanswered, .responseUnreadable, .bodyUnfinished, .bodyUnreadable, .noHead,
        .otherProtocol,
        .draft,
        .framePartial, .resynchronised, .boundaryUnknown, .frameUnfinished, .frameUnreadable, .inflateStopped,
        .unknownExtension,
        .connectionsLimit, .headLimit, .requestsLimit, .interimLimit, .heldLimit, .inflateLimit, .inflateRatioLimit,
        .windowCheckLimit,
    ]

    /// The kind of that name.
    public static func rule(_ code: String) -> LossRule? {
        rules.first { $0.code == code }
    }
}

extension LossRule {
    /// What a hole withholds, in one sentence.
    static func gap(_ length: Int?, of party: Party) -> String {
        "\(length.map { "\($0) bytes" } ?? "bytes") of the \(party.rawValue) are not in the capture"
    }

    /// The sentence for a limit that was reached: its number, and its name on the command line, which is that of the
    /// code.
    func reached(_ limit: Int) -> String {
        "\(sentence); the limit is \(limit), and --limit \(code.dropFirst("limit.".count))=N raises it"
    }

    private static func rule(_ code: String, _ sentence: String, hidesContent: Bool = true) -> Self {
        Self(code: code, sentence: sentence, hidesContent: hidesContent)
    }

    static let gap = rule("tcp.gap", "bytes of the stream are not in the capture")
    static let overlapConflict = rule(
        "tcp.overlap-conflict", "bytes came twice and are not the same; the first copy counts")
    static let requestUnanswered = rule("http.request.unanswered", "the capture holds no response to the request")
    static let responseUnreadable = rule("http.response.unreadable", "what answers the request cannot be read")
    static let bodyUnfinished = rule("http.body.unfinished", "the body of a message is not all there")
    static let bodyUnreadable = rule("http.body.unreadable", "where the body of a message ends cannot be known")
    static let noHead = rule("http.response.no-head", "an HTTP/0.9 response has no head")
    static let otherProtocol = rule(
        "http.upgrade.other", "the connection switched to another protocol, which is not read")
    static let draft = rule("ws.draft", "the session speaks a draft that came before RFC 6455, which is not read")
    static let heldLimit = rule(
        "limit.held", "more bytes came before the other end's answer than the limit allows to keep")
    static let framePartial = rule(
        "ws.frame.partial", "bytes inside a frame are not in the capture; its length says where the next one begins")
    static let resynchronised = rule(
        "ws.frame.resynchronised",
        "frames are read again behind bytes that are not in the capture, where enough speaks for a frame to begin")
    static let boundaryUnknown = rule(
        "ws.frame.boundary-unknown",
        "nothing tells for certain where behind missing bytes a frame begins; what follows is not read")
    static let frameUnfinished = rule("ws.frame.unfinished", "the last frame is not all there")
    static let frameUnreadable = rule(
        "ws.frame.unreadable", "the end of a frame cannot be known; what follows is not read")
    static let headLimit = rule("limit.head", "a message head is longer than the limit allows")
    static let requestsLimit = rule(
        "limit.requests",
        "more requests wait for their responses than the limit allows to keep; those behind are not read")
    static let interimLimit = rule("limit.interim", "more interim responses came than the limit allows to keep")
    static let connectionsLimit = rule(
        "limit.connections",
        "more connections were open than the limit allows to follow, and this one was silent longest: what follows of it is not read; --limit connections=N raises the limit"
    )
    static let inflateLimit = rule("limit.inflate", "a message inflates to more bytes than the limit allows")
    static let inflateRatioLimit = rule(
        "limit.inflate-ratio", "a message inflates to more times its length than the limit allows")
    static let windowCheckLimit = rule(
        "limit.window-check",
        "whether compressed data keeps to the agreed window is checked up to the limit, and not behind it",
        hidesContent: false)
    static let inflateStopped = rule(
        "ws.deflate.stopped", "compressed messages behind one that could not be inflated need it and are not read")
    static let unknownExtension = rule(
        "ws.extension.unknown", "an extension that is not known is in use; messages are counted as they are on the wire"
    )
}
