import ProxyModel
import WireBasics

extension NginxLintRule {
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
}
