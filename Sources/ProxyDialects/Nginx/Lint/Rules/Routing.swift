import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// A regular expression is asked before the socket's prefix.
    static let wrongLocation = NginxLintRule(
        LintRule(
            id: "ws-wrong-location", severity: .error, title: "A regex location takes the socket's path away",
            why:
                "nginx remembers the longest prefix and then asks the regular expressions: the first that matches wins, unless the prefix says ^~ or =",
            reference: "nginx: location", url: LintRule.directive("location", of: "core"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                    location ~ ^/([a-z]+)$ {
                        rewrite ^ /index.html break;
                    }
                }
                """,
            mended: """
                server {
                    listen 8080;
                    location ^~ /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                    location ~ ^/([a-z]+)$ {
                        rewrite ^ /index.html break;
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, evidence in
            let location = subject.configuration.locations[place.location]
            guard let winner = subject.winner(over: place) else { return nil }
            let status = place.handshake.status.map { " and answers \($0)" } ?? ""
            return rule.finding(
                evidence.severity, at: location.source,
                "location \(winner.title) (\(winner.source.source)) takes \(place.url)\(status); location \(location.title) is never asked for it",
                mend: "write `location ^~ \(location.name)`: then no regular expression is asked",
                edits: subject.edits.replaceHead(location.source, with: "location ^~ \(location.name) {"))
        }
    }

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

    /// A handshake is answered with a redirect.
    static let handshakeRedirected = NginxLintRule(
        LintRule(
            id: "ws-handshake-redirected", severity: .warning, title: "nginx answers the handshake with a redirect",
            why: "Browsers and most libraries do not follow redirects of a handshake: the connection fails",
            reference: "RFC 6455 §4.1 item 1 of what the client checks", url: LintRule.rfc6455("4.1"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        if ($http_x_forwarded_proto != https) { return 301 https://$host$request_uri; }
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
        subject.sockets.flatMap { place, evidence in
            var findings: [LintFinding] = []
            if place.attempt == nil, subject.winner(over: place) == nil, let status = place.handshake.status,
                (300..<400).contains(status),
                let decided = place.handshake.response?.decided, let source = decided.source
            {
                findings.append(
                    rule.finding(
                        min(evidence.severity, rule.severity), at: source,
                        "an opening handshake to \(place.url) is answered \(status)", why: subject.why(decided, rule),
                        mend: decided.mend.isEmpty ? "exempt the socket's path" : decided.mend))
            }
            // What a request without a session gets; the probe has none to lose.
            let settings = subject.settings(of: place)
            if settings.access.subrequest != nil, place.asksUpstream,
                let page = settings.core.errorPages.lines.first(where: { rule in
                    rule.status == 401 && (300..<400).contains(rule.overwrite ?? 0)
                })
            {
                findings.append(
                    rule.finding(
                        .hint, at: page.source,
                        "a handshake to \(place.url) without a session is answered \(page.overwrite ?? 302)",
                        why: "error_page turns the 401 of auth_request into a redirect. \(rule.why)",
                        mend:
                            "answer 401 where handshakes arrive: give the socket's path a location without this error_page"
                    ))
            }
            return findings
        }
    }

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

extension LintSubject {
    /// The regex location that takes a socket's prefix away; nil where none does.
    fileprivate func winner(over place: LintedPlace) -> LocationConfiguration? {
        let location = configuration.locations[place.location]
        guard case .prefix = location.kind, case .proxy? = location.settings.handler, location.name != "/",
            place.handshake.status != 101
        else { return nil }
        let search = LocationSearch(locations: configuration.locations)
        let found = search.find(location.name, in: configuration.servers[place.server].root)
        return found.passedOver == place.location ? configuration.locations[found.location] : nil
    }
}
