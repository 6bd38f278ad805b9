import Verdicts

/// What the expectation of a run is called: what was captured, or what another configuration does.
extension ReportModel {
    /// Whether the expectation is what another configuration does.
    var isComparison: Bool { run.before != nil }

    /// The title over the causes.
    var causesTitle: String { isComparison ? "What changes" : "What to mend" }

    /// The title over expected values.
    var expectedTitle: String { isComparison ? "Before" : "Expected" }

    /// The title over values as they are.
    var actualTitle: String { isComparison ? "After" : "Got" }

    /// The configurations of the run with the part that each has in it.
    var roles: [(role: String, proxy: ProxySummary)] {
        (run.before ?? []).map { ("before", $0) } + run.proxies.map { (isComparison ? "after" : "proxy", $0) }
    }
}
