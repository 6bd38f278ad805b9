import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// Every plain request says `Connection: upgrade`.
    static let connectionHardCoded = NginxLintRule(
        LintRule(
            id: "connection-hard-coded", severity: .warning,
            title: "Plain requests carry Connection: upgrade too",
            why:
                "Some servers refuse an ordinary request that says so: Kestrel answers 400 to one with a body. The map sends it with handshakes alone",
            reference: "nginx: WebSocket proxying", url: LintRule.webSocketPage,
            mistake: """
                server {
                    listen 8080;
                    location / {
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
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, evidence in
            // A location for sockets alone sees no plain request that matters.
            guard evidence.kind != .name, !subject.isForSocketsAlone(place), let plain = place.plainForwarded,
                plain.head.headers.hasToken("upgrade", in: "Connection"), plain.lines("Upgrade").isEmpty,
                let line = plain.lines("Connection").last, line.origin == .directive,
                let source = line.explanation.source
            else { return nil }
            return rule.finding(
                at: source,
                "a plain request through \(subject.title(of: place)) reaches \(subject.upstream(of: place)) with Connection \"\(line.field.value)\"",
                mend: "write `proxy_set_header Connection $connection_upgrade;` with nginx's map behind it",
                edits: subject.mapped("Connection", line: source))
        }
    }

    /// Every plain request says `Upgrade: websocket`.
    static let upgradeLiteral = NginxLintRule(
        LintRule(
            id: "upgrade-literal", severity: .warning, title: "Plain requests carry Upgrade too",
            why:
                "A server that takes a plain request for a handshake answers 400, or a 101 that nginx does not switch for: the client waits in vain",
            reference: "nginx: WebSocket proxying", url: LintRule.webSocketPage,
            mistake: """
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade websocket;
                        proxy_set_header Connection $http_connection;
                    }
                }
                """,
            mended: """
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $http_connection;
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, _ in
            guard place.asksUpstream, let line = place.plainForwarded?.lines("Upgrade").last,
                line.origin == .directive,
                let source = line.explanation.source
            else { return nil }
            return rule.finding(
                subject.isForSocketsAlone(place) ? .hint : nil, at: source,
                "a plain request through \(subject.title(of: place)) reaches \(subject.upstream(of: place)) with Upgrade \"\(line.field.value)\"",
                mend: "write `proxy_set_header Upgrade $http_upgrade;`",
                edits: subject.edits.replace(source, with: "proxy_set_header Upgrade $http_upgrade;"))
        }
    }

    /// Whatever a client asks to be upgraded to goes through.
    static let upgradeAnyProtocol = NginxLintRule(
        LintRule(
            id: "upgrade-any-protocol", severity: .hint,
            title: "Upgrade to any protocol is forwarded, not to websocket alone",
            why:
                "Where the upstream speaks HTTP/2 in the clear, a client that asks for h2c gets a tunnel in which no location, no access rule and no log sees its requests",
            reference: "RFC 7540 §3.2; nginx: map", url: LintRule.directive("map", of: "map"),
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
                }
                """,
            mended: """
                map $http_upgrade $websocket_upgrade { default ''; websocket websocket; }
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $websocket_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        // Nearly every configuration does it, by nginx's own example: it is said once.
        let probe = HandshakeProbe(subject.configuration)
        let open = subject.sockets.lazy.filter(\.place.asksUpstream).first { place, _ in
            guard let outcome = probe.run(place.path, at: place.door, asksForWebSocket: true, upgrade: "h2c")
            else { return false }
            return outcome.hops.last?.attempts.last?.request?.head.headers.hasToken("h2c", in: "Upgrade") ?? false
        }
        guard let (place, _) = open, let source = place.forwarded?.lines("Upgrade").last?.explanation.source else {
            return []
        }
        let map = "map $http_upgrade $websocket_upgrade { default ''; websocket websocket; }"
        return [
            rule.finding(
                at: source,
                "a request to \(place.url) with Upgrade \"h2c\" reaches \(subject.upstream(of: place)) with it",
                mend: "write in http `\(map)`, and `proxy_set_header Upgrade $websocket_upgrade;`",
                edits: subject.edits.replace(source, with: "proxy_set_header Upgrade $websocket_upgrade;")
                    + (subject.configuration.variables.existing("websocket_upgrade") == nil
                        ? subject.edits.insertIntoHTTP(map) : []))
        ]
    }

    /// Connections that are to be kept are closed after each plain request.
    static let mapCloseKillsKeepalive = NginxLintRule(
        LintRule(
            id: "map-close-kills-keepalive", severity: .hint,
            title: "keepalive is asked for, and plain requests say close",
            why: "Each plain request costs a new connection to the upstream, whatever keepalive says",
            reference: "nginx: keepalive", url: LintRule.directive("keepalive", of: "upstream"),
            mistake: """
                map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                upstream app {
                    server 127.0.0.1:3000;
                    keepalive 16;
                }
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://app;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                    }
                }
                """,
            mended: """
                map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
                upstream app {
                    server 127.0.0.1:3000;
                    keepalive 16;
                }
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://app;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, _ in
            guard let keepalive = subject.group(of: place)?.block?.child("keepalive"),
                keepalive.arguments.first?.text != "0", !subject.isForSocketsAlone(place),
                let line = place.plainForwarded?.lines("Connection").last, line.field.value.equalsIgnoringCase("close"),
                line.origin == .directive, let source = subject.rowBehind(line)
            else { return nil }
            return rule.finding(
                at: source,
                "a plain request through \(subject.title(of: place)) reaches \(subject.upstream(of: place)) with Connection \"close\", and \(keepalive.location.source) asks for keepalive",
                mend: "write the map's row for no Upgrade as `'' '';`",
                edits: subject.edits.replace(source, with: "'' '';"))
        }
    }
}

extension LintSubject {
    /// Whether plain requests hardly come to a place: it is named for sockets, or others that do without the recipe take
    /// them, a wider location or one that leads to the same upstream.
    func isForSocketsAlone(_ place: LintedPlace) -> Bool {
        let name = configuration.locations[place.location].name.lowercased.latin1
        let words = Set(name.split { !($0.isLetter || $0.isNumber) }.map(String.init))
        if name.contains("websocket") || name.contains("sockjs") { return true }
        if !words.isDisjoint(with: ["ws", "wss", "cable", "mqtt", "socket"]) { return true }
        let group = settings(of: place).proxy.pass?.fixed?.group
        let others = configuration.blocks(of: place.server).filter { block in
            group != nil && block.settings.proxy.pass?.fixed?.group == group
        }
        return (configuration.wider(than: place.location, of: place.server) + others).contains { other in
            !other.settings.proxy.setHeaders.lines.contains { $0.name.equalsIgnoringCase("Upgrade") }
        }
    }

    /// The edits that put the recipe's map behind a line.
    fileprivate func mapped(_ name: ByteString, line: ConfigLocation) -> [TextEdit] {
        let known = configuration.variables.existing("connection_upgrade").map { configuration.variables[$0].kind }
        let isThere = if case .map? = known { true } else { false }
        return edits.replace(line, with: "proxy_set_header \(name) $connection_upgrade;")
            + (isThere ? [] : edits.insertIntoHTTP(Self.mapText))
    }

    /// The row of a map that made a header's value for a request without Upgrade.
    fileprivate func rowBehind(_ header: OutgoingHeader) -> ConfigLocation? {
        guard let line = edits.directive(at: header.explanation.source),
            let name = line.arguments.last?.text.dropping(prefix: "$"),
            let id = configuration.variables.existing(name), case .map(let index) = configuration.variables[id].kind,
            let found = try? configuration.maps[index].row(for: "")
        else { return nil }
        return found.0.source
    }
}
