public import ProxyModel
public import Verdicts
public import WireBasics

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
    public var failures: [TestFailure]
    /// Why the case is inconclusive or was skipped; empty otherwise.
    public var reasons: [Explanation]
    /// How many expectations the case states.
    public var expectations: Int
    /// The replay behind it; nil when there was none.
    public var run: RunResult?

    /// A case with all its parts.
    public init(
        name: String, ending: Ending, failures: [TestFailure] = [], reasons: [Explanation] = [], expectations: Int,
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

/// One expectation that was not met.
public struct TestFailure: Hashable, Sendable, Codable {
    /// The session it was stated of; nil when of the case as a whole.
    public var session: SessionID?
    /// The line of the case file that states it.
    public var stated: ConfigLocation?
    /// What was expected, what came out and why.
    public var difference: Difference

    /// A failure with all its parts.
    public init(session: SessionID?, stated: ConfigLocation?, difference: Difference) {
        self.session = session
        self.stated = stated
        self.difference = difference
    }
}
