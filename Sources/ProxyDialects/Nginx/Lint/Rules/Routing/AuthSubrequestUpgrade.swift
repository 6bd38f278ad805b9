import ProxyModel
import WireBasics

extension NginxLintRule {
    /// The question of `auth_request` asks for WebSocket.
    static let authSubrequestUpgrade = NginxLintRule(
        LintRule(
            id: "auth-subrequest-upgrade", severity: .warning, title: "auth_request asks its server for an upgrade",
            why:
                "The auth server gets the headers of the recipe with a request that is no handshake: many answer 400, which nginx turns into a 500",
            reference: "nginx: auth_request", url: LintRule.directive("auth_request", of: "auth_request"),
            mistake: """
                server {
                    listen 8080;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "upgrade";
                    location /websocket {
                        auth_request /auth;
                        proxy_pass http://127.0.0.1:3000;
                    }
                    location = /auth {
                        internal;
                        proxy_pass http://127.0.0.1:4000;
                    }
                }
                """,
            mended: """
                server {
                    listen 8080;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "upgrade";
                    location /websocket {
                        auth_request /auth;
                        proxy_pass http://127.0.0.1:3000;
                    }
                    location = /auth {
                        internal;
                        proxy_pass http://127.0.0.1:4000;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade "";
                        proxy_set_header Connection "";
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, _ in
            let asked = place.handshake.hops.last?.attempts.lazy.compactMap(\.request).first { request in
                request.isSubrequest && !request.lines("Upgrade").isEmpty
            }
            guard let line = asked?.lines("Upgrade").last?.explanation.source,
                let target = subject.settings(of: place).access.subrequest
            else { return nil }
            let search = LocationSearch(locations: subject.configuration.locations)
            let auth = subject.configuration.locations[
                search.find(target.value, in: subject.configuration.servers[place.server].root).location]
            let headers = auth.settings.proxy.setHeaders
            // Lines of an outer level are repeated with the two: one of its own cancels them all.
            let others =
                headers.level == "location \(auth.title)"
                ? []
                : headers.lines.filter {
                    !$0.name.equalsIgnoringCase("Upgrade") && !$0.name.equalsIgnoringCase("Connection")
                }.compactMap { subject.edits.text(at: $0.source) }
            let lines = others + ["proxy_set_header Upgrade \"\";", "proxy_set_header Connection \"\";"]
            return rule.finding(
                at: line, "the auth request \(target.value) of \(place.url) carries Upgrade",
                mend: "in location \(auth.title) write \(lines.map { "`\($0)`" }.joined(separator: " and "))",
                edits: headers.level == "location \(auth.title)"
                    ? [] : subject.edits.insert(lines, behind: auth.settings.proxy.pass?.source))
        }
    }
}
