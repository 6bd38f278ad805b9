import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
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
