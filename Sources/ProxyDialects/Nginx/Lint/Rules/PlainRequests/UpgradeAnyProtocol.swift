import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// Whatever a client asks to be upgraded to goes through.
    static let upgradeAnyProtocol = NginxLintRule(
        LintRule(
            id: "upgrade-any-protocol", severity: .hint,
            title: "Upgrade to any protocol is forwarded, not to websocket alone",
            why:
                "Where the upstream speaks HTTP/2 in the clear, a client that asks for h2c gets a tunnel in which no location, no access rule and no log sees its requests",
            reference: "RFC 7540 §3.2; nginx: map", url: LintRule.directive("map", of: "map"),
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
                }
                """,
            mended: """
                map $http_upgrade $websocket_upgrade { default ''; websocket websocket; }
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $websocket_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        // Nearly every configuration does it, by nginx's own example: it is said once.
        let probe = HandshakeProbe(subject.configuration)
        let open = subject.sockets.lazy.filter(\.place.asksUpstream).first { place, _ in
            guard let outcome = probe.run(place.path, at: place.door, asksForWebSocket: true, upgrade: "h2c")
            else { return false }
            return outcome.hops.last?.attempts.last?.request?.head.headers.hasToken("h2c", in: "Upgrade") ?? false
        }
        guard let (place, _) = open, let source = place.forwarded?.lines("Upgrade").last?.explanation.source else {
            return []
        }
        let map = "map $http_upgrade $websocket_upgrade { default ''; websocket websocket; }"
        return [
            rule.finding(
                at: source,
                "a request to \(place.url) with Upgrade \"h2c\" reaches \(subject.upstream(of: place)) with it",
                mend: "write in http `\(map)`, and `proxy_set_header Upgrade $websocket_upgrade;`",
                edits: subject.edits.replace(source, with: "proxy_set_header Upgrade $websocket_upgrade;")
                    + (subject.configuration.variables.existing("websocket_upgrade") == nil
                        ? subject.edits.insertIntoHTTP(map) : []))
        ]
    }
}
