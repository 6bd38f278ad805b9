public import Verdicts

/// What a command found, ready to be written in any format.
public enum ReportDocument: Sendable {
    /// Captured sessions driven through a configuration.
    case replay(RunResult)
    /// One request made by hand. Shape: a run of one session.
    case `try`(RunResult)
    /// Captured sessions driven through two configurations. Shape: a run of the second whose expectation is the first.
    case compare(RunResult)
    /// What captures hold.
    case inspect(InspectReport)
    /// Case folders and what became of them.
    case test(TestReport)
    /// Configurations and the mistakes in them.
    case lint(LintReport)
    /// Why a command could not do its work.
    case error(ErrorReport)

    /// The kind of a document: the name of the command it belongs to.
    public enum Kind: String, Sendable, CaseIterable {
        case replay, `try`, compare, inspect, test, lint, error
    }

    /// The kind of this document.
    public var kind: Kind {
        switch self {
        case .replay: .replay
        case .try: .try
        case .compare: .compare
        case .inspect: .inspect
        case .test: .test
        case .lint: .lint
        case .error: .error
        }
    }
}
