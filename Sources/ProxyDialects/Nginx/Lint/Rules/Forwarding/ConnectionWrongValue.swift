import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// `Upgrade` arrives, and `Connection` does not say that it counts.
    static let connectionWrongValue = NginxLintRule(
        LintRule(
            id: "connection-wrong-value", severity: .error,
            title: "Upgrade is forwarded, and Connection does not name it",
            why:
                "RFC 6455 wants the word Upgrade in Connection; without it a server takes the request for an ordinary one",
            reference: "RFC 6455 §4.2.1", url: LintRule.rfc6455("4.2.1"),
            mistake: """
                map $http_upgrade $connection_upgrade { default close; upgrade upgrade; }
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
            guard let forwarded = place.forwarded, place.asksUpstream,
                !forwarded.head.headers.hasToken("upgrade", in: "Connection"),
                // What has typographic quotes has a finding that says so.
                subject.setHeader("Connection", at: place).map({ TypographicQuotes.bare(of: $0.value.written) }) ?? nil
                    == nil
            else { return nil }
            let cause = forwarded.cause(of: "Connection") ?? Explanation(because: "")
            let value = forwarded.head.headers.first("Connection")
            return rule.finding(
                at: cause.source ?? subject.configuration.locations[place.serving].source,
                "an opening handshake to \(place.url) reaches \(subject.upstream(of: place)) with Upgrade and \(value.map { "Connection \"\($0)\"" } ?? "without Connection")",
                why: subject.why(cause, rule), mend: cause.mend, edits: subject.connection(for: place))
        }
    }
}
