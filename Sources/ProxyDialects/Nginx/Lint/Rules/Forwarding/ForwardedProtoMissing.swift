import ProxyModel
import WireBasics

extension NginxLintRule {
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
