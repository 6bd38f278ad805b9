import ProxyModel
import WireBasics

extension NginxLintRule {
    /// The recipe without the line that it is for.
    static let noProxyPass = NginxLintRule(
        LintRule(
            id: "ws-location-without-proxy-pass", severity: .error,
            title: "A location has the recipe and no proxy_pass",
            why: "proxy_pass is not inherited: without it nginx looks for a file and answers 404",
            reference: "nginx: proxy_pass", url: LintRule.directive("proxy_pass"),
            mistake: """
                server {
                    listen 8080;
                    location /mqtt {
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
                    location /mqtt {
                        proxy_pass http://127.0.0.1:9001;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, evidence in
            let location = subject.configuration.locations[place.location]
            guard evidence.kind == .ownRecipe, place.location == place.serving, location.settings.handler == nil,
                place.attempt == nil, let decided = place.handshake.response?.decided
            else { return nil }
            return rule.finding(
                at: location.source,
                "an opening handshake to \(place.url) reaches no upstream, and the client gets \(place.handshake.status ?? 404)",
                why: "\(evidence.because). \(rule.why)",
                mend: decided.mend.isEmpty ? "add proxy_pass to this location" : decided.mend)
        }
    }
}
