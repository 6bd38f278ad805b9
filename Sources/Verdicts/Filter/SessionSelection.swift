public import WebSocketWire
import WireBasics

/// How many of the sessions a filter chose.
public struct SessionSelection: Hashable, Sendable, Codable {
    /// The conditions as they were written.
    public var expressions: [String]
    /// Sessions that meet them all.
    public var chosen: Int
    /// Sessions that there are.
    public var total: Int

    /// A selection with all its parts.
    public init(expressions: [String], chosen: Int, total: Int) {
        self.expressions = expressions
        self.chosen = chosen
        self.total = total
    }
}

extension SessionFilter {
    /// A session to choose from.
    public struct Candidate {
        let id: SessionID
        let transcript: SessionTranscript
        let verdict: Verdict?

        /// A session, with its verdict where it has one.
        public init(_ id: SessionID, _ transcript: SessionTranscript, verdict: Verdict? = nil) {
            self.id = id
            self.transcript = transcript
            self.verdict = verdict
        }
    }

    /// Why none of these sessions is chosen, one sentence for each condition that none meets, with what there is
    /// instead; harmless to show anywhere.
    public func reasonsForNothing(in candidates: [Candidate]) -> [String] {
        var counts: [String] = []
        var reasons: [String] = []
        for condition in conditions {
            let values = candidates.map { condition.key.values(of: $0.id, $0.transcript, $0.verdict) }
            let met = values.count(where: condition.isMet)
            let shown = VisibleText.escape(condition.expression)
            counts.append("\(shown) by \(met)")
            if met == 0 { reasons.append("\(shown) is met by none: \(Self.list(values, of: condition.key))") }
        }
        guard reasons.isEmpty else { return reasons }
        return ["no session meets all conditions at once (\(counts.joined(separator: ", ")))"]
    }

    /// The values that there are, the most frequent first.
    private static func list(_ values: [[FilterValue]], of key: FilterKey) -> String {
        var counts: [String: Int] = [:]
        for value in values.joined() { counts[value.description, default: 0] += 1 }
        guard !counts.isEmpty else { return "no session has a \(key.rawValue)" }
        let names = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        let more = names.count > longestList ? " and \(names.count - longestList) more" : ""
        return "the \(key.rawValue) is " + names.prefix(longestList).joined(separator: ", ") + more
    }

    private static let longestList = 8
}
