import ProxyModel
import WireBasics

extension NginxLintRule {
    /// A listener that takes HTTP/2 alone.
    static let http2Only = NginxLintRule(
        LintRule(
            id: "http2-only-listener", severity: .error, title: "A listener without TLS takes HTTP/2 alone",
            why: "Before nginx 1.25.1 a plain listener with http2 took no HTTP/1.1, and that is what a handshake is",
            reference: "nginx: listen; change log of 1.25.1", url: LintRule.directive("listen", of: "core"),
            mistake: """
                server {
                    listen 8080 http2;
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
        guard !subject.configuration.behaviour.takesHTTP1BesidePlainHTTP2 else { return [] }
        let servers = Set(subject.sockets.map(\.place.server))
        return subject.configuration.listens.compactMap { listen in
            guard listen.usesHTTP2, !listen.usesTLS, !servers.isDisjoint(with: listen.servers),
                let source = listen.source, let line = subject.edits.directive(at: source)
            else { return nil }
            let words = line.arguments.map { "\($0.text)" }.filter { $0 != "http2" }
            return rule.finding(
                at: source, "nginx \(subject.configuration.version) takes no handshake at \(listen.address.title)",
                mend: "take http2 out of this line",
                edits: subject.edits.replace(source, with: "listen \(words.joined(separator: " "));"))
        }
    }
}
