/// What is known of one directive: where it may stand, what it takes, and what the model does with it.
///
/// Two rows of one name are two directives (`server` of `http` and of `upstream`), or one that changed with a release.
struct NginxDirectiveRow: Hashable, Sendable {
    /// The directive's name.
    var name: String
    /// The blocks that it may stand in.
    var contexts: NginxContexts
    /// How many arguments it takes.
    var arguments: NginxArgumentCount
    /// What its arguments must look like.
    var value: NginxValueKind
    /// What the model does with it.
    var treatment: NginxTreatment
    /// Whether it has a block in braces.
    var isBlock: Bool
    /// Why it is treated so, where that is not obvious.
    var reason: String
    /// The first release that has it; nil when the oldest modelled one has.
    var since: NginxVersion?
    /// The first release that has it no more; nil when the newest modelled one still has.
    var before: NginxVersion?

    /// A row with all its parts.
    init(
        _ name: String, _ contexts: NginxContexts, _ arguments: NginxArgumentCount, _ value: NginxValueKind,
        _ treatment: NginxTreatment, isBlock: Bool = false, _ reason: String = "", since: NginxVersion? = nil,
        before: NginxVersion? = nil
    ) {
        self.name = name
        self.contexts = contexts
        self.arguments = arguments
        self.value = value
        self.treatment = treatment
        self.isBlock = isBlock
        self.reason = reason
        self.since = since
        self.before = before
    }

    /// Whether that release has it.
    func exists(in version: NginxVersion) -> Bool {
        (since.map { version >= $0 } ?? true) && (before.map { version < $0 } ?? true)
    }
}

/// What the model does with a directive.
enum NginxTreatment: String, Hashable, Sendable, CaseIterable {
    /// The model does what nginx does.
    case modelled
    /// It cannot change what happens to a WebSocket exchange.
    case harmless
    /// It could change what happens; a verdict that could depend on it is inconclusive.
    case notModelled
}

/// The blocks that a directive may stand in: nginx's `NGX_*_CONF` masks.
struct NginxContexts: OptionSet, Hashable, Sendable {
    /// The bits.
    let rawValue: UInt16

    static let main = Self(rawValue: 1)
    static let events = Self(rawValue: 1 << 1)
    static let http = Self(rawValue: 1 << 2)
    static let server = Self(rawValue: 1 << 3)
    static let location = Self(rawValue: 1 << 4)
    static let upstream = Self(rawValue: 1 << 5)
    /// `if` in a `server` block.
    static let serverIf = Self(rawValue: 1 << 6)
    /// `if` in a `location` block.
    static let locationIf = Self(rawValue: 1 << 7)
    static let limitExcept = Self(rawValue: 1 << 8)
    static let stream = Self(rawValue: 1 << 9)
    static let streamServer = Self(rawValue: 1 << 10)
    static let streamUpstream = Self(rawValue: 1 << 11)
    static let mail = Self(rawValue: 1 << 12)
    static let mailServer = Self(rawValue: 1 << 13)

    static let httpServer: Self = [.http, .server]
    static let httpServerLocation: Self = [.http, .server, .location]
    static let anywhere = Self(rawValue: .max)

    /// The names that nginx's documentation uses, in the order of nesting.
    var names: [String] {
        let all: [(Self, String)] = [
            (.main, "main"), (.events, "events"), (.http, "http"), (.server, "server"), (.location, "location"),
            (.upstream, "upstream"), (.serverIf, "if in server"), (.locationIf, "if in location"),
            (.limitExcept, "limit_except"), (.stream, "stream"), (.streamServer, "server in stream"),
            (.streamUpstream, "upstream in stream"), (.mail, "mail"), (.mailServer, "server in mail"),
        ]
        return all.filter { contains($0.0) }.map(\.1)
    }
}

/// How many arguments a directive takes, by nginx's own names (`NGX_CONF_TAKE12` is `.take12`).
struct NginxArgumentCount: OptionSet, Hashable, Sendable {
    /// The bits: bit n for n arguments, the open forms above them.
    let rawValue: UInt16

    static let noArgs = Self(rawValue: 1)
    static let take1 = Self(rawValue: 1 << 1)
    static let take2 = Self(rawValue: 1 << 2)
    static let take3 = Self(rawValue: 1 << 3)
    static let take4 = Self(rawValue: 1 << 4)
    static let take12: Self = [.take1, .take2]
    static let take13: Self = [.take1, .take3]
    static let take23: Self = [.take2, .take3]
    static let take123: Self = [.take1, .take2, .take3]
    static let take1234: Self = [.take1, .take2, .take3, .take4]
    static let oneMore = Self(rawValue: 1 << 8)
    static let twoMore = Self(rawValue: 1 << 9)
    static let any = Self(rawValue: 1 << 10)
    /// `on` or `off`.
    static let flag = Self(rawValue: 1 << 11)

    /// Whether that many arguments are right.
    func allows(_ count: Int) -> Bool {
        if contains(.any) { return true }
        if contains(.flag) { return count == 1 }
        if contains(.oneMore) { return count >= 1 }
        if contains(.twoMore) { return count >= 2 }
        return (0...7).contains(count) && rawValue & 1 << UInt16(count) != 0
    }

    /// How many arguments it takes, in words: "1 or 2", "at least 1".
    var words: String {
        if contains(.any) { return "any number of" }
        if contains(.flag) { return "1 (on or off)" }
        if contains(.oneMore) { return "at least 1" }
        if contains(.twoMore) { return "at least 2" }
        let counts = (0...7).filter { allows($0) }.map { $0 == 0 ? "no" : String($0) }
        guard let last = counts.last, counts.count > 1 else { return counts.first ?? "no" }
        return counts.dropLast().joined(separator: ", ") + " or " + last
    }
}
