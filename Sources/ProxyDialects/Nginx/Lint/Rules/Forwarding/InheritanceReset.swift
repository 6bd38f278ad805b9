import ProxyModel
import WireBasics

extension NginxLintRule {
    /// A line of a location's own keeps the recipe of the level above out.
    static let inheritanceReset = NginxLintRule(
        LintRule(
            id: "header-inheritance-reset", severity: .error,
            title: "A proxy_set_header cancels the Upgrade that would be inherited",
            why: "nginx inherits the lines of proxy_set_header only where a level has none of its own",
            reference: "nginx: proxy_set_header", url: LintRule.directive("proxy_set_header"),
            mistake: """
                server {
                    listen 8080;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "upgrade";
                    proxy_read_timeout 1h;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_set_header X-Real-IP $remote_addr;
                    }
                }
                """,
            mended: """
                server {
                    listen 8080;
                    proxy_http_version 1.1;
                    proxy_read_timeout 1h;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_set_header X-Real-IP $remote_addr;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, evidence in
            guard let forwarded = place.forwarded, forwarded.lines("Upgrade").isEmpty,
                subject.cancelsUpgrade(at: place),
                let cause = forwarded.cause(of: "Upgrade"), let source = cause.source
            else { return nil }
            let headers = subject.settings(of: place).proxy.setHeaders
            let own = headers.lines
            let lines = headers.cancelled.filter { line in !own.contains { $0.name.equalsIgnoringCase(line.name) } }
                .compactMap { subject.edits.text(at: $0.source) }
            return rule.finding(
                evidence.severity, at: source,
                "an opening handshake to \(place.url) reaches \(subject.upstream(of: place)) without Upgrade",
                why: cause.because, mend: cause.mend,
                edits: subject.edits.insert(lines, behind: own.last?.source))
        }
    }
}
