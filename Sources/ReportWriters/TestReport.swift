public import ProxyModel
public import Verdicts

/// Case folders and what became of them.
public struct TestReport: Sendable {
    /// What was run, as the user could repeat it.
    public var command: String
    /// The cases in order of their names.
    public var cases: [TestCaseResult]

    /// A report on these cases.
    public init(command: String, cases: [TestCaseResult]) {
        self.command = command
        self.cases = cases
    }

    /// How many cases ended that way.
    public func count(_ ending: TestCaseResult.Ending) -> Int {
        cases.count { $0.ending == ending }
    }
}

/// One case and what became of it.
public struct TestCaseResult: Sendable {
    /// How a case ended.
    public enum Ending: String, Hashable, Sendable, Codable, CaseIterable {
        /// Everything was as expected.
        case passed
        /// Something was not.
        case failed
        /// The capture or the model does not hold what is needed to tell, or the case cannot be read.
        case inconclusive
        /// The case was not run.
        case skipped
    }

    /// The folder, as the user could name it; unique in a report.
    public var name: String
    /// How it ended.
    public var ending: Ending
    /// The expectations that were not met.
    public var failures: [FailedClaim]
    /// Why the case is inconclusive or was skipped; empty otherwise.
    public var reasons: [Explanation]
    /// How many expectations the case states.
    public var expectations: Int
    /// The replay behind it; nil when there was none.
    public var run: RunResult?

    /// A case with all its parts.
    public init(
        name: String, ending: Ending, failures: [FailedClaim] = [], reasons: [Explanation] = [], expectations: Int,
        run: RunResult? = nil
    ) {
        self.name = name
        self.ending = ending
        self.failures = failures
        self.reasons = reasons
        self.expectations = expectations
        self.run = run
    }
}
