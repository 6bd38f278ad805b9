import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// `Sec-WebSocket-*` and `Upgrade` of the answer, hidden from the client.
    static let handshakeHeaderHidden = NginxLintRule(
        LintRule(
            id: "handshake-header-hidden", severity: .error, title: "The 101 loses a header that the client needs",
            why:
                "A client fails the connection where the answer lacks Upgrade, Sec-WebSocket-Accept or the subprotocol",
            reference: "RFC 6455 §4.1; nginx: proxy_hide_header", url: LintRule.directive("proxy_hide_header"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                        proxy_hide_header Upgrade;
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
        let names: [ByteString] = ["Upgrade", "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol"]
        return subject.sockets.flatMap { place, _ in
            guard place.handshake.status == 101, let response = place.handshake.response else { return [LintFinding]() }
            return names.compactMap { name in
                guard !response.head.headers.contains(name),
                    let lost = response.lost.first(where: { $0.field.name.equalsIgnoringCase(name) }),
                    let line = subject.settings(of: place).proxy.hideHeaders.lines
                        .first(where: { $0.value.equalsIgnoringCase(name) })
                else { return nil }
                return rule.finding(
                    at: line.source ?? subject.configuration.locations[place.serving].source,
                    "a client of \(place.url) gets a 101 without \(name)", why: subject.why(lost.explanation, rule),
                    mend: "take `proxy_hide_header \(line.value);` out", edits: subject.edits.remove(line.source))
            }
        }
    }
}
