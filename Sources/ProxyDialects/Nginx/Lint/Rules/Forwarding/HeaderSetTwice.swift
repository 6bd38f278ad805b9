import ProxyModel
import WireBasics

extension NginxLintRule {
    /// One header, several lines of the configuration, several lines on the wire.
    static let headerSetTwice = NginxLintRule(
        LintRule(
            id: "header-set-twice", severity: .warning, title: "A header of the handshake is set more than once",
            why:
                "nginx sends each line, and servers disagree about two: Tornado answers 400, Python's websockets 426, others take it",
            reference: "nginx: proxy_set_header", url: LintRule.directive("proxy_set_header"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                        proxy_set_header Upgrade $http_upgrade;
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
        let names: [ByteString] = ["Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version"]
        return subject.sockets.flatMap { place, _ in
            names.compactMap { name in
                let lines = place.forwarded?.lines(name) ?? []
                let places = lines.compactMap(\.explanation.source)
                guard lines.count > 1, let last = places.last, places.count > 1 else { return nil }
                return rule.finding(
                    at: last,
                    "an opening handshake to \(place.url) reaches \(subject.upstream(of: place)) with \(lines.count) lines of \(name)",
                    why: "\(places.map(\.source).joined(separator: " and ")) each set it. \(rule.why)",
                    mend: "take all but one of them out", edits: places.dropFirst().flatMap(subject.edits.remove))
            }
        }
    }
}
