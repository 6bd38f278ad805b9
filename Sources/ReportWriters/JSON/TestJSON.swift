import ProxyModel
import Verdicts
import WireBasics

/// `wsreplay.test/1`: cases and what became of them, as a JSON object without its `schema`.
enum TestJSON {
    static func object(_ report: TestReport) -> JSONValue {
        [
            "command": .string(report.command),
            "summary": .object(
                [(key: "cases", value: .int(report.cases.count))]
                    + TestCaseResult.Ending.allCases.map { (key: $0.rawValue, value: .int(report.count($0))) }),
            "cases": .list(report.cases, testCase),
        ]
    }

    private static func testCase(_ result: TestCaseResult) -> JSONValue {
        [
            "name": .string(result.name), "result": .string(result.ending.rawValue),
            "expectations": .int(result.expectations),
            "failures": .list(result.failures) { failure in
                RunJSON.difference(failure.difference).merging([
                    "session": .optional(failure.session?.description), "stated": .source(failure.location),
                ])
            },
            "reasons": .list(result.reasons, RunJSON.explanation),
            "run": result.run.map(RunJSON.object) ?? .null,
        ]
    }
}

/// `wsreplay.error/1`: why a command could not do its work, as a JSON object without its `schema`.
enum ErrorJSON {
    static func object(_ report: ErrorReport) -> JSONValue {
        [
            "subject": .string(report.subject.rawValue),
            "exitStatus": .int(report.exitStatus),
            "problems": .list(report.problems, problem),
            "nativeOutput": .array(report.nativeOutput.map(JSONValue.string)),
        ]
    }

    static func problem(_ problem: ConfigurationProblem) -> JSONValue {
        [
            "message": .string(problem.message), "why": .string(problem.why), "mend": .string(problem.mend),
            "source": .source(problem.location), "column": .optional(problem.location.map(\.column)),
        ]
    }
}
