import Foundation
import WSReplayKit

/// The exit statuses that the command line promises.
enum ExitStatus: Int32 {
    case asExpected = 0
    case differences = 1
    case badInput = 2
    case inconclusive = 3
    case bug = 70
}

/// Ends the command with a status; everything worth saying was said.
struct Ending: Error {
    let status: ExitStatus
}

extension ExitStatus {
    /// How a replay ends: a broken session decides; `changed` does when it was asked for; then a capture that is not
    /// whole, because what it lacks might have broken; doubts, and requests that holes hide, only when alone.
    init(_ run: RunResult, failingOn severity: FailOn) {
        let fails = run.count(.broken) > 0 || (severity == .changed && run.count(.changed) > 0)
        self =
            fails
            ? .differences
            : !run.captures.allSatisfy(\.isWhole)
                ? .badInput : run.count(.inconclusive) + run.hiddenRequests > 0 ? .inconclusive : .asExpected
    }

    /// How an inspection ends.
    init(_ report: InspectReport) {
        self = report.captures.allSatisfy(\.summary.isWhole) ? .asExpected : .badInput
    }

    /// How a run of cases ends.
    init(_ run: CaseRun) {
        if !run.unusable.isEmpty {
            self = .badInput
        } else if run.report.count(.failed) > 0 {
            self = .differences
        } else {
            self = run.report.count(.inconclusive) > 0 ? .inconclusive : .asExpected
        }
    }

    /// How a lint ends.
    init(_ report: LintReport, failingOn limit: FailOnSeverity) {
        let fails = report.worst.map { $0 >= limit.severity } ?? false
        self = report.refused > 0 ? .badInput : fails ? .differences : .asExpected
    }

    /// Ends the program at once.
    ///
    /// Results of a large capture are thousands of objects, and giving them back one by one takes longer than ending.
    func end(keeping results: some Any) -> Never {
        withExtendedLifetime(results) { exit(rawValue) }
    }

    /// Ends the command with this status, unless it is the one that needs no ending.
    func finish() throws {
        if self != .asExpected { throw Ending(status: self) }
    }
}
