public import ReportWriters
public import Verdicts
import WireBasics

extension InspectReport {
    /// The report with those sessions that a filter chooses; ledgers and findings stay those of the whole captures.
    ///
    /// - Throws: `UserError` when it chooses none of those that there are.
    public func choosing(_ filter: SessionFilter) throws(UserError) -> InspectReport {
        let candidates = captures.flatMap(\.sessions).map { SessionFilter.Candidate($0.id, $0.transcript) }
        var report = self
        for index in report.captures.indices {
            let all = captures[index].sessions.count
            report.captures[index].sessions.removeAll { !filter.chooses($0.id, $0.transcript) }
            report.captures[index].selection = SessionSelection(
                expressions: filter.expressions, chosen: report.captures[index].sessions.count, total: all)
        }
        try filter.mustChoose(report.captures.reduce(0) { $0 + $1.sessions.count }, from: candidates)
        return report
    }
}

extension RunResult {
    /// The result with those sessions that a filter chooses; all of them were replayed, because what one session meets
    /// depends on those before it.
    ///
    /// - Throws: `UserError` when it chooses none of those that there are.
    public func choosing(_ filter: SessionFilter) throws(UserError) -> RunResult {
        var result = self
        result.sessions.removeAll { !filter.chooses($0.id, $0.transcript, verdict: $0.verdict) }
        try filter.mustChoose(
            result.sessions.count,
            from: sessions.map { SessionFilter.Candidate($0.id, $0.transcript, verdict: $0.verdict) })
        result.selection = SessionSelection(
            expressions: filter.expressions, chosen: result.sessions.count, total: sessions.count)
        return result
    }
}

extension SessionFilter {
    /// Refuses to show nothing where there is something: a mistyped filter must not look like a capture without faults.
    fileprivate func mustChoose(_ chosen: Int, from candidates: [Candidate]) throws(UserError) {
        guard chosen == 0, !candidates.isEmpty else { return }
        throw UserError(
            message: "the filter chooses none of the \(candidates.count) sessions",
            why: reasonsForNothing(in: candidates).joined(separator: "; "),
            mend: "change or leave out a --filter; without any, all sessions are listed")
    }
}

extension UserError {
    /// A filter that cannot be read.
    public init(_ error: FilterError) {
        self.init(
            message: "--filter '\(VisibleText.escape(error.expression))', character \(error.offset + 1): "
                + error.message,
            mend: error.mend)
    }
}
