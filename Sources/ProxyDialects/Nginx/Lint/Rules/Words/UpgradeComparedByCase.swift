import ProxyModel
import WireBasics

extension NginxLintRule {
    /// `if` compares letter by letter.
    static let upgradeComparedByCase = NginxLintRule(
        LintRule(
            id: "upgrade-compared-by-case", severity: .hint, title: "Upgrade is compared with regard to case",
            why: "The word websocket may be written in any case, and clients do; `=` of nginx's if takes one spelling",
            reference: "RFC 6455 §4.2.1 item 3; nginx: if", url: LintRule.directive("if", of: "rewrite"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        if ($http_upgrade != websocket) { return 426; }
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """,
            mended: """
                server {
                    listen 8080;
                    location /websocket {
                        if ($http_upgrade !~* ^websocket$) { return 426; }
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        subject.edits.all.compactMap { directive in
            guard directive.name.text == "if", directive.arguments.count == 3,
                directive.arguments[0].text.lowercased == "($http_upgrade",
                ["=", "!=", "~", "!~"].contains(directive.arguments[1].text),
                directive.arguments[2].text.lowercased.latin1.contains("websocket")
            else { return nil }
            let comparison = directive.arguments[1].text
            let right: ByteString = comparison.hasPrefix("!") ? "!~*" : "~*"
            let word = directive.arguments[2].text.latin1.dropLast()
            let pattern = comparison.hasSuffix("=") ? "^\(word)$" : String(word)
            return rule.finding(
                at: directive.location,
                "the condition takes \(directive.arguments[2].text.latin1.dropLast()) in this spelling alone",
                mend: "write `if ($http_upgrade \(right) \(pattern))`",
                edits: subject.edits.replaceHead(directive.location, with: "if ($http_upgrade \(right) \(pattern)) {"))
        }
    }
}
