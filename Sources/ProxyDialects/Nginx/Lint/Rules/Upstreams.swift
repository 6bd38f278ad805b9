import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// Polling needs the same server each time.
    static let noStickiness = NginxLintRule(
        LintRule(
            id: "lb-no-stickiness", severity: .warning,
            title: "Requests of one session go to different servers",
            why:
                "Socket.IO, SockJS and SignalR begin with ordinary requests that belong together: a server that did not get the first answers 400 to the second (\"Session ID unknown\")",
            reference: "nginx: hash", url: LintRule.directive("hash", of: "upstream"),
            mistake: """
                upstream nodes {
                    server 127.0.0.1:3001;
                    server 127.0.0.1:3002;
                }
                server {
                    listen 8080;
                    location /socket.io/ {
                        proxy_pass http://nodes;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """,
            mended: """
                upstream nodes {
                    hash $remote_addr consistent;
                    server 127.0.0.1:3001;
                    server 127.0.0.1:3002;
                }
                server {
                    listen 8080;
                    location /socket.io/ {
                        proxy_pass http://nodes;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, _ in
            guard place.asksUpstream, let written = subject.group(of: place), let block = written.block,
                block.child("sticky") == nil
            else { return nil }
            let group = UpstreamGroup(written, subject.configuration.behaviour)
            let count = group.servers.count { !$0.isBackup && !$0.isDown }
            switch group.method {
            case .hash, .ipHash: return nil
            case .roundRobin, .leastConnections, .random: break
            }
            guard count > 1 else { return nil }
            // Sockets alone need no stickiness; the libraries that poll first tell by their names.
            let names = [subject.configuration.locations[place.location].name, group.name]
                .map { $0.lowercased.latin1 }
            let polls = ["socket.io", "socketio", "sockjs", "signalr", "engine.io"].contains { word in
                names.contains { $0.contains(word) }
            }
            let isForSocketsAlone = subject.isForSocketsAlone(place) && !polls
            guard !isForSocketsAlone else { return nil }
            let line = "hash $remote_addr consistent;"
            return rule.finding(
                polls ? nil : .hint, at: block.location,
                "upstream \(group.name) spreads the requests of one client over \(count) servers, and \(subject.title(of: place)) takes WebSocket",
                mend:
                    "where a library polls before it upgrades, write `\(line)` in upstream \(group.name), or let its clients use the websocket transport alone",
                edits: group.methodSource == nil
                    ? subject.edits.insert([line], into: block.location)
                    : subject.edits.replace(group.methodSource, with: line))
        }
    }

    /// A name that is looked up once.
    static let upstreamDNSFrozen = NginxLintRule(
        LintRule(
            id: "upstream-dns-frozen", severity: .hint, title: "The upstream's name is looked up once, at the start",
            why:
                "When a container comes back at another address, nginx goes on with the old one and answers 502 until it is reloaded",
            reference: "nginx: proxy_pass, resolver", url: LintRule.directive("resolver", of: "core"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://chat.internal:3000;
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
                        resolver 127.0.0.11 valid=10s;
                        set $chat chat.internal;
                        proxy_pass http://$chat:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.flatMap { place, _ in
            subject.names(behind: place).compactMap { name, source in
                guard place.asksUpstream, name != "localhost" else { return nil }
                return rule.finding(
                    at: source, "\(name) is looked up when nginx starts, and never again",
                    mend:
                        "where its address can change, write `resolver …;` and put the name into a variable of proxy_pass, or `resolve` on the server line of an upstream with a zone (since nginx 1.27.3)"
                )
            }
        }
    }

    /// `localhost` is two addresses.
    static let localhostIPv6 = NginxLintRule(
        LintRule(
            id: "localhost-ipv6", severity: .hint, title: "localhost may mean [::1] as well",
            why:
                "Where it has both addresses and the application listens at one, every second attempt is refused: nginx tries again, fills its log and takes the server out for a while",
            reference: "nginx: proxy_pass", url: LintRule.directive("proxy_pass"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://localhost:3000;
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
        subject.sockets.flatMap { place, _ in
            subject.names(behind: place).compactMap { name, source in
                guard place.asksUpstream, name == "localhost", let text = subject.edits.text(at: source) else {
                    return nil
                }
                return rule.finding(
                    at: source, "the upstream of \(subject.title(of: place)) is named localhost",
                    mend: "write 127.0.0.1, or the one address that the application listens at",
                    edits: subject.edits.replace(
                        source, with: Self.replacing("localhost", with: "127.0.0.1", in: text)))
            }
        }
    }

    /// Plain text to a port that speaks TLS, or the other way round.
    static let schemeMismatch = NginxLintRule(
        LintRule(
            id: "upstream-scheme-mismatch", severity: .warning,
            title: "The scheme of proxy_pass is not that of the port",
            why:
                "A TLS server that is spoken to in plain text closes or answers 400, and nginx answers 502; likewise the other way round",
            reference: "nginx: proxy_pass", url: LintRule.directive("proxy_pass"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:443;
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
                        proxy_pass https://127.0.0.1:443;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        // Ports that speak TLS unless somebody took pains.
        let secure: [UInt16: String] = [
            443: "the port of https", 8443: "mostly https", 9443: "Portainer's port for https",
            8006: "Proxmox VE's port, https alone",
        ]
        return subject.sockets.compactMap { place, _ in
            guard place.asksUpstream, let pass = subject.settings(of: place).proxy.pass, let fixed = pass.fixed,
                let port = place.attempt?.address.split(separator: ":").last.flatMap({ UInt16($0) })
            else { return nil }
            let isTLS = fixed.scheme == "https"
            let reason = isTLS ? (port == 80 ? "the port of http" : nil) : secure[port]
            guard let reason else { return nil }
            let right = isTLS ? "http" : "https"
            return rule.finding(
                at: pass.source, "\(fixed.scheme):// leads to port \(port), \(reason)", mend: "write `\(right)://…`",
                edits: subject.edits.text(at: pass.source).map { text in
                    subject.edits.replace(
                        pass.source, with: Self.replacing("\(fixed.scheme)://", with: "\(right)://", in: text))
                } ?? [])
        }
    }

    /// The text with its first such part written otherwise.
    private static func replacing(_ part: String, with other: String, in text: String) -> String {
        guard let range = text.firstRange(of: part) else { return text }
        return text[..<range.lowerBound] + other + text[range.upperBound...]
    }
}

extension LintSubject {
    /// The names, not addresses, that a place's handshakes are passed to, each with its line.
    fileprivate func names(behind place: LintedPlace) -> [(name: String, source: ConfigLocation)] {
        guard let written = group(of: place), let pass = settings(of: place).proxy.pass else { return [] }
        guard let block = written.block else {
            return Self.name(written.name).map { [($0, pass.source)] } ?? []
        }
        // A server that is looked up again and again says so.
        return block.children("server").filter { line in !line.arguments.contains { $0.text == "resolve" } }
            .compactMap { line in
                guard let word = line.arguments.first?.text, !word.hasPrefix("unix:") else { return nil }
                return Self.name(word.splitOnce(at: UInt8(ascii: ":")).0).map { ($0, line.location) }
            }
    }

    private static func name(_ host: ByteString) -> String? {
        let text = host.latin1
        guard !text.hasPrefix("["), !text.hasPrefix("unix:"), IPAddress(text) == nil else { return nil }
        return VisibleText.escape(text.lowercased())
    }
}
