public import ProxyModel
public import Verdicts
public import WireBasics

/// Replays captures through two configurations: which sessions change from one to the other.
public struct Compare: Sendable {
    /// Captures, or transcripts as NDJSON, in the order to read them.
    public var captures: [String]
    /// The configurations of today, client side first.
    public var before: [ProxyChoice]
    /// Those that are about to be deployed, client side first.
    public var after: [ProxyChoice]
    /// How the backends behave.
    public var backends: BackendScripts
    /// The listener that clients come in at; nil for the captured destination.
    public var listener: Endpoint?
    /// Where configuration files come from.
    public var source: any ConfigSource

    /// A comparison of two configurations over these captures.
    public init(
        captures: [String], before: [ProxyChoice], after: [ProxyChoice], backends: BackendScripts = BackendScripts(),
        listener: Endpoint? = nil, source: any ConfigSource = DiskConfigSource()
    ) {
        self.captures = captures
        self.before = before
        self.after = after
        self.backends = backends
        self.listener = listener
        self.source = source
    }

    /// Reads once, replays twice and compares.
    ///
    /// Shape: a run of the configurations of tomorrow whose expectation is what those of today do.
    ///
    /// - Parameter command: what the report says the user typed.
    /// - Throws: `UserError` when a capture or configuration cannot be used, or when there is nothing to replay.
    public func run(command: String = "") throws(UserError) -> RunResult {
        func replay(_ proxies: [ProxyChoice]) -> Replay {
            Replay(captures: captures, proxies: proxies, backends: backends, listener: listener, source: source)
        }
        let read = try replay(before).read()
        let old = try replay(before).run(on: read.captures, findings: read.findings, command: command)
        let new = try replay(after).run(on: read.captures, findings: read.findings, command: command)
        return RunResult.comparing(old, with: new, command: command)
    }
}
