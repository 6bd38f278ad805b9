import HTTPWire
import ProxyModel
import Verdicts
import WireBasics

/// `wsreplay.replay/1`: a run as a JSON object, without its `schema`.
enum RunJSON {
    static func object(_ run: RunResult) -> JSONValue {
        let object: JSONValue = [
            "command": .string(run.command),
            "captures": .list(run.captures, capture),
            "proxies": .list(run.proxies, proxy),
            "summary": summary(run),
            "sessions": .list(run.sessions, SessionJSON.object),
            "notReplayed": .list(run.notReplayed) {
                ["id": .string($0.id.description), "because": .string($0.because)]
            },
            "findings": .list(run.findings, finding),
        ]
        let filtered = object.merging(filter(run.selection))
        return run.before.map { filtered.merging(["before": ["proxies": .list($0, proxy)]]) } ?? filtered
    }

    /// Which sessions were chosen, where a filter chose some.
    static func filter(_ selection: SessionSelection?) -> JSONValue {
        guard let selection else { return [:] }
        return [
            "filter": [
                "expressions": .array(selection.expressions.map(JSONValue.string)), "chosen": .int(selection.chosen),
                "total": .int(selection.total),
            ]
        ]
    }

    static func summary(_ run: RunResult) -> JSONValue {
        .object(
            [(key: "sessions", value: .int(run.sessions.count))]
                + Verdict.allCases.map { (key: $0.rawValue, value: .int(run.count($0))) })
    }

    static func capture(_ capture: CaptureSummary) -> JSONValue {
        let summary: JSONValue = [
            "path": .string(capture.path), "format": .string(capture.format), "sha256": .string(capture.sha256),
            "packets": .int(capture.packets), "connections": .int(capture.connections),
            "first": .optional(capture.span?.first.description), "last": .optional(capture.span?.last.description),
            "findings": .list(capture.findings, finding),
        ]
        return capture.continuation.map { summary.adding(["continues": .string($0.path)]) } ?? summary
    }

    private static func proxy(_ proxy: ProxySummary) -> JSONValue {
        [
            "name": .string(proxy.name), "product": .string(proxy.product),
            "versionChosenBy": .string(proxy.versionChosenBy),
            "files": .list(proxy.files) { ["path": .string($0.path), "sha256": .string($0.sha256)] },
            "findings": .list(proxy.findings, finding),
        ]
    }

    static func finding(_ finding: Finding) -> JSONValue {
        [
            "code": .string(finding.code), "severity": .string(finding.severity.rawValue),
            "blame": .string(finding.blame.rawValue), "message": .string(finding.message),
            "why": .string(finding.why), "mend": .string(finding.mend), "source": .source(finding.location),
            "packet": .optional(finding.packet),
        ]
    }

    static func difference(_ difference: Difference) -> JSONValue {
        let explanation = difference.explanation
        return [
            "path": .string(difference.path), "expected": value(difference.expected),
            "actual": value(difference.actual), "severity": .string(difference.severity.rawValue),
            "blame": .string(difference.blame.rawValue), "because": .string(explanation.because),
            "source": .source(explanation.source), "mend": .string(explanation.mend),
        ]
    }

    private static func value(_ value: DifferenceValue?) -> JSONValue {
        switch value {
        case .number(let number): .int(number)
        case .text(let text): .latin1(text.bytes)
        case nil: .null
        }
    }

    static func explanation(_ explanation: Explanation) -> JSONValue {
        [
            "because": .string(explanation.because), "source": .source(explanation.source),
            "mend": .string(explanation.mend),
        ]
    }
}
