import ProxyModel
import WireBasics

extension NginxLintRule {
    /// A password that browsers do not ask for on a handshake.
    static let authOnHandshake = NginxLintRule(
        LintRule(
            id: "ws-auth-on-handshake", severity: .hint, title: "The handshake has to carry a password",
            why:
                "A browser does not ask for a password when a handshake is answered 401, and some (Safari) do not send the one of the page",
            reference: "nginx: auth_basic", url: LintRule.directive("auth_basic", of: "auth_basic"),
            mistake: """
                server {
                    listen 8080;
                    auth_basic "members";
                    auth_basic_user_file members;
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
                    auth_basic "members";
                    auth_basic_user_file members;
                    location /websocket {
                        auth_basic off;
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, _ in
            guard place.asksUpstream, let realm = subject.settings(of: place).access.basicRealm,
                realm.value.constant != "off"
            else { return nil }
            return rule.finding(
                at: realm.source ?? subject.configuration.locations[place.serving].source,
                "an opening handshake to \(place.url) without credentials is answered 401",
                mend:
                    "where clients are browsers, write `auth_basic off;` in \(subject.title(of: place)) and check a token or cookie in the application"
            )
        }
    }
}
