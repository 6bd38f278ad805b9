import ProxyModel
import WireBasics

extension NginxLintRule {
    /// A silent tunnel does not live long.
    static let idleTimeout = NginxLintRule(
        LintRule(
            id: "ws-idle-timeout", severity: .warning, title: "A tunnel that is silent for a minute or less is closed",
            why:
                "nginx closes it without a Close frame (the browser says 1006) and without a line in an error log of the usual level; either end's ping keeps it open",
            reference: "nginx: proxy_read_timeout", url: LintRule.directive("proxy_read_timeout"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                        proxy_read_timeout 10s;
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
                        proxy_read_timeout 1h;
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, _ in
            let timeout = subject.settings(of: place).proxy.readTimeout
            guard place.asksUpstream, timeout.value <= .seconds(60) else { return nil }
            // A minute is nginx's default and longer than the heartbeat of most libraries; less than half of it is not.
            let severity: Finding.Severity = timeout.value < .seconds(30) ? .warning : .hint
            let line = "proxy_read_timeout 1h;"
            let upgrade = place.forwarded?.lines("Upgrade").last?.explanation.source
            return rule.finding(
                severity,
                at: timeout.source ?? upgrade ?? subject.configuration.locations[place.serving].source,
                "a tunnel of \(subject.title(of: place)) is closed after \(timeout.value) without a byte in either direction\(timeout.source == nil ? ": proxy_read_timeout is not set" : "")",
                mend: "write `\(line)`, or see that an end sends a ping at least every \(timeout.value.halfInWords)",
                edits: timeout.source.map { subject.edits.replace($0, with: line) }
                    ?? subject.edits.insert([line], behind: upgrade))
        }
    }
}
