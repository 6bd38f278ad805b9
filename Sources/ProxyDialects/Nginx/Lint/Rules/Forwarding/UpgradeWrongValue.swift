import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// `Upgrade` arrives and does not say `websocket`.
    static let upgradeWrongValue = NginxLintRule(
        LintRule(
            id: "upgrade-wrong-value", severity: .error, title: "Upgrade reaches the upstream with another value",
            why: "RFC 6455 wants the word websocket in Upgrade; a server refuses what has another",
            reference: "RFC 6455 §4.2.1", url: LintRule.rfc6455("4.2.1"),
            mistake: """
                map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $connection_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                    }
                }
                """,
            mended: """
                map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, evidence in
            guard let forwarded = place.forwarded, let line = forwarded.lines("Upgrade").first, !place.asksUpstream,
                let cause = forwarded.cause(of: "Upgrade")
            else { return nil }
            return rule.finding(
                at: cause.source ?? subject.configuration.locations[place.serving].source,
                "an opening handshake to \(place.url) reaches \(subject.upstream(of: place)) with Upgrade \"\(line.field.value)\"",
                why: subject.why(cause, rule), mend: cause.mend, edits: subject.upgrade(for: place))
        }
    }
}
