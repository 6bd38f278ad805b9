public import ProxyModel
public import WebSocketWire
public import WireBasics

/// Everything that a replay found, for all report formats.
///
/// Self-contained: no open files.
public struct RunResult: Sendable {
    /// What was run, as the user could repeat it: `wsreplay replay chat.pcap --proxy nginx.conf`.
    public var command: String
    /// The captures, those of a series one behind the other.
    public var captures: [CaptureSummary]
    /// The proxies, client side first.
    public var proxies: [ProxySummary]
    /// The sessions that were replayed, in order of their ids.
    public var sessions: [SessionResult]
    /// Exchanges of the captures that were not replayed, and why.
    public var notReplayed: [NotReplayed]
    /// What is worth saying about the run as a whole.
    public var findings: [Finding]
    /// How many of the replayed sessions `sessions` holds, where a filter chose them.
    public var selection: SessionSelection?
    /// The proxies whose outcomes are the expectation, client side first; nil where what was captured is.
    public var before: [ProxySummary]?

    /// A result with all its parts.
    public init(
        command: String, captures: [CaptureSummary], proxies: [ProxySummary], sessions: [SessionResult],
        notReplayed: [NotReplayed], findings: [Finding]
    ) {
        self.command = command
        self.captures = captures
        self.proxies = proxies
        self.sessions = sessions
        self.notReplayed = notReplayed
        self.findings = findings
    }

    /// How many requests the captures hide in holes: there is no session of them, and no verdict.
    public var hiddenRequests: Int {
        captures.reduce(0) { $0 + $1.findings.count { $0.code == SessionReader.lostRequestCode } }
    }

    /// How many sessions got that verdict.
    public func count(_ verdict: Verdict) -> Int {
        sessions.count { $0.verdict == verdict }
    }
}

/// What is said of a proxy in a report.
public struct ProxySummary: Hashable, Sendable, Codable {
    /// The configuration as the user named it.
    public var name: String
    /// The product and version that was modelled.
    public var product: String
    /// How that version was chosen: asked for, seen in the capture, the newest modelled.
    public var versionChosenBy: String
    /// The files that the configuration consists of.
    public var files: [ConfigurationFile]
    /// What is worth saying about the configuration.
    public var findings: [Finding]

    /// A summary with all its parts.
    public init(
        name: String, product: String, versionChosenBy: String, files: [ConfigurationFile], findings: [Finding]
    ) {
        self.name = name
        self.product = product
        self.versionChosenBy = versionChosenBy
        self.files = files
        self.findings = findings
    }
}

/// A configuration file as it was read.
public struct ConfigurationFile: Hashable, Sendable, Codable {
    /// As the user, or the `include`, named it; what a `ConfigLocation` repeats.
    public var path: String
    /// Its bytes.
    public var contents: [UInt8]
    /// SHA-256 of them, in hex.
    public var sha256: String

    /// A file with all its parts.
    public init(path: String, contents: [UInt8], sha256: String) {
        self.path = path
        self.contents = contents
        self.sha256 = sha256
    }
}

/// A session and what became of it.
public struct SessionResult: Sendable {
    /// `FILE#N`.
    public var id: SessionID
    /// What was captured.
    public var transcript: SessionTranscript
    /// What the model did.
    public var outcome: ExchangeOutcome
    /// What to think of it.
    public var verdict: Verdict
    /// Where the outcome differs from what was captured, worst first.
    public var differences: [Difference]
    /// Why the verdict is inconclusive; empty when it is not.
    public var doubts: [Explanation]
    /// What another configuration did, where that is the expectation.
    public var before: PriorOutcome?

    /// A result with all its parts.
    public init(
        id: SessionID, transcript: SessionTranscript, outcome: ExchangeOutcome, verdict: Verdict,
        differences: [Difference], doubts: [Explanation]
    ) {
        self.id = id
        self.transcript = transcript
        self.outcome = outcome
        self.verdict = verdict
        self.differences = differences
        self.doubts = doubts
    }
}

/// What became of a session with the configuration that it is compared with.
public struct PriorOutcome: Sendable {
    /// What to think of it, given what was captured.
    public var verdict: Verdict
    /// What the model did.
    public var outcome: ExchangeOutcome

    /// An outcome and its verdict.
    public init(verdict: Verdict, outcome: ExchangeOutcome) {
        self.verdict = verdict
        self.outcome = outcome
    }
}

/// An exchange that was not replayed.
public struct NotReplayed: Hashable, Sendable, Codable {
    /// `FILE#N`.
    public var id: SessionID
    /// Why not.
    public var because: String

    /// An exchange and the reason.
    public init(id: SessionID, because: String) {
        self.id = id
        self.because = because
    }
}

/// A session's name: the capture's file name and a 1-based number in order of first packet.
public struct SessionID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The capture's file name, without its folder.
    public var file: String
    /// 1-based.
    public var number: Int

    /// The session of that number in that file.
    public init(file: String, number: Int) {
        self.file = file
        self.number = number
    }

    /// `chat.pcap#1`.
    public var description: String { "\(file)#\(number)" }

    /// By file, then number.
    public static func < (left: Self, right: Self) -> Bool {
        (left.file, left.number) < (right.file, right.number)
    }
}
