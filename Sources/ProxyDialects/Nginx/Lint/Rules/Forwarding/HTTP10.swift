import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// `Upgrade` in an HTTP/1.0 request.
    static let http10 = NginxLintRule(
        LintRule(
            id: "ws-http-1.0", severity: .warning, title: "The handshake is forwarded as HTTP/1.0",
            why:
                "RFC 6455 wants HTTP/1.1: some servers answer 400 or 505 (Python's websockets, hypercorn), others take it. Since nginx 1.29.7 the default is 1.1",
            reference: "RFC 6455 §4.1; nginx: proxy_http_version", url: LintRule.directive("proxy_http_version"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
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
        subject.sockets.compactMap { place, evidence in
            guard let forwarded = place.forwarded, place.asksUpstream, forwarded.head.version == "HTTP/1.0" else {
                return nil
            }
            return rule.finding(
                at: forwarded.version.source ?? subject.settings(of: place).proxy.pass?.source
                    ?? subject.configuration.locations[place.serving].source,
                "an opening handshake to \(place.url) reaches \(subject.upstream(of: place)) as HTTP/1.0",
                why: subject.why(forwarded.version, rule), mend: forwarded.version.mend,
                edits: subject.version(for: place))
        }
    }
}
