import ProxyModel
import Verdicts
import WebSocketWire

/// What a reader finds in a capture, written out for people: violations, losses, limits, filter keys.
enum ViolationsPage {
    static var page: ReferencePage {
        ReferencePage(
            name: "violations",
            text: text)
    }

    private static var text: String {
        """
        # What wsreplay finds in a capture

        This page is printed by `wsreplay describe violations`.

        ## Violations

        What RFC 6454, 6455, 7692, 9110 and 9112 forbid and the bytes on the wire show. Each has a code that never changes its
        meaning, the packet, the end at fault and the section. `--filter violation=CODE` chooses sessions by it.

        \(table(["code", "section", "end", "what is the case"], ViolationCatalogue.rules.map(Self.row)))

        What cannot be told from a capture with certainty is not reported: whether a masking key could be predicted (§5.3), whether
        a ping or a close frame would have been answered on a connection that ended meanwhile (§5.5), and whether the codes of an
        application are used as it agreed (§7.4.2).

        ## Losses

        Why a session is not the whole story. A verdict that would depend on what is missing is `inconclusive`; `--filter loss=CODE`
        chooses sessions by it.

        \(table(["code", "what is the case"], LossCatalogue.rules.map { ["`\($0.code)`", $0.sentence] }))

        ## Limits

        Memory is bounded whatever a capture holds. Each limit is changed with `--limit NAME=VALUE` of `inspect` and `replay`, where
        k, M and G are powers of 1,024 for bytes and of 1,000 for everything else. Reaching one is said, in the session or in what
        is said of the capture.

        \(table(["name", "default", "what it bounds", "what says that it was reached"], CaptureLimit.all.map(Self.row)))

        ## Filters

        `--filter KEY=VALUE` of `inspect` and `replay` chooses sessions; several must all be met. Values between commas are
        alternatives, `*` stands for any text and `?` for one byte of it, `none` for no value. `KEY!=VALUE` is the opposite of
        `KEY=VALUE`, a `KEY` alone asks whether there is any value, `!KEY` whether there is none.

        \(table(["key", "what it looks at", "example"], FilterKey.allCases.map(Self.row)))

        """
    }

    private static func row(_ rule: ViolationRule) -> [String] {
        ["`\(rule.code)`", rule.section, rule.parties.map(\.rawValue).joined(separator: ", "), rule.sentence]
    }

    private static func row(_ limit: CaptureLimit) -> [String] {
        let sign = !limit.sign.contains(" ") ? "`\(limit.sign)`" : limit.sign
        return ["`\(limit.name)`", limit.unit.written(limit.value(of: CaptureLimits())), limit.summary, sign]
    }

    private static func row(_ key: FilterKey) -> [String] {
        ["`\(key.rawValue)`", key.summary, "`\(key.example)`"]
    }

    private static func table(_ heads: [String], _ rows: [[String]]) -> String {
        let lines = [heads, heads.map { _ in "---" }] + rows.map { $0.map { $0.replacing("|", with: "\\|") } }
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }
}
