import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// The upstream sees another host than the browser.
    static let hostOriginMismatch = NginxLintRule(
        LintRule(
            id: "ws-host-origin-mismatch", severity: .warning,
            title: "The upstream gets another Host than the client sent",
            why:
                "Servers compare Host with the browser's Origin against cross-site WebSocket hijacking: where the two differ they answer 403 or close with 1008",
            reference: "RFC 6455 §10.2; nginx: proxy_set_header", url: LintRule.rfc6455("10.2"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
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
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                        proxy_set_header Host $http_host;
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, _ in
            // What arrives without Upgrade is no handshake any more, and has a finding of its own.
            guard let forwarded = place.forwarded, place.asksUpstream, let host = forwarded.head.headers.first("Host"),
                host != place.authority
            else { return nil }
            let cause = forwarded.cause(of: "Host") ?? Explanation(because: "")
            let losesPort = place.authority.hasPrefix(host + ":")
            // `$host` is what half of all configurations send, and most applications compare names alone.
            return rule.finding(
                losesPort ? .hint : nil,
                at: cause.source ?? subject.settings(of: place).proxy.pass?.source
                    ?? subject.configuration.locations[place.serving].source,
                "the upstream of \(place.url) gets Host \"\(host)\"\(losesPort ? ", without the port" : "")",
                why: subject.why(cause, rule),
                mend: cause.mend.isEmpty ? "write `proxy_set_header Host $http_host;`" : cause.mend,
                edits: subject.set("Host", to: "$http_host", at: place))
        }
    }
}
