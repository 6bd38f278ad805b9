import ProxyModel
import WireBasics

extension NginxLintRule {
    /// The hop in front takes out what the hop behind it forwards with care.
    static let lostBeforeProxy = NginxLintRule(
        LintRule(
            id: "ws-upgrade-lost-before-proxy", severity: .error,
            title: "The hop in front does not pass Upgrade on to the one that needs it",
            why: "What the first proxy drops, no further one can forward: each hop needs the whole recipe",
            reference: "nginx: WebSocket proxying", url: LintRule.webSocketPage,
            mistake: """
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://127.0.0.1:8090;
                        proxy_set_header Host $http_host;
                    }
                }
                server {
                    listen 127.0.0.1:8090;
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
                map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://127.0.0.1:8090;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                    }
                }
                server {
                    listen 127.0.0.1:8090;
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
        subject.sockets.compactMap { place, evidence in
            guard evidence.kind == .outerHop, let forwarded = place.forwarded, forwarded.lines("Upgrade").isEmpty,
                let cause = forwarded.cause(of: "Upgrade")
            else { return nil }
            return rule.finding(
                evidence.severity, at: cause.source ?? subject.configuration.locations[place.serving].source,
                "a handshake that passes \(subject.title(of: place)) reaches \(subject.upstream(of: place)) without Upgrade",
                why: "\(evidence.because). \(subject.why(cause, rule))", mend: cause.mend,
                edits: subject.recipe(for: place))
        }
    }
}
