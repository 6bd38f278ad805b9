import HTTPWire
import ProxyModel
import WebSocketWire
import WireBasics

extension NginxLintRule {
    /// `Upgrade` arrives and does not say `websocket`.
    static let upgradeWrongValue = NginxLintRule(
        LintRule(
            id: "upgrade-wrong-value", severity: .error, title: "Upgrade reaches the upstream with another value",
            why: "RFC 6455 wants the word websocket in Upgrade; a server refuses what has another",
            reference: "RFC 6455 §4.2.1", url: LintRule.rfc6455("4.2.1"),
            mistake: """
                map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                server {
                    listen 8080;
                    location / {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $connection_upgrade;
                        proxy_set_header Connection $connection_upgrade;
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
            guard let forwarded = place.forwarded, let line = forwarded.lines("Upgrade").first, !place.asksUpstream,
                let cause = forwarded.cause(of: "Upgrade")
            else { return nil }
            return rule.finding(
                at: cause.source ?? subject.configuration.locations[place.serving].source,
                "an opening handshake to \(place.url) reaches \(subject.upstream(of: place)) with Upgrade \"\(line.field.value)\"",
                why: subject.why(cause, rule), mend: cause.mend, edits: subject.upgrade(for: place))
        }
    }

    /// `Upgrade` arrives, and `Connection` does not say that it counts.
    static let connectionWrongValue = NginxLintRule(
        LintRule(
            id: "connection-wrong-value", severity: .error,
            title: "Upgrade is forwarded, and Connection does not name it",
            why:
                "RFC 6455 wants the word Upgrade in Connection; without it a server takes the request for an ordinary one",
            reference: "RFC 6455 §4.2.1", url: LintRule.rfc6455("4.2.1"),
            mistake: """
                map $http_upgrade $connection_upgrade { default close; upgrade upgrade; }
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
            guard let forwarded = place.forwarded, place.asksUpstream,
                !forwarded.head.headers.hasToken("upgrade", in: "Connection"),
                // What has typographic quotes has a finding that says so.
                subject.setHeader("Connection", at: place).map({ TypographicQuotes.bare(of: $0.value.written) }) ?? nil
                    == nil
            else { return nil }
            let cause = forwarded.cause(of: "Connection") ?? Explanation(because: "")
            let value = forwarded.head.headers.first("Connection")
            return rule.finding(
                at: cause.source ?? subject.configuration.locations[place.serving].source,
                "an opening handshake to \(place.url) reaches \(subject.upstream(of: place)) with Upgrade and \(value.map { "Connection \"\($0)\"" } ?? "without Connection")",
                why: subject.why(cause, rule), mend: cause.mend, edits: subject.connection(for: place))
        }
    }

    /// `Upgrade` in an HTTP/1.0 request.
    static let http10 = NginxLintRule(
        LintRule(
            id: "ws-http-1.0", severity: .warning, title: "The handshake is forwarded as HTTP/1.0",
            why:
                "RFC 6455 wants HTTP/1.1: some servers answer 400 or 505 (Python's websockets, hypercorn), others take it. Since nginx 1.29.7 the default is 1.1",
            reference: "RFC 6455 §4.1; nginx: proxy_http_version", url: LintRule.directive("proxy_http_version"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
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
        subject.sockets.compactMap { place, evidence in
            guard let forwarded = place.forwarded, place.asksUpstream, forwarded.head.version == "HTTP/1.0" else {
                return nil
            }
            return rule.finding(
                at: forwarded.version.source ?? subject.settings(of: place).proxy.pass?.source
                    ?? subject.configuration.locations[place.serving].source,
                "an opening handshake to \(place.url) reaches \(subject.upstream(of: place)) as HTTP/1.0",
                why: subject.why(forwarded.version, rule), mend: forwarded.version.mend,
                edits: subject.version(for: place))
        }
    }

    /// One header, several lines of the configuration, several lines on the wire.
    static let headerSetTwice = NginxLintRule(
        LintRule(
            id: "header-set-twice", severity: .warning, title: "A header of the handshake is set more than once",
            why:
                "nginx sends each line, and servers disagree about two: Tornado answers 400, Python's websockets 426, others take it",
            reference: "nginx: proxy_set_header", url: LintRule.directive("proxy_set_header"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                        proxy_set_header Upgrade $http_upgrade;
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
        let names: [ByteString] = ["Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version"]
        return subject.sockets.flatMap { place, _ in
            names.compactMap { name in
                let lines = place.forwarded?.lines(name) ?? []
                let places = lines.compactMap(\.explanation.source)
                guard lines.count > 1, let last = places.last, places.count > 1 else { return nil }
                return rule.finding(
                    at: last,
                    "an opening handshake to \(place.url) reaches \(subject.upstream(of: place)) with \(lines.count) lines of \(name)",
                    why: "\(places.map(\.source).joined(separator: " and ")) each set it. \(rule.why)",
                    mend: "take all but one of them out", edits: places.dropFirst().flatMap(subject.edits.remove))
            }
        }
    }

    /// `Sec-WebSocket-*` of the request: taken out or written anew.
    static let handshakeHeaderChanged = NginxLintRule(
        LintRule(
            id: "handshake-header-changed", severity: .warning,
            title: "A Sec-WebSocket header of the client does not arrive as it was sent",
            why:
                "Both ends have to see the same handshake: the key is answered, the subprotocol and the extensions are agreed on",
            reference: "RFC 6455 §4.1", url: LintRule.rfc6455("4.1"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                        proxy_set_header Sec-WebSocket-Protocol "";
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
        // What follows for the client, the worst first.
        let names: [(ByteString, Finding.Severity, String)] = [
            (
                "Sec-WebSocket-Key", .error,
                "without the client's own key the answer does not fit, and the client gives up"
            ),
            ("Sec-WebSocket-Version", .error, "a server refuses a handshake whose version is not 13"),
            (
                "Sec-WebSocket-Protocol", .warning,
                "a browser that offers subprotocols and gets none fails the connection"
            ),
            ("Sec-WebSocket-Extensions", .hint, "frames go out uncompressed, which works"),
        ]
        return subject.sockets.flatMap { place, _ in
            names.compactMap { name, severity, consequence in
                guard let forwarded = place.forwarded,
                    let lost = forwarded.lost.first(where: { $0.field.name.equalsIgnoringCase(name) }),
                    let source = lost.explanation.source,
                    forwarded.head.headers.values(name) != [lost.field.value]
                else { return nil }
                return rule.finding(
                    severity, at: source,
                    "\(name) of an opening handshake to \(place.url) does not arrive as it was sent",
                    why: "\(lost.explanation.because): \(consequence)",
                    mend: "take this line out: nginx passes \(name) on by itself",
                    edits: subject.setHeader(name, at: place).map { subject.edits.remove($0.source) } ?? [])
            }
        }
    }

    /// `Sec-WebSocket-*` and `Upgrade` of the answer, hidden from the client.
    static let handshakeHeaderHidden = NginxLintRule(
        LintRule(
            id: "handshake-header-hidden", severity: .error, title: "The 101 loses a header that the client needs",
            why:
                "A client fails the connection where the answer lacks Upgrade, Sec-WebSocket-Accept or the subprotocol",
            reference: "RFC 6455 §4.1; nginx: proxy_hide_header", url: LintRule.directive("proxy_hide_header"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                        proxy_hide_header Upgrade;
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
        let names: [ByteString] = ["Upgrade", "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol"]
        return subject.sockets.flatMap { place, _ in
            guard place.handshake.status == 101, let response = place.handshake.response else { return [LintFinding]() }
            return names.compactMap { name in
                guard !response.head.headers.contains(name),
                    let lost = response.lost.first(where: { $0.field.name.equalsIgnoringCase(name) }),
                    let line = subject.settings(of: place).proxy.hideHeaders.lines
                        .first(where: { $0.value.equalsIgnoringCase(name) })
                else { return nil }
                return rule.finding(
                    at: line.source ?? subject.configuration.locations[place.serving].source,
                    "a client of \(place.url) gets a 101 without \(name)", why: subject.why(lost.explanation, rule),
                    mend: "take `proxy_hide_header \(line.value);` out", edits: subject.edits.remove(line.source))
            }
        }
    }
}
