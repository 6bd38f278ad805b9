import HTTPWire
import ProxyModel
import WireBasics

/// What changes for a session from one configuration to another: what it comes to before is the expectation.
struct SessionChange {
    let before: SessionResult
    let after: SessionResult

    /// The session as it comes out after the change, judged by how it comes out before.
    var result: SessionResult {
        let differences = differences
        var result = SessionResult(
            id: after.id, transcript: after.transcript, outcome: after.outcome, verdict: verdict(differences),
            differences: differences, doubts: doubts)
        result.before = PriorOutcome(verdict: before.verdict, outcome: before.outcome)
        return result
    }

    private func verdict(_ differences: [Difference]) -> Verdict {
        if before.verdict == .inconclusive || after.verdict == .inconclusive { return .inconclusive }
        switch (Self.works(before), Self.works(after)) {
        case (true, false): return .broken
        case (false, true): return .fixed
        default: return differences.contains { $0.severity > .hint } ? .changed : .same
        }
    }

    /// Whether a session comes through: it gets what its client wanted, and no frame is lost.
    private static func works(_ session: SessionResult) -> Bool {
        let isWhole = session.outcome.tunnel.map { $0.client.lost == 0 && $0.server.lost == 0 } ?? true
        return isWhole && Judgement.works(session.outcome.status ?? 0, session.transcript)
    }

    private var doubts: [Explanation] {
        before.doubts + after.doubts.filter { !before.doubts.contains($0) }
    }

    // MARK: Differences

    private var differences: [Difference] {
        let seen = visibleDifferences
        let all = seen + upstreamDifferences.filter { difference in !seen.contains { $0.path == difference.path } }
        return Finding.Severity.allCases.reversed().flatMap { severity in all.filter { $0.severity == severity } }
    }

    /// Where the two disagree among the places at which either differs from what was captured.
    private var visibleDifferences: [Difference] {
        let changed = after.differences.compactMap { difference -> Difference? in
            let prior = before.differences.first { $0.path == difference.path }
            guard prior?.actual != difference.actual || prior == nil else { return nil }
            var change = difference
            if let prior { change.expected = prior.actual }
            // What did not work before cannot break.
            if !Self.works(before) { change.severity = min(change.severity, .warning) }
            return change
        }
        let mended = before.differences.compactMap { difference -> Difference? in
            guard !after.differences.contains(where: { $0.path == difference.path }) else { return nil }
            return Difference(
                path: difference.path, expected: difference.actual, actual: difference.expected,
                severity: min(difference.severity, .warning), blame: difference.blame,
                explanation: Explanation(
                    because: "before: \(difference.explanation.because)", source: difference.explanation.source),
                partOf: difference.partOf)
        }
        return changed + mended
    }

    /// Where the two disagree in what they send upstream; what the upstream makes of it is not known for certain.
    private var upstreamDifferences: [Difference] {
        let old = Causes(outcome: before.outcome, transcript: before.transcript)
        let new = Causes(outcome: after.outcome, transcript: after.transcript)
        guard let was = old.forwarded, let becomes = new.forwarded else { return [] }
        var differences: [Difference] = []
        func compare(
            _ path: String, _ one: ByteString?, _ other: ByteString?, _ because: @autoclosure () -> Explanation
        ) {
            guard one != other else { return }
            differences.append(
                Difference(
                    path: "upstream.request.\(path)", expected: one.map { .text($0) },
                    actual: other.map { .text($0) }, severity: Self.isHopByHop(path) ? .hint : .warning,
                    explanation: because()))
        }
        compare("target", was.head.target, becomes.head.target, becomes.target)
        compare("version", was.head.version, becomes.head.version, becomes.version)
        var names: [ByteString] = []
        for field in was.head.headers.fields + becomes.head.headers.fields
        where !names.contains(where: { $0.equalsIgnoringCase(field.name) }) { names.append(field.name) }
        for name in names {
            compare(
                "header.\(name.lowercased.latin1)", HeaderFields.combined(was.head.headers.values(name)),
                HeaderFields.combined(becomes.head.headers.values(name)),
                Self.reason(for: name, in: becomes, before: was))
        }
        return differences
    }

    private static func isHopByHop(_ path: String) -> Bool {
        path == "header.connection" || path == "version"
    }

    /// Why a header line is as it is now, or is not there any more.
    private static func reason(
        for name: ByteString, in request: OutgoingRequest, before: OutgoingRequest
    ) -> Explanation {
        func isNamed(_ field: HeaderField) -> Bool { field.name.equalsIgnoringCase(name) }
        if let line = request.headers.last(where: { isNamed($0.field) }) { return line.explanation }
        if let line = request.lost.last(where: { isNamed($0.field) }) { return line.explanation }
        let was = before.headers.last { isNamed($0.field) }?.explanation
        return Explanation(
            because: "nothing sets it any more; before: \(was?.because ?? "it was there")", source: was?.source)
    }
}

extension RunResult {
    /// A run after a change, judged by the run before it, over the same captures.
    public static func comparing(_ before: RunResult, with after: RunResult, command: String) -> RunResult {
        let prior = Dictionary(before.sessions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let replayed = Set(after.sessions.map(\.id))
        var others = after.notReplayed.map { item in
            guard prior[item.id] != nil else { return item }
            return NotReplayed(
                id: item.id, because: "it has a place before the change and none after it: \(item.because)")
        }
        var sessions: [SessionResult] = []
        for session in after.sessions {
            if let was = prior[session.id] {
                sessions.append(SessionChange(before: was, after: session).result)
            } else {
                let because = "it has a place after the change and none before it"
                others.append(NotReplayed(id: session.id, because: because))
            }
        }
        others += before.notReplayed.filter { item in
            !replayed.contains(item.id) && !others.contains { $0.id == item.id }
        }
        var result = RunResult(
            command: command, captures: after.captures, proxies: after.proxies, sessions: sessions,
            notReplayed: others, findings: after.findings)
        result.before = before.proxies
        return result
    }
}
