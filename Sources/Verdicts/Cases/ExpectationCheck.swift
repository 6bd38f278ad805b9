import HTTPWire
import ProxyModel
import WebSocketWire
public import WireBasics

/// A claim that is not true.
public struct FailedClaim: Hashable, Sendable, Codable {
    /// Where the claim stands.
    public var location: ConfigLocation
    /// The session it is about; nil when it is about the configuration, or when no session was selected.
    public var session: SessionID?
    /// What was expected, what came out, and why as far as the model knows.
    public var difference: Difference

    /// A failure with all its parts.
    public init(location: ConfigLocation, session: SessionID?, difference: Difference) {
        self.location = location
        self.session = session
        self.difference = difference
    }
}

extension Expectation {
    /// The claims that are not true of the selected sessions.
    ///
    /// An expectation that selects no session fails: it would otherwise be true of nothing.
    public func failures(in sessions: [SessionResult]) -> [FailedClaim] {
        let selected = sessions.filter(self.sessions.selects)
        guard !selected.isEmpty else {
            return [
                FailedClaim(
                    location: location, session: nil,
                    difference: Difference(
                        path: "sessions", expected: "a session that this entry selects",
                        actual: .text(ByteString("none of \(sessions.count) sessions")), severity: .error,
                        blame: .expectation, explanation: Explanation(because: "no session is like this")))
            ]
        }
        return selected.flatMap { session in claims.compactMap { $0.failure(in: session) } }
    }
}

extension SessionSelector {
    func selects(_ session: SessionResult) -> Bool {
        switch self {
        case .all: true
        case .numbers(let numbers): numbers.contains(session.id.number)
        case .path(let path): Self.path(of: session.transcript.request.head.target) == ByteString(path)
        case .client(let client): session.transcript.client == client
        case .configuration: false
        }
    }

    private static func path(of target: ByteString) -> ByteString {
        ByteString(target.bytes.prefix { $0 != UInt8(ascii: "?") })
    }
}

extension Claim {
    func failure(in session: SessionResult) -> FailedClaim? {
        let comparison = compared(with: session)
        guard !comparison.holds else { return nil }
        // The worst difference is what the reader should look at first.
        let explanation = session.differences.first?.explanation ?? session.doubts.first
        return FailedClaim(
            location: location, session: session.id,
            difference: Difference(
                path: comparison.path, expected: .text(ByteString(comparison.expected)),
                actual: .text(ByteString(comparison.actual)), severity: .error,
                explanation: explanation ?? Explanation(because: "the model sees no reason to differ")))
    }

    private typealias Compared = (holds: Bool, path: String, expected: String, actual: String)

    private func compared(with session: SessionResult) -> Compared {
        let outcome = session.outcome
        switch what {
        case .verdict(let verdict): return equal("verdict", verdict.rawValue, session.verdict.rawValue)
        case .status(let status): return equal("status", String(status), outcome.status.map(String.init) ?? "none")
        case .upgraded(let upgraded): return equal("upgraded", String(upgraded), String(outcome.tunnel != nil))
        case .closedBy(let closer): return equal("closed by", closer.rawValue, outcome.closedBy.rawValue)
        case .upstreamAddress(let address):
            return equal("upstream address", address, outcome.hops.last?.attempts.last?.address ?? "none")
        case .upstreamTarget(let rule):
            let target = Causes(outcome: outcome, transcript: session.transcript).forwarded?.head.target
            return rule.compared("upstream target", target.map { [$0] } ?? [])
        case .upstreamHeader(let name, let rule):
            let head = Causes(outcome: outcome, transcript: session.transcript).forwarded?.head
            return rule.compared("upstream \(name)", head?.headers.values(ByteString(name)) ?? [])
        case .responseHeader(let name, let rule):
            return rule.compared("response \(name)", outcome.response?.head.headers.values(ByteString(name)) ?? [])
        case .delivered(let party, let count):
            return equal(
                "\(party.rawValue) frames delivered", String(count),
                delivery(party, outcome).map { String($0.delivered) } ?? "no tunnel")
        case .lost(let party, let count):
            return equal(
                "\(party.rawValue) frames lost", String(count),
                delivery(party, outcome).map { String($0.lost) } ?? "no tunnel")
        case .closedAfter(let from, let to): return closedAfter(from, to, outcome)
        case .because(let source):
            let sources = session.differences.compactMap(\.explanation.source?.source)
            return (
                sources.contains { Self.sameSource($0, source) }, "because", source,
                sources.isEmpty ? "no difference with a source" : sources.joined(separator: ", ")
            )
        case .refused: return (false, "configuration", "refused", "accepted")
        }
    }

    private func equal(_ what: String, _ expected: String, _ actual: String) -> Compared {
        (expected == actual, what, expected, actual)
    }

    private func delivery(_ party: Party, _ outcome: ExchangeOutcome) -> FrameDelivery? {
        party == .client ? outcome.tunnel?.client : outcome.tunnel?.server
    }

    private func closedAfter(_ from: TimeSpan, _ to: TimeSpan, _ outcome: ExchangeOutcome) -> Compared {
        let expected = from == to ? "\(from)" : "\(from) to \(to)"
        guard let opened = outcome.tunnel?.opened, let closedAt = outcome.closedAt else {
            return (false, "closed after", expected, outcome.tunnel == nil ? "no tunnel" : "not closed")
        }
        let lived = closedAt - opened
        return (from <= lived && lived <= to, "closed after", expected, "\(lived)")
    }

    /// A case names its files relative to its folder; a run may have named them from elsewhere.
    private static func sameSource(_ actual: String, _ expected: String) -> Bool {
        actual == expected || actual.hasSuffix("/" + expected)
    }
}

extension ValueRule {
    fileprivate func compared(
        _ what: String, _ values: [ByteString]
    ) -> (holds: Bool, path: String, expected: String, actual: String) {
        let actual = values.isEmpty ? "absent" : values.map(\.description).joined(separator: " and ")
        switch self {
        case .equals(let text): return (values == [ByteString(text)], what, text, actual)
        case .present: return (!values.isEmpty, what, "present", actual)
        case .absent: return (values.isEmpty, what, "absent", actual)
        case .matches(let pattern):
            // The pattern was compiled when the case was read; one that fails now matches nothing.
            let matched = (try? Regex(pattern)).map { regex in
                values.contains { (try? regex.firstMatch(in: $0.latin1)) != nil }
            }
            return (matched ?? false, what, "matching \(pattern)", actual)
        }
    }
}
