import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// A handshake reaches the upstream as an ordinary request.
    static let upgradeNotForwarded = NginxLintRule(
        LintRule(
            id: "ws-upgrade-not-forwarded", severity: .error, title: "Upgrade does not reach the upstream",
            why: "The upstream sees an ordinary request and answers 426, 400, 404 or a page, never 101",
            reference: "nginx: WebSocket proxying", url: LintRule.webSocketPage,
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_set_header Host $http_host;
                        proxy_read_timeout 1h;
                    }
                }
                """,
            mended: """
                map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                        proxy_read_timeout 1h;
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, evidence in
            guard let forwarded = place.forwarded, forwarded.lines("Upgrade").isEmpty, evidence.kind != .outerHop,
                let cause = forwarded.cause(of: "Upgrade"), !subject.cancelsUpgrade(at: place)
            else { return nil }
            let connection = forwarded.head.headers.first("Connection")
            let missing = connection.map { "without Upgrade, and with Connection \"\($0)\"" } ?? "without Upgrade"
            return rule.finding(
                evidence.severity, at: cause.source ?? subject.configuration.locations[place.serving].source,
                "an opening handshake to \(place.url) reaches \(subject.upstream(of: place)) \(missing)",
                why: "\(evidence.because). \(subject.why(cause, rule))", mend: cause.mend,
                edits: subject.recipe(for: place))
        }
    }
}
