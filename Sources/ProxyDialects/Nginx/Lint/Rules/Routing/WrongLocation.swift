import ProxyModel
import WireBasics

extension NginxLintRule {
    /// A regular expression is asked before the socket's prefix.
    static let wrongLocation = NginxLintRule(
        LintRule(
            id: "ws-wrong-location", severity: .error, title: "A regex location takes the socket's path away",
            why:
                "nginx remembers the longest prefix and then asks the regular expressions: the first that matches wins, unless the prefix says ^~ or =",
            reference: "nginx: location", url: LintRule.directive("location", of: "core"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                    location ~ ^/([a-z]+)$ {
                        rewrite ^ /index.html break;
                    }
                }
                """,
            mended: """
                server {
                    listen 8080;
                    location ^~ /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                    location ~ ^/([a-z]+)$ {
                        rewrite ^ /index.html break;
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, evidence in
            let location = subject.configuration.locations[place.location]
            guard let winner = subject.winner(over: place) else { return nil }
            let status = place.handshake.status.map { " and answers \($0)" } ?? ""
            return rule.finding(
                evidence.severity, at: location.source,
                "location \(winner.title) (\(winner.source.source)) takes \(place.url)\(status); location \(location.title) is never asked for it",
                mend: "write `location ^~ \(location.name)`: then no regular expression is asked",
                edits: subject.edits.replaceHead(location.source, with: "location ^~ \(location.name) {"))
        }
    }
}
