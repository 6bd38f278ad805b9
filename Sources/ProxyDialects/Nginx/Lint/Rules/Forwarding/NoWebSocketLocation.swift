import ProxyModel
import WireBasics

extension NginxLintRule {
    /// No location lets WebSocket through, and none looks as if it should.
    static let noWebSocketLocation = NginxLintRule(
        LintRule(
            id: "no-websocket-location", severity: .hint, title: "No location forwards Upgrade",
            why: "Without these lines no WebSocket gets through; where the application has none, nothing is wrong",
            reference: "nginx: WebSocket proxying", url: LintRule.webSocketPage,
            mistake: """
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_set_header Host $http_host;
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
                        proxy_read_timeout 1h;
                    }
                }
                """)
    ) { subject, rule in
        guard subject.sockets.isEmpty,
            let first = subject.places.first(where: { $0.forwarded != nil && !$0.asksUpstream }),
            let cause = first.forwarded?.cause(of: "Upgrade")
        else { return [] }
        let others = subject.places.count { $0.forwarded != nil } - 1
        let more = others > 0 ? ", nor in \(others) other location\(others == 1 ? "" : "s")" : ""
        return [
            rule.finding(
                at: cause.source ?? subject.configuration.locations[first.serving].source,
                "no WebSocket gets through in \(subject.title(of: first))\(more): Upgrade is not forwarded",
                mend: "where this location serves WebSocket: \(cause.mend)", edits: subject.recipe(for: first))
        ]
    }
}
