import ProxyModel
import WireBasics

extension NginxLintRule {
    /// A handshake is answered with a redirect.
    static let handshakeRedirected = NginxLintRule(
        LintRule(
            id: "ws-handshake-redirected", severity: .warning, title: "nginx answers the handshake with a redirect",
            why: "Browsers and most libraries do not follow redirects of a handshake: the connection fails",
            reference: "RFC 6455 §4.1 item 1 of what the client checks", url: LintRule.rfc6455("4.1"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        if ($http_x_forwarded_proto != https) { return 301 https://$host$request_uri; }
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
        subject.sockets.flatMap { place, evidence in
            var findings: [LintFinding] = []
            if place.attempt == nil, subject.winner(over: place) == nil, let status = place.handshake.status,
                (300..<400).contains(status),
                let decided = place.handshake.response?.decided, let source = decided.source
            {
                findings.append(
                    rule.finding(
                        min(evidence.severity, rule.severity), at: source,
                        "an opening handshake to \(place.url) is answered \(status)", why: subject.why(decided, rule),
                        mend: decided.mend.isEmpty ? "exempt the socket's path" : decided.mend))
            }
            // What a request without a session gets; the probe has none to lose.
            let settings = subject.settings(of: place)
            if settings.access.subrequest != nil, place.asksUpstream,
                let page = settings.core.errorPages.lines.first(where: { rule in
                    rule.status == 401 && (300..<400).contains(rule.overwrite ?? 0)
                })
            {
                findings.append(
                    rule.finding(
                        .hint, at: page.source,
                        "a handshake to \(place.url) without a session is answered \(page.overwrite ?? 302)",
                        why: "error_page turns the 401 of auth_request into a redirect. \(rule.why)",
                        mend:
                            "answer 401 where handshakes arrive: give the socket's path a location without this error_page"
                    ))
            }
            return findings
        }
    }
}
