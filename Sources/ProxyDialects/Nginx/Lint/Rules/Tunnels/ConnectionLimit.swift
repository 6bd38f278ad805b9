import ProxyModel
import WireBasics

extension NginxLintRule {
    /// A limit that counts tunnels for as long as they live.
    static let connectionLimit = NginxLintRule(
        LintRule(
            id: "limit-conn-on-websocket", severity: .hint, title: "limit_conn counts each tunnel for its whole life",
            why: "A few tabs, or the users behind one address, reach a limit that was meant for pages, and get 503",
            reference: "nginx: limit_conn", url: LintRule.directive("limit_conn", of: "limit_conn"),
            mistake: """
                limit_conn_zone $binary_remote_addr zone=clients:1m;
                server {
                    listen 8080;
                    limit_conn clients 4;
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
                limit_conn_zone $binary_remote_addr zone=clients:1m;
                limit_conn_zone $binary_remote_addr zone=sockets:1m;
                server {
                    listen 8080;
                    limit_conn clients 4;
                    location /websocket {
                        limit_conn sockets 200;
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, _ in
            let access = subject.settings(of: place).access
            guard place.asksUpstream, !access.connectionLimitIsDry.value,
                let limit = access.connectionLimits.lines.min(by: { $0.limit < $1.limit }), limit.limit < 100
            else { return nil }
            return rule.finding(
                at: limit.source,
                "no more than \(limit.limit) tunnels of \(subject.title(of: place)) can be open at a time for one key of zone \(subject.configuration.connectionZones[limit.zone].name)",
                mend: "give the sockets a zone of their own with a limit that counts them")
        }
    }
}
