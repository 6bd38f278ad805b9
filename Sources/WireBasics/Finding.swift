/// Something worth saying about a capture, a configuration or a session.
public struct Finding: Hashable, Sendable, Codable {
    /// How much it matters.
    public enum Severity: String, Codable, Comparable, CaseIterable, Sendable {
        /// Good to know.
        case hint
        /// May break some traffic.
        case warning
        /// Breaks traffic, or makes the input unusable.
        case error

        /// The milder severity comes first.
        public static func < (left: Self, right: Self) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int {
            switch self {
            case .hint: 0
            case .warning: 1
            case .error: 2
            }
        }
    }

    /// Who has to act.
    public enum Blame: String, Codable, CaseIterable, Sendable {
        case client, backend, proxyConfig, capture, expectation, wsreplay
    }

    /// A stable name of the kind of finding, for example `ws.frame.reserved-opcode`.
    public var code: String
    /// How much it matters.
    public var severity: Severity
    /// Who has to act.
    public var blame: Blame
    /// What is the case, in one sentence.
    public var message: String
    /// Why it is so: the rule behind it (RFC section, nginx directive).
    public var why: String
    /// How to mend it; empty where nothing needs mending.
    public var mend: String
    /// The place in a configuration, where there is one.
    public var location: ConfigLocation?
    /// The packet (1-based, Wireshark's `frame.number`), where there is one.
    public var packet: Int?

    /// A finding with all its parts; what, where, why, how to mend.
    public init(
        code: String, severity: Severity, blame: Blame, message: String, why: String = "", mend: String = "",
        location: ConfigLocation? = nil, packet: Int? = nil
    ) {
        self.code = code
        self.severity = severity
        self.blame = blame
        self.message = message
        self.why = why
        self.mend = mend
        self.location = location
        self.packet = packet
    }
}
