import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// The query is lost on the way.
    static let queryDropped = NginxLintRule(
        LintRule(
            id: "variable-proxy-pass-drops-query", severity: .warning,
            title: "proxy_pass with a variable drops the query",
            why: "Tokens and session ids of a handshake stand in the query, because browsers cannot add headers to it",
            reference: "nginx: proxy_pass", url: LintRule.directive("proxy_pass"),
            mistake: """
                server {
                    listen 8080;
                    location ~ ^/websocket/(.*)$ {
                        proxy_pass http://127.0.0.1:3000/$1;
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
                    location ~ ^/websocket/(.*)$ {
                        proxy_pass http://127.0.0.1:3000/$1$is_args$args;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, evidence in
            guard let forwarded = place.forwarded, let pass = subject.settings(of: place).proxy.pass,
                pass.url.constant == nil, !forwarded.head.target.bytes.contains(UInt8(ascii: "?"))
            else { return nil }
            let written = subject.edits.text(at: pass.source).map { String($0.dropLast()) }
            return rule.finding(
                min(evidence.severity, rule.severity), at: pass.source,
                "a handshake to \(place.url)\(HandshakeProbe.arguments) arrives at \(subject.upstream(of: place)) as \(forwarded.head.target), without its query",
                why: subject.why(forwarded.target, rule), mend: forwarded.target.mend,
                edits: written.map { subject.edits.replace(pass.source, with: $0 + "$is_args$args;") } ?? [])
        }
    }
}
