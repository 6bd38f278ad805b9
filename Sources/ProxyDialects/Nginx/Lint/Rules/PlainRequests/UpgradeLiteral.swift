import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// Every plain request says `Upgrade: websocket`.
    static let upgradeLiteral = NginxLintRule(
        LintRule(
            id: "upgrade-literal", severity: .warning, title: "Plain requests carry Upgrade too",
            why:
                "A server that takes a plain request for a handshake answers 400, or a 101 that nginx does not switch for: the client waits in vain",
            reference: "nginx: WebSocket proxying", url: LintRule.webSocketPage,
            mistake: """
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade websocket;
                        proxy_set_header Connection $http_connection;
                    }
                }
                """,
            mended: """
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $http_connection;
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, _ in
            guard place.asksUpstream, let line = place.plainForwarded?.lines("Upgrade").last,
                line.origin == .directive,
                let source = line.explanation.source
            else { return nil }
            return rule.finding(
                subject.isForSocketsAlone(place) ? .hint : nil, at: source,
                "a plain request through \(subject.title(of: place)) reaches \(subject.upstream(of: place)) with Upgrade \"\(line.field.value)\"",
                mend: "write `proxy_set_header Upgrade $http_upgrade;`",
                edits: subject.edits.replace(source, with: "proxy_set_header Upgrade $http_upgrade;"))
        }
    }
}
