import ProxyModel
import Verdicts
import WireBasics

/// `wsreplay.lint/1`: configurations and their mistakes, as a JSON object without its `schema`.
enum LintJSON {
    static func object(_ report: LintReport) -> JSONValue {
        [
            "command": .string(report.command),
            "summary": .object(
                [
                    (key: "configurations", value: .int(report.configurations.count)),
                    (key: "ignored", value: .int(report.ignored)), (key: "refused", value: .int(report.refused)),
                ] + Finding.Severity.allCases.map { (key: $0.rawValue, value: .int(report.count($0))) }),
            "configurations": .list(report.configurations, configuration),
        ]
    }

    private static func configuration(_ configuration: LintedConfiguration) -> JSONValue {
        [
            "name": .string(configuration.name), "product": .string(configuration.product),
            "versionChosenBy": .string(configuration.versionChosenBy),
            "files": .list(configuration.files) { ["path": .string($0.path), "sha256": .string($0.sha256)] },
            "findings": .list(configuration.findings, finding),
            "ignored": .list(configuration.ignored) { ignored in
                finding(ignored.finding).merging([
                    "ignoredBecause": .string(ignored.because), "ignoredAt": .source(ignored.location),
                ])
            },
            "notices": .list(configuration.notices, RunJSON.finding),
            "problems": .list(configuration.problems, ErrorJSON.problem),
            "nativeOutput": .array(configuration.nativeOutput.map(JSONValue.string)),
        ]
    }

    private static func finding(_ found: LintFinding) -> JSONValue {
        RunJSON.finding(found.finding).merging([
            "column": .int(found.location.column), "edits": .list(found.edits, edit),
        ])
    }

    private static func edit(_ edit: TextEdit) -> JSONValue {
        [
            "file": .string(edit.start.file), "line": .int(edit.start.line), "column": .int(edit.start.column),
            "endLine": .int(edit.end.line), "endColumn": .int(edit.end.column), "text": .string(edit.text),
        ]
    }
}
