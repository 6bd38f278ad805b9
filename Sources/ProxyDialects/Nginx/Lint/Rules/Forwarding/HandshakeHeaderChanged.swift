import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// `Sec-WebSocket-*` of the request: taken out or written anew.
    static let handshakeHeaderChanged = NginxLintRule(
        LintRule(
            id: "handshake-header-changed", severity: .error,
            title: "A Sec-WebSocket header of the client does not arrive as it was sent",
            why:
                "Both ends have to see the same handshake: the key is answered, the subprotocol and the extensions are agreed on",
            reference: "RFC 6455 §4.1", url: LintRule.rfc6455("4.1"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                        proxy_set_header Sec-WebSocket-Protocol "";
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
        // What follows for the client, the worst first.
        let names: [(ByteString, Finding.Severity, String)] = [
            (
                "Sec-WebSocket-Key", .error,
                "without the client's own key the answer does not fit, and the client gives up"
            ),
            ("Sec-WebSocket-Version", .error, "a server refuses a handshake whose version is not 13"),
            (
                "Sec-WebSocket-Protocol", .warning,
                "a browser that offers subprotocols and gets none fails the connection"
            ),
            ("Sec-WebSocket-Extensions", .hint, "frames go out uncompressed, which works"),
        ]
        return subject.sockets.flatMap { place, _ in
            names.compactMap { name, severity, consequence in
                guard let forwarded = place.forwarded,
                    let lost = forwarded.lost.first(where: { $0.field.name.equalsIgnoringCase(name) }),
                    let source = lost.explanation.source,
                    forwarded.head.headers.values(name) != [lost.field.value]
                else { return nil }
                return rule.finding(
                    severity, at: source,
                    "\(name) of an opening handshake to \(place.url) does not arrive as it was sent",
                    why: "\(lost.explanation.because): \(consequence)",
                    mend: "take this line out: nginx passes \(name) on by itself",
                    edits: subject.setHeader(name, at: place).map { subject.edits.remove($0.source) } ?? [])
            }
        }
    }
}
