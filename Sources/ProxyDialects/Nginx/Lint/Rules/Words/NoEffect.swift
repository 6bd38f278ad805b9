import ProxyModel
import WireBasics

extension NginxLintRule {
    /// Lines that are copied from one example to the next.
    static let noEffect = NginxLintRule(
        LintRule(
            id: "no-effect", severity: .hint, title: "A line that is there for WebSocket does nothing for it",
            why: "It does no harm; it misleads who looks for the line that matters",
            reference: "nginx: proxy_buffering, proxy_cache_bypass, proxy_connect_timeout",
            url: LintRule.directive("proxy_buffering"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                        proxy_cache_bypass $http_upgrade;
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
        let caches = subject.edits.all.contains { $0.name.text == "proxy_cache" && $0.arguments.first?.text != "off" }
        return subject.sockets.flatMap { place, _ in
            guard let block = subject.edits.directive(at: subject.configuration.locations[place.location].source),
                place.asksUpstream
            else { return [LintFinding]() }
            let isForSocketsAlone = subject.isForSocketsAlone(place)
            return (block.children ?? []).compactMap { line in
                let because: String
                switch line.name.text {
                case "proxy_cache_bypass" where !caches && line.arguments.map(\.text) == ["$http_upgrade"]:
                    because = "nothing is cached here"
                case "proxy_buffering" where isForSocketsAlone:
                    because = "a tunnel is never buffered"
                case "proxy_connect_timeout":
                    guard let time = line.arguments.first.flatMap({ DirectiveValue.time($0.text) }),
                        time > .seconds(75)
                    else { return nil }
                    because = "the system gives up a connection after some 75 s, and a tunnel is connected already"
                default: return nil
                }
                return rule.finding(
                    at: line.location, "\(line.name.text) does nothing for WebSocket: \(because)",
                    mend: "take it out, unless plain requests need it", edits: subject.edits.remove(line.location))
            }
        }
    }
}
