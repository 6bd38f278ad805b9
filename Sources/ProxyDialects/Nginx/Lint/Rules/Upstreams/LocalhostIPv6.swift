import ProxyModel
import WireBasics

extension NginxLintRule {
    /// `localhost` is two addresses.
    static let localhostIPv6 = NginxLintRule(
        LintRule(
            id: "localhost-ipv6", severity: .hint, title: "localhost may mean [::1] as well",
            why:
                "Where it has both addresses and the application listens at one, every second attempt is refused: nginx tries again, fills its log and takes the server out for a while",
            reference: "nginx: proxy_pass", url: LintRule.directive("proxy_pass"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://localhost:3000;
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
        subject.sockets.flatMap { place, _ in
            subject.names(behind: place).compactMap { name, source in
                guard place.asksUpstream, name == "localhost" else { return nil }
                return rule.finding(
                    at: source, "the upstream of \(subject.title(of: place)) is named localhost",
                    mend: "write 127.0.0.1, or the one address that the application listens at",
                    edits: subject.edits.replace("localhost", with: "127.0.0.1", in: source))
            }
        }
    }
}
