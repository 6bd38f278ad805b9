import HTTPWire
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

    /// A listener that takes HTTP/2 alone.
    static let http2Only = NginxLintRule(
        LintRule(
            id: "http2-only-listener", severity: .error, title: "A listener without TLS takes HTTP/2 alone",
            why: "Before nginx 1.25.1 a plain listener with http2 took no HTTP/1.1, and that is what a handshake is",
            reference: "nginx: listen; change log of 1.25.1", url: LintRule.directive("listen", of: "core"),
            mistake: """
                server {
                    listen 8080 http2;
                    location /websocket {
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
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        guard !subject.configuration.behaviour.takesHTTP1BesidePlainHTTP2 else { return [] }
        let servers = Set(subject.sockets.map(\.place.server))
        return subject.configuration.listens.compactMap { listen in
            guard listen.usesHTTP2, !listen.usesTLS, !servers.isDisjoint(with: listen.servers),
                let source = listen.source, let line = subject.edits.directive(at: source)
            else { return nil }
            let words = line.arguments.map { "\($0.text)" }.filter { $0 != "http2" }
            return rule.finding(
                at: source, "nginx \(subject.configuration.version) takes no handshake at \(listen.address.title)",
                mend: "take http2 out of this line",
                edits: subject.edits.replace(source, with: "listen \(words.joined(separator: " "));"))
        }
    }

    /// Lines that are copied from one example to the next.
    static let noEffect = NginxLintRule(
        LintRule(
            id: "no-effect", severity: .hint, title: "A line that is there for WebSocket does nothing for it",
            why: "It does no harm; it misleads who looks for the line that matters",
            reference: "nginx: proxy_buffering, proxy_cache_bypass, proxy_connect_timeout",
            url: LintRule.directive("proxy_buffering"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                        proxy_cache_bypass $http_upgrade;
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
        let caches = subject.edits.all.contains { $0.name.text == "proxy_cache" && $0.arguments.first?.text != "off" }
        return subject.sockets.flatMap { place, _ in
            guard let block = subject.edits.directive(at: subject.configuration.locations[place.location].source),
                place.asksUpstream
            else { return [LintFinding]() }
            let isForSocketsAlone = subject.isForSocketsAlone(place)
            return (block.children ?? []).compactMap { line in
                let because: String
                switch line.name.text {
                case "proxy_cache_bypass" where !caches && line.arguments.map(\.text) == ["$http_upgrade"]:
                    because = "nothing is cached here"
                case "proxy_buffering" where isForSocketsAlone:
                    because = "a tunnel is never buffered"
                case "proxy_connect_timeout":
                    guard let time = line.arguments.first.flatMap({ DirectiveValue.time($0.text) }),
                        time > .seconds(75)
                    else { return nil }
                    because = "the system gives up a connection after some 75 s, and a tunnel is connected already"
                default: return nil
                }
                return rule.finding(
                    at: line.location, "\(line.name.text) does nothing for WebSocket: \(because)",
                    mend: "take it out, unless plain requests need it", edits: subject.edits.remove(line.location))
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
