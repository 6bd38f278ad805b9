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

    /// Behind TLS, and the application does not learn it.
    static let forwardedProtoMissing = NginxLintRule(
        LintRule(
            id: "forwarded-proto-missing", severity: .warning,
            title: "The upstream is not told the scheme that others are told",
            why:
                "An application that insists on https answers the handshake with a redirect, which no WebSocket client follows, or takes the Origin for a foreign one",
            reference: "nginx: proxy_set_header", url: LintRule.directive("proxy_set_header"),
            mistake: """
                upstream app { server 127.0.0.1:3000; }
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://app;
                        proxy_set_header Host $http_host;
                        proxy_set_header X-Forwarded-Proto https;
                    }
                    location /cable {
                        proxy_pass http://app;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """,
            mended: """
                upstream app { server 127.0.0.1:3000; }
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://app;
                        proxy_set_header Host $http_host;
                        proxy_set_header X-Forwarded-Proto https;
                    }
                    location /cable {
                        proxy_pass http://app;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                        proxy_set_header X-Forwarded-Proto https;
                    }
                }
                """)
    ) { subject, rule in
        let name: ByteString = "X-Forwarded-Proto"
        return subject.sockets.compactMap { place, _ in
            guard place.asksUpstream, place.forwarded?.lines(name).isEmpty ?? false,
                let pass = subject.settings(of: place).proxy.pass, let group = pass.fixed?.group
            else { return nil }
            let blocks = subject.configuration.blocks(of: place.server)
            let telling = blocks.lazy.compactMap { location -> SetHeader? in
                guard location.settings.proxy.pass?.fixed?.group == group else { return nil }
                return location.settings.proxy.setHeaders.lines.first { $0.name.equalsIgnoringCase(name) }
            }.first
            let usesTLS = subject.configuration.listens[place.listen].usesTLS
            guard telling != nil || usesTLS else { return nil }
            let value = telling.map { "\($0.value.written)" } ?? "$scheme"
            let because =
                telling.map { "\($0.source.source) tells the same upstream" }
                ?? "clients come in by TLS, and the upstream cannot see it"
            return rule.finding(
                telling == nil ? .hint : nil, at: pass.source, "the upstream of \(place.url) gets no \(name)",
                why: "\(because). \(rule.why)",
                mend:
                    "write `proxy_set_header \(name) \(value);` beside the other lines of \(subject.title(of: place))",
                edits: subject.set(name, to: value, at: place))
        }
    }
}
