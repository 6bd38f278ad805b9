import ProxyModel
import WireBasics

extension NginxLintRule {
    /// Quotes of a word processor.
    static let typographicQuotes = NginxLintRule(
        LintRule(
            id: "typographic-quotes", severity: .error, title: "A value has typographic quotes",
            why: "To nginx “ and ” are letters like any other: they become a part of the value and go out with it",
            reference: "nginx: configuration file's structure",
            url: "https://nginx.org/en/docs/beginners_guide.html#conf_structure",
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection “upgrade”;
                    }
                }
                """,
            mended: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        subject.edits.all.flatMap { directive in
            directive.arguments.compactMap { word -> LintFinding? in
                // In quotes that nginx knows they are text that somebody wants; logs and pages may well hold them.
                guard !word.isQuoted, let written = subject.edits.text(of: word),
                    let bare = TypographicQuotes.bare(of: ByteString(written))
                else { return nil }
                let end = ConfigLocation(
                    file: word.location.file, line: word.location.line,
                    column: word.location.column + written.utf8.count)
                return rule.finding(
                    directive.name.text == "proxy_set_header" || directive.name.text == "proxy_pass"
                        ? .error : .warning,
                    at: word.location, "\(directive.name.text) gets \(word.text), quotes included",
                    mend: "write plain quotes: \"\(bare)\"",
                    edits: [TextEdit(from: word.location, to: end, write: "\"\(bare)\"")])
            }
        }
    }
}

/// The quotes that word processors and web pages put in the place of plain ones.
enum TypographicQuotes {
    private static let all = ["\u{201C}", "\u{201D}", "\u{201E}", "\u{2018}", "\u{2019}"]

    /// A text without such quotes; nil where it neither begins nor ends with one.
    static func bare(of text: ByteString) -> String? {
        guard let text = String(validating: text.bytes, as: UTF8.self),
            all.contains(where: { text.hasPrefix($0) || text.hasSuffix($0) })
        else { return nil }
        return all.reduce(text) { $0.replacing($1, with: "") }
    }
}
