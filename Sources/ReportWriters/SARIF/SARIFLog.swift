import ProxyModel
import Verdicts
import WireBasics

/// A lint report as a SARIF log.
struct SARIFLog {
    let report: LintReport
    /// Name and version of this program.
    let program: String
    /// The lines of each file, for columns; files of one name are one file.
    private let lines: [String: [ArraySlice<UInt8>]]

    init(report: LintReport, program: String) {
        self.report = report
        self.program = program
        let files = report.configurations.flatMap(\.files).map { file in
            (file.path, file.contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false))
        }
        lines = Dictionary(files) { first, _ in first }
    }

    /// The log: SARIF 2.1.0 §3.13.
    var tree: JSONValue {
        [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [
                [
                    "tool": ["driver": driver], "columnKind": "utf16CodeUnits", "invocations": [invocation],
                    "results": .array(results),
                ]
            ],
        ]
    }

    // MARK: The tool

    private var driver: JSONValue {
        let words = program.split(separator: " ")
        return [
            "name": .string(words.first.map(String.init) ?? "wsreplay"),
            "version": .string(words.count > 1 ? words.dropFirst().joined(separator: " ") : "0"),
            "rules": .list(report.rules, Self.rule),
        ]
    }

    private static func rule(_ rule: LintRule) -> JSONValue {
        [
            "id": .string(rule.id), "name": .string(pascalCase(rule.id)),
            "shortDescription": ["text": .string(rule.title)],
            "fullDescription": ["text": .string(rule.why + ".")],
            "helpUri": .string(rule.url),
            "help": ["text": .string(help(rule, fence: "")), "markdown": .string(help(rule, fence: "```"))],
            "defaultConfiguration": ["level": .string(level(rule.severity))],
            "properties": ["tags": ["websocket", "nginx"], "precision": "high"],
        ]
    }

    private static func help(_ rule: LintRule, fence: String) -> String {
        """
        \(rule.why) (\(rule.reference)).

        The mistake:

        \(fence)
        \(rule.mistake)
        \(fence)

        Mended:

        \(fence)
        \(rule.mended)
        \(fence)
        """
    }

    /// The name of a rule for programs that take no hyphens: `ws-http-1.0` is `WsHttp10`.
    private static func pascalCase(_ id: String) -> String {
        id.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            .filter { $0.isLetter || $0.isNumber }
    }

    /// SARIF calls a hint a note (§3.27.10).
    private static func level(_ severity: Finding.Severity) -> String {
        severity == .hint ? "note" : severity.rawValue
    }

    // MARK: The run

    private var invocation: JSONValue {
        let refused = report.configurations.filter(\.isRefused)
        var notifications = refused.flatMap { configuration in
            configuration.problems.map { problem in notification(problem, of: configuration) }
        }
        let all = report.configurations.reduce(0) { $0 + $1.findings.count + $1.ignored.count }
        if all > SARIFReportWriter.mostResults {
            notifications.append([
                "level": "warning",
                "message": [
                    "text": .string(
                        "\(all - SARIFReportWriter.mostResults) of \(all) results are left out, the mildest first")
                ],
            ])
        }
        return [
            "executionSuccessful": .bool(refused.isEmpty), "commandLine": .string(VisibleText.escape(report.command)),
            "toolExecutionNotifications": .array(notifications),
        ]
    }

    private func notification(_ problem: ConfigurationProblem, of configuration: LintedConfiguration) -> JSONValue {
        let place = problem.location ?? ConfigLocation(file: configuration.name, line: 1, column: 1)
        let words = [problem.message, problem.why, problem.mend].filter { !$0.isEmpty }
        return [
            "level": "error", "message": ["text": .string(VisibleText.escape(words.joined(separator: ". ")))],
            "locations": [location(place)],
        ]
    }

    // MARK: Results

    private var results: [JSONValue] {
        let numbers = Dictionary(report.rules.enumerated().map { ($1.id, $0) }) { first, _ in first }
        var all: [(severity: Finding.Severity, result: JSONValue)] = []
        for configuration in report.configurations {
            for found in configuration.findings {
                all.append((found.finding.severity, result(found, numbers)))
            }
            for ignored in configuration.ignored {
                let suppressed = result(ignored.finding, numbers).merging([
                    "suppressions": [
                        ["kind": "inSource", "justification": .string(VisibleText.escape(ignored.because))]
                    ]
                ])
                all.append((.hint, suppressed))
            }
        }
        guard all.count > SARIFReportWriter.mostResults else { return all.map(\.result) }
        let ordered = Finding.Severity.allCases.reversed().flatMap { severity in
            all.filter { $0.severity == severity }
        }
        return ordered.prefix(SARIFReportWriter.mostResults).map(\.result)
    }

    private func result(
        _ found: LintFinding, _ numbers: [String: Int]
    ) -> JSONValue {
        let finding = found.finding
        let mend = finding.mend.isEmpty ? "" : "\nMend: \(finding.mend)"
        let text = "\(finding.message). \(finding.why).\(mend)"
        let result: JSONValue = [
            "ruleId": .string(finding.code), "level": .string(Self.level(finding.severity)),
            "message": [
                "text": .string(
                    text.split(separator: "\n").map { VisibleText.escape(String($0)) }.joined(separator: "\n"))
            ],
            "locations": [location(found.location)],
        ]
        let numbered = numbers[finding.code].map { result.merging(["ruleIndex": .int($0)]) } ?? result
        return found.edits.isEmpty ? numbered : numbered.merging(["fixes": [fix(found)]])
    }

    private func fix(_ found: LintFinding) -> JSONValue {
        let files = found.edits.map(\.start.file).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return [
            "description": ["text": .string(VisibleText.escape(found.finding.mend))],
            "artifactChanges": .array(
                files.map { file in
                    [
                        "artifactLocation": ["uri": .string(Self.uri(file))],
                        "replacements": .array(
                            found.edits.filter { $0.start.file == file }.map { edit in
                                [
                                    "deletedRegion": region(edit.start, to: edit.end),
                                    "insertedContent": ["text": .string(edit.text)],
                                ]
                            }),
                    ]
                }),
        ]
    }

    // MARK: Places

    private func location(_ place: ConfigLocation) -> JSONValue {
        [
            "physicalLocation": [
                "artifactLocation": ["uri": .string(Self.uri(place.file))],
                "region": region(place, to: nil),
            ]
        ]
    }

    private func region(
        _ start: ConfigLocation, to end: ConfigLocation?
    ) -> JSONValue {
        let region: JSONValue = [
            "startLine": .int(max(1, start.line)), "startColumn": .int(column(start)),
        ]
        guard let end else { return region }
        return region.merging([
            "endLine": .int(max(1, end.line)), "endColumn": .int(column(end)),
        ])
    }

    /// A column in UTF-16 code units; ours count bytes.
    private func column(_ place: ConfigLocation) -> Int {
        guard place.column > 1, place.line >= 1, let lines = lines[place.file], place.line <= lines.count else {
            return 1
        }
        return String(decoding: lines[place.line - 1].prefix(place.column - 1), as: UTF8.self).utf16.count + 1
    }

    /// A path as a URI reference: RFC 3986 §2.1.
    static func uri(_ path: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
        let escaped = path.utf8.map { byte in
            plain.contains(byte)
                ? String(UnicodeScalar(byte)) : "%" + Hex.lower([byte]).uppercased()
        }.joined()
        return path.hasPrefix("/") ? "file://" + escaped : escaped
    }
}
