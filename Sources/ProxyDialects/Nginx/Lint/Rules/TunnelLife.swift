import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// A silent tunnel does not live long.
    static let idleTimeout = NginxLintRule(
        LintRule(
            id: "ws-idle-timeout", severity: .warning, title: "A tunnel that is silent for a minute or less is closed",
            why:
                "nginx closes it without a Close frame (the browser says 1006) and without a line in an error log of the usual level; either end's ping keeps it open",
            reference: "nginx: proxy_read_timeout", url: LintRule.directive("proxy_read_timeout"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                        proxy_read_timeout 10s;
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
                        proxy_read_timeout 1h;
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, _ in
            let timeout = subject.settings(of: place).proxy.readTimeout
            guard place.asksUpstream, timeout.value <= .seconds(60) else { return nil }
            // A minute is nginx's default and longer than the heartbeat of most libraries; less than half of it is not.
            let severity: Finding.Severity = timeout.value < .seconds(30) ? .warning : .hint
            let line = "proxy_read_timeout 1h;"
            let upgrade = place.forwarded?.lines("Upgrade").last?.explanation.source
            return rule.finding(
                severity,
                at: timeout.source ?? upgrade ?? subject.configuration.locations[place.serving].source,
                "a tunnel of \(subject.title(of: place)) is closed after \(timeout.value) without a byte in either direction\(timeout.source == nil ? ": proxy_read_timeout is not set" : "")",
                mend: "write `\(line)`, or see that an end sends a ping at least every \(Self.half(timeout.value))",
                edits: timeout.source.map { subject.edits.replace($0, with: line) }
                    ?? subject.edits.insert([line], behind: upgrade))
        }
    }

    private static func half(_ span: TimeSpan) -> String {
        let seconds = span.nanoseconds / 2_000_000_000
        return seconds > 0 ? "\(seconds) s" : "\(span.nanoseconds / 2_000_000) ms"
    }

    /// A reload cuts the tunnels.
    static let reloadDrop = NginxLintRule(
        LintRule(
            id: "ws-reload-drop", severity: .warning, title: "A reload cuts every tunnel soon after",
            why:
                "The old workers close what is still open after worker_shutdown_timeout, without a Close frame, and all clients come back at once",
            reference: "nginx: worker_shutdown_timeout",
            url: "https://nginx.org/en/docs/ngx_core_module.html#worker_shutdown_timeout",
            mistake: """
                worker_shutdown_timeout 10s;
                events {}
                http {
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
                }
                """,
            mended: """
                worker_shutdown_timeout 1h;
                events {}
                http {
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
                }
                """)
    ) { subject, rule in
        guard subject.sockets.contains(where: \.place.asksUpstream),
            let line = subject.edits.main("worker_shutdown_timeout"),
            let time = line.arguments.first.flatMap({ DirectiveValue.time($0.text) }), time < .seconds(600)
        else { return [] }
        return [
            rule.finding(
                time < .seconds(60) ? .warning : .hint, at: line.location,
                "\(time) after a reload the tunnels that are open are cut",
                mend:
                    "write `worker_shutdown_timeout 1h;`, reload seldom, and have clients come back at random moments",
                edits: subject.edits.replace(line.location, with: "worker_shutdown_timeout 1h;"))
        ]
    }

    /// Two connections a tunnel, and few to have.
    static let workerConnectionsLow = NginxLintRule(
        LintRule(
            id: "worker-connections-low", severity: .hint, title: "There is room for few tunnels",
            why:
                "A tunnel takes two connections of its worker for as long as it lives; when none is left, nginx closes new clients without an answer",
            reference: "nginx: worker_connections",
            url: "https://nginx.org/en/docs/ngx_core_module.html#worker_connections",
            mistake: """
                events { worker_connections 128; }
                http {
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
                }
                """,
            mended: """
                events { worker_connections 4096; }
                http {
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
                }
                """)
    ) { subject, rule in
        let limit = subject.configuration.workerConnections
        // 512 is nginx's own default: who writes less has thought of pages.
        guard subject.sockets.contains(where: \.place.asksUpstream), let source = limit.source, limit.value < 512 else {
            return []
        }
        let tunnels = max(0, limit.value - subject.configuration.listens.count - 1) / 2
        return [
            rule.finding(
                at: source, "\(limit.value) worker_connections are room for \(tunnels) tunnels in each worker",
                mend: "write `worker_connections 4096;`, and worker_rlimit_nofile above it",
                edits: subject.edits.replace(source, with: "worker_connections 4096;"))
        ]
    }

    /// A limit that counts tunnels for as long as they live.
    static let connectionLimit = NginxLintRule(
        LintRule(
            id: "limit-conn-on-websocket", severity: .hint, title: "limit_conn counts each tunnel for its whole life",
            why: "A few tabs, or the users behind one address, reach a limit that was meant for pages, and get 503",
            reference: "nginx: limit_conn", url: LintRule.directive("limit_conn", of: "limit_conn"),
            mistake: """
                limit_conn_zone $binary_remote_addr zone=clients:1m;
                server {
                    listen 8080;
                    limit_conn clients 4;
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
                limit_conn_zone $binary_remote_addr zone=clients:1m;
                limit_conn_zone $binary_remote_addr zone=sockets:1m;
                server {
                    listen 8080;
                    limit_conn clients 4;
                    location /websocket {
                        limit_conn sockets 200;
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
            let access = subject.settings(of: place).access
            guard place.asksUpstream, !access.connectionLimitIsDry.value,
                let limit = access.connectionLimits.lines.min(by: { $0.limit < $1.limit }), limit.limit < 100
            else { return nil }
            return rule.finding(
                at: limit.source,
                "no more than \(limit.limit) tunnels of \(subject.title(of: place)) can be open at a time for one key of zone \(subject.configuration.connectionZones[limit.zone].name)",
                mend: "give the sockets a zone of their own with a limit that counts them")
        }
    }
}
