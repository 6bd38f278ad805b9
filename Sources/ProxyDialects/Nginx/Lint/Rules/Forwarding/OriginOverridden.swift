import ProxyModel
import WireBasics

extension NginxLintRule {
    /// The browser's `Origin`, written anew.
    static let originOverridden = NginxLintRule(
        LintRule(
            id: "origin-overridden", severity: .warning, title: "The client's Origin does not reach the upstream",
            why:
                "Origin is how a server tells its own pages from foreign ones: written by the proxy it lets every site connect with the user's cookies",
            reference: "RFC 6455 §10.2", url: LintRule.rfc6455("10.2"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                        proxy_set_header Origin "";
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
        // The probe's own Origin may come out by chance (`$scheme://$http_host`): the line itself tells.
        subject.sockets.compactMap { place, _ in
            guard place.forwarded != nil, let line = subject.setHeader("Origin", at: place),
                !["$http_origin", "${http_origin}"].contains(line.value.written.lowercased)
            else { return nil }
            return rule.finding(
                at: line.source, "the upstream of \(place.url) does not get the client's Origin",
                why: "proxy_set_header Origin \"\(line.value.written)\" takes its place. \(rule.why)",
                mend:
                    "take the line out, and make Host right where the origin is refused: `proxy_set_header Host $http_host;`",
                edits: subject.edits.remove(line.source))
        }
    }
}
