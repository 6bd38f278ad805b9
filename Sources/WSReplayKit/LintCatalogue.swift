public import ProxyModel

/// The rules of `lint` as a page of documentation, in Markdown.
public struct LintCatalogue: Sendable {
    private let rules: [LintRule]

    /// A page on these rules.
    public init(_ rules: [LintRule] = Lint.rules) {
        self.rules = rules
    }

    /// The page.
    public var markdown: String {
        ([Self.opening, table] + rules.map(Self.section)).joined(separator: "\n") + "\n"
    }

    private static let opening = """
        # The rules of `wsreplay lint`

        Printed by `wsreplay lint --rules`. Each rule finds a mistake that `nginx -t` takes. Most drive an opening
        handshake, or a plain request, through the model, location by location: a finding has the reason and the mend that `wsreplay try`
        would give.

        A location counts as meant for WebSocket where it sets a part of the recipe (`Upgrade`, `Connection`), where
        its path, upstream or server is named so (`websocket`, `socket.io`, `ws`, `cable`, …; the less certain the name, the
        milder the finding), or where it leads to a server of the same configuration that is.

        A comment leaves a finding out, on its line or above it; the reason has to be there, and what is left out is counted:

            # wsreplay: ignore ws-http-1.0 because Tornado takes it

        """

    private var table: String {
        let rows = rules.map { "| [`\($0.id)`](#\(Self.anchor($0.id))) | \($0.severity.rawValue) | \($0.title) |" }
        return (["| rule | at most | mistake |", "|---|---|---|"] + rows).joined(separator: "\n") + "\n"
    }

    /// The anchor that GitHub gives a heading.
    private static func anchor(_ id: String) -> String {
        id.filter { $0.isLetter || $0.isNumber || $0 == "-" }
    }

    private static func section(_ rule: LintRule) -> String {
        """
        ## \(rule.id)

        \(rule.title). \(rule.why). Source: [\(rule.reference)](\(rule.url)).

        ```nginx
        \(rule.mistake)
        ```

        Mended:

        ```nginx
        \(rule.mended)
        ```

        """
    }
}
