import HTTPWire
import ProxyModel
import WebSocketWire
import WireBasics

extension NginxLintRule {
    /// A handshake reaches the upstream as an ordinary request.
    static let upgradeNotForwarded = NginxLintRule(
        LintRule(
            id: "ws-upgrade-not-forwarded", severity: .error, title: "Upgrade does not reach the upstream",
            why: "The upstream sees an ordinary request and answers 426, 400, 404 or a page, never 101",
            reference: "nginx: WebSocket proxying", url: LintRule.webSocketPage,
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_set_header Host $http_host;
                        proxy_read_timeout 1h;
                    }
                }
                """,
            mended: """
                map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                        proxy_read_timeout 1h;
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, evidence in
            guard let forwarded = place.forwarded, forwarded.lines("Upgrade").isEmpty, evidence.kind != .outerHop,
                let cause = forwarded.cause(of: "Upgrade"), !subject.cancelsUpgrade(at: place)
            else { return nil }
            let connection = forwarded.head.headers.first("Connection")
            let missing = connection.map { "without Upgrade, and with Connection \"\($0)\"" } ?? "without Upgrade"
            return rule.finding(
                evidence.severity, at: cause.source ?? subject.configuration.locations[place.serving].source,
                "an opening handshake to \(place.url) reaches \(subject.upstream(of: place)) \(missing)",
                why: "\(evidence.because). \(subject.why(cause, rule))", mend: cause.mend,
                edits: subject.recipe(for: place))
        }
    }

    /// A line of a location's own keeps the recipe of the level above out.
    static let inheritanceReset = NginxLintRule(
        LintRule(
            id: "header-inheritance-reset", severity: .error,
            title: "A proxy_set_header cancels the Upgrade that would be inherited",
            why: "nginx inherits the lines of proxy_set_header only where a level has none of its own",
            reference: "nginx: proxy_set_header", url: LintRule.directive("proxy_set_header"),
            mistake: """
                server {
                    listen 8080;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "upgrade";
                    proxy_read_timeout 1h;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_set_header X-Real-IP $remote_addr;
                    }
                }
                """,
            mended: """
                server {
                    listen 8080;
                    proxy_http_version 1.1;
                    proxy_read_timeout 1h;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_set_header X-Real-IP $remote_addr;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, evidence in
            guard let forwarded = place.forwarded, forwarded.lines("Upgrade").isEmpty,
                subject.cancelsUpgrade(at: place),
                let cause = forwarded.cause(of: "Upgrade"), let source = cause.source
            else { return nil }
            let headers = subject.settings(of: place).proxy.setHeaders
            let own = headers.lines
            let lines = headers.cancelled.filter { line in !own.contains { $0.name.equalsIgnoringCase(line.name) } }
                .compactMap { subject.edits.text(at: $0.source) }
            return rule.finding(
                evidence.severity, at: source,
                "an opening handshake to \(place.url) reaches \(subject.upstream(of: place)) without Upgrade",
                why: cause.because, mend: cause.mend,
                edits: subject.edits.insert(lines, behind: own.last?.source))
        }
    }

    /// The hop in front takes out what the hop behind it forwards with care.
    static let lostBeforeProxy = NginxLintRule(
        LintRule(
            id: "ws-upgrade-lost-before-proxy", severity: .error,
            title: "The hop in front does not pass Upgrade on to the one that needs it",
            why: "What the first proxy drops, no further one can forward: each hop needs the whole recipe",
            reference: "nginx: WebSocket proxying", url: LintRule.webSocketPage,
            mistake: """
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://127.0.0.1:8090;
                        proxy_set_header Host $http_host;
                    }
                }
                server {
                    listen 127.0.0.1:8090;
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
                map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://127.0.0.1:8090;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                    }
                }
                server {
                    listen 127.0.0.1:8090;
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
        subject.sockets.compactMap { place, evidence in
            guard evidence.kind == .outerHop, let forwarded = place.forwarded, forwarded.lines("Upgrade").isEmpty,
                let cause = forwarded.cause(of: "Upgrade")
            else { return nil }
            return rule.finding(
                evidence.severity, at: cause.source ?? subject.configuration.locations[place.serving].source,
                "a handshake that passes \(subject.title(of: place)) reaches \(subject.upstream(of: place)) without Upgrade",
                why: "\(evidence.because). \(subject.why(cause, rule))", mend: cause.mend,
                edits: subject.recipe(for: place))
        }
    }

    /// No location lets WebSocket through, and none looks as if it should.
    static let noWebSocketLocation = NginxLintRule(
        LintRule(
            id: "no-websocket-location", severity: .hint, title: "No location forwards Upgrade",
            why: "Without these lines no WebSocket gets through; where the application has none, nothing is wrong",
            reference: "nginx: WebSocket proxying", url: LintRule.webSocketPage,
            mistake: """
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_set_header Host $http_host;
                    }
                }
                """,
            mended: """
                map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                        proxy_read_timeout 1h;
                    }
                }
                """)
    ) { subject, rule in
        guard subject.sockets.isEmpty,
            let first = subject.places.first(where: { $0.forwarded != nil && !$0.asksUpstream }),
            let cause = first.forwarded?.cause(of: "Upgrade")
        else { return [] }
        let others = subject.places.count { $0.forwarded != nil } - 1
        let more = others > 0 ? ", nor in \(others) other location\(others == 1 ? "" : "s")" : ""
        return [
            rule.finding(
                at: cause.source ?? subject.configuration.locations[first.serving].source,
                "no WebSocket gets through in \(subject.title(of: first))\(more): Upgrade is not forwarded",
                mend: "where this location serves WebSocket: \(cause.mend)", edits: subject.recipe(for: first))
        ]
    }
}

extension LintSubject {
    /// Where a place's handshake arrives, safe to show.
    func upstream(of place: LintedPlace) -> String {
        VisibleText.escape(place.attempt?.address ?? "the upstream")
    }

    /// Whether lines of an inner level cancel an `Upgrade`.
    func cancelsUpgrade(at place: LintedPlace) -> Bool {
        let lines = settings(of: place).proxy.setHeaders
        return lines.cancelled.contains { $0.name.equalsIgnoringCase("Upgrade") }
            && !lines.lines.contains { $0.name.equalsIgnoringCase("Upgrade") }
    }
}
