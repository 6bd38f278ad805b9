import ProxyModel
import WireBasics

extension NginxLintRule {
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
                edits: subject.edits.replace("\(fixed.scheme)://", with: "\(right)://", in: pass.source))
        }
    }
}
