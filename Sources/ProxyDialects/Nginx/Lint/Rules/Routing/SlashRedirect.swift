import ProxyModel
import WireBasics

extension NginxLintRule {
    /// `/ws` where only `/ws/` is served.
    static let slashRedirect = NginxLintRule(
        LintRule(
            id: "ws-slash-redirect", severity: .hint,
            title: "The socket's path without its final slash is redirected",
            why:
                "nginx answers 301 to the path that lacks only the slash of a proxied prefix, and WebSocket clients do not follow it",
            reference: "nginx: location", url: LintRule.directive("location", of: "core"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket/ {
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
        subject.sockets.compactMap { place, _ in
            let location = subject.configuration.locations[place.location]
            let bare = ByteString(location.name.bytes.dropLast())
            // Where the word is the whole path, clients may well ask without the slash; below other paths, and with
            // Socket.IO and the like, they do not.
            guard place.asksUpstream, location.redirectsToSlash,
                ["/ws", "/wss", "/websocket", "/socket"].contains(bare.lowercased),
                LocationSearch(locations: subject.configuration.locations)
                    .find(bare, in: subject.configuration.servers[place.server].root).redirectsToSlash
            else { return nil }
            return rule.finding(
                at: location.source, "a handshake to \(bare) is answered 301, to \(location.name)",
                mend: "where clients ask for \(bare), write `location \(bare)`")
        }
    }
}
