import ProxyModel
import Verdicts
import WireBasics

/// One cause and everything that it does: what a reader mends in one go.
struct MendGroup {
    /// 1-based, in the order of the report.
    var number: Int
    /// How bad the worst of its differences is.
    var severity: Finding.Severity
    /// Who has to act.
    var blame: Finding.Blame
    /// The cause, the line behind it, and what to write instead.
    var explanation: Explanation
    /// What differs, each kind once, with the first values seen.
    var effects: [Effect]
    /// The indices of the sessions that it touches, ascending.
    var sessions: [Int]
    /// How many of those break.
    var broken: Int

    /// A difference that the cause makes.
    struct Effect {
        /// What differs, and how, in the first session.
        var difference: Difference
        /// In how many sessions it does.
        var sessions: Int
    }

    /// Groups the differences of all sessions by cause, the worst first.
    ///
    /// Causes are the same when the same line has the same remedy: the sentence may name numbers of one session. A part
    /// of a difference (the lost header of a refused handshake) is an effect of its whole's cause, not a cause of its own.
    static func groups(_ sessions: [SessionResult]) -> [MendGroup] {
        var groups: [MendGroup] = []
        var places: [Key: Int] = [:]
        for (index, session) in sessions.enumerated() {
            var wholes: [String: Int] = [:]
            for difference in session.differences {
                let key = Key(difference)
                let place = difference.partOf.flatMap { wholes[$0] } ?? places[key] ?? groups.count
                if place == groups.count {
                    places[key] = place
                    groups.append(MendGroup(difference))
                }
                wholes[difference.path] = place
                groups[place].add(difference, session: index, verdict: session.verdict)
            }
        }
        let order = groups.indices.sorted { left, right in
            let (a, b) = (groups[left], groups[right])
            return (b.severity, b.broken, b.sessions.count, left) < (a.severity, a.broken, a.sessions.count, right)
        }
        return order.enumerated().map { number, place in
            var group = groups[place]
            group.number = number + 1
            group.effects = Finding.Severity.allCases.reversed().flatMap { severity in
                group.effects.filter { $0.difference.severity == severity }
            }
            return group
        }
    }

    private init(_ difference: Difference) {
        number = 0
        severity = difference.severity
        blame = difference.blame
        explanation = difference.explanation
        (effects, sessions, broken) = ([], [], 0)
    }

    private mutating func add(_ difference: Difference, session: Int, verdict: Verdict) {
        if difference.severity > severity {
            (severity, blame, explanation) = (difference.severity, difference.blame, difference.explanation)
        }
        let isNew = sessions.last != session
        if isNew {
            sessions.append(session)
            if verdict == .broken { broken += 1 }
        }
        if let place = effects.firstIndex(where: { $0.difference.path == difference.path }) {
            effects[place].sessions += 1
        } else {
            effects.append(Effect(difference: difference, sessions: 1))
        }
    }

    private struct Key: Hashable {
        var source: ConfigLocation?
        var mend: String
        var because: String
        var blame: Finding.Blame

        init(_ difference: Difference) {
            source = difference.explanation.source
            mend = difference.explanation.mend
            because = source != nil && !mend.isEmpty ? "" : difference.explanation.because
            blame = difference.blame
        }
    }
}

/// A reason why sessions cannot be judged.
struct DoubtGroup {
    /// The reason.
    var explanation: Explanation
    /// The indices of the sessions, ascending.
    var sessions: [Int]

    /// Groups the doubts of all sessions, the most frequent first.
    static func groups(_ sessions: [SessionResult]) -> [DoubtGroup] {
        var groups: [DoubtGroup] = []
        var places: [Explanation: Int] = [:]
        for (index, session) in sessions.enumerated() {
            for doubt in session.doubts {
                if let place = places[doubt] {
                    if groups[place].sessions.last != index { groups[place].sessions.append(index) }
                } else {
                    places[doubt] = groups.count
                    groups.append(DoubtGroup(explanation: doubt, sessions: [index]))
                }
            }
        }
        return groups.enumerated()
            .sorted { ($1.element.sessions.count, $0.offset) < ($0.element.sessions.count, $1.offset) }
            .map(\.element)
    }
}
