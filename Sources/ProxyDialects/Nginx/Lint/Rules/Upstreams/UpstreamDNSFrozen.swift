import ProxyModel
import WireBasics

extension NginxLintRule {
    /// A name that is looked up once.
    static let upstreamDNSFrozen = NginxLintRule(
        LintRule(
            id: "upstream-dns-frozen", severity: .hint, title: "The upstream's name is looked up once, at the start",
            why:
                "When a container comes back at another address, nginx goes on with the old one and answers 502 until it is reloaded",
            reference: "nginx: proxy_pass, resolver", url: LintRule.directive("resolver", of: "core"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://chat.internal:3000;
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
                        resolver 127.0.0.11 valid=10s;
                        set $chat chat.internal;
                        proxy_pass http://$chat:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.flatMap { place, _ in
            subject.names(behind: place).compactMap { name, source in
                guard place.asksUpstream, name != "localhost" else { return nil }
                return rule.finding(
                    at: source, "\(name) is looked up when nginx starts, and never again",
                    mend:
                        "where its address can change, write `resolver …;` and put the name into a variable of proxy_pass, or `resolve` on the server line of an upstream with a zone (since nginx 1.27.3)"
                )
            }
        }
    }
}
