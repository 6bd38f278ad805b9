import ProxyModel
import WireBasics

extension NginxLintRule {
    /// A variable in `proxy_pass`, and nothing that could look the name up.
    static let noResolver = NginxLintRule(
        LintRule(
            id: "variable-proxy-pass-without-resolver", severity: .error,
            title: "proxy_pass has a variable, and no resolver is set",
            why:
                "A name that only the running nginx knows is looked up for each request, which takes a resolver: each one is answered 502",
            reference: "nginx: resolver", url: LintRule.directive("resolver", of: "core"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        set $backend app;
                        proxy_pass http://$backend:3000;
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
                    resolver 127.0.0.11;
                    location /websocket {
                        set $backend app;
                        proxy_pass http://$backend:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, _ in
            guard place.attempt == nil, place.handshake.status == 502,
                let decided = place.handshake.response?.decided, let source = decided.source,
                decided.because.hasPrefix("no resolver defined")
            else { return nil }
            return rule.finding(
                at: source, "an opening handshake to \(place.url) is answered 502", why: subject.why(decided, rule),
                mend: decided.mend)
        }
    }
}
