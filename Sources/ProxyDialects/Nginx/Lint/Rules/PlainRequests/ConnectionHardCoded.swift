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
}

extension LintSubject {
    /// The edits that put the recipe's map behind a line.
    fileprivate func mapped(_ name: ByteString, line: ConfigLocation) -> [TextEdit] {
        let known = configuration.variables.existing("connection_upgrade").map { configuration.variables[$0].kind }
        let isThere = if case .map? = known { true } else { false }
        return edits.replace(line, with: "proxy_set_header \(name) $connection_upgrade;")
            + (isThere ? [] : edits.insertIntoHTTP(Self.mapText))
    }
}
