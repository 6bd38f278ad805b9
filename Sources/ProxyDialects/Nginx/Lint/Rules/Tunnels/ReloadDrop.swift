import ProxyModel
import WireBasics

extension NginxLintRule {
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
}
