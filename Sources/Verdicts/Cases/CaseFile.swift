public import ProxyModel
public import WireBasics
public import YAMLDocuments

/// A case: what is replayed through what, and what must come out.
///
/// The contents of a `case.yaml`.
public struct CaseFile: Hashable, Sendable {
    /// What the case shows, in one sentence.
    public var description: String
    /// The captures, relative to the case's folder.
    public var captures: [String]
    /// The configurations, client side first, relative to the case's folder.
    public var proxies: [String]
    /// The version of the proxy to model; nil for the default.
    public var proxyVersion: String?
    /// The listener that clients come in at; nil for the captured destination.
    public var listener: Endpoint?
    /// When the proxies read their configurations again, from the first packet of the captures.
    public var reloads: [TimeSpan]
    /// How the backends behave.
    public var backends: BackendScripts
    /// What must come out; never empty.
    public var expectations: [Expectation]
}

/// One entry of `expect`: which sessions, and what must be true of each of them.
public struct Expectation: Hashable, Sendable {
    /// Where it stands in the case file.
    public var location: ConfigLocation
    /// Which sessions it is about.
    public var sessions: SessionSelector
    /// What must be true; never empty.
    public var claims: [Claim]
}

/// Which sessions of a run an expectation is about.
public enum SessionSelector: Hashable, Sendable {
    /// Every session.
    case all
    /// By the N of `FILE#N`.
    case numbers([Int])
    /// By the path of the request target, without its query.
    case path(String)
    /// By the client's address.
    case client(Endpoint)
    /// The configuration itself, before any session.
    case configuration
}

/// One thing that must be true.
public struct Claim: Hashable, Sendable {
    /// Where it stands in the case file.
    public var location: ConfigLocation
    /// What must be true.
    public var what: What

    /// What can be claimed.
    public enum What: Hashable, Sendable {
        case verdict(Verdict)
        case status(Int)
        case upgraded(Bool)
        case upstreamAddress(String)
        case upstreamTarget(ValueRule)
        case upstreamHeader(String, ValueRule)
        case responseHeader(String, ValueRule)
        case delivered(Party, Int)
        case lost(Party, Int)
        case closedBy(Closer)
        case closedAfter(from: TimeSpan, to: TimeSpan)
        /// A difference names this source: `nginx.conf:14`.
        case because(String)
        /// The configuration is refused with a message that holds this text.
        case refused(message: String?, line: Int?)
    }
}

/// What a header or another text must be.
public enum ValueRule: Hashable, Sendable {
    /// Exactly this, in one line of that name.
    case equals(String)
    /// A regular expression matches somewhere in it.
    case matches(String)
    /// A line of that name is there.
    case present
    /// No line of that name is there.
    case absent
}

/// A case file that cannot be used: what is wrong, where, and how to mend it.
public typealias CaseFileError = DocumentError
