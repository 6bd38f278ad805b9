import HTTPWire
import ProxyModel
import WireBasics

extension NginxLintRule {
    /// A slash too many or too few in the path that the upstream gets.
    static let slashMismatch = NginxLintRule(
        LintRule(
            id: "proxy-pass-slash-mismatch", severity: .warning,
            title: "Location and proxy_pass do not agree about the slash at the end",
            why:
                "nginx puts the URI part of proxy_pass in the place of the location's prefix, byte by byte, and the application answers 404 to what comes out",
            reference: "nginx: proxy_pass", url: LintRule.directive("proxy_pass"),
            mistake: """
                server {
                    listen 8080;
                    location /websocket {
                        proxy_pass http://127.0.0.1:3000/;
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
                    location /websocket/ {
                        proxy_pass http://127.0.0.1:3000/;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
                """)
    ) { subject, rule in
        subject.sockets.compactMap { place, evidence in
            let location = subject.configuration.locations[place.location]
            // An exact location has nothing behind its prefix; where another one serves, its prefix is not this one.
            guard place.location == place.serving, location.kind.comparesText, !location.kind.isExact,
                let pass = location.settings.proxy.pass, let uri = pass.fixed?.uri, !uri.isEmpty,
                pass.prefix.hasSuffix("/") != uri.hasSuffix("/"), let below = subject.below(place),
                let target = below.forwarded?.head.target, let cause = below.forwarded?.target, !cause.mend.isEmpty
            else { return nil }
            return rule.finding(
                min(evidence.severity, rule.severity), at: pass.source,
                "\(below.path) arrives at \(subject.upstream(of: below)) as \(ByteString(target.bytes.prefix { $0 != 63 }))",
                why: subject.why(cause, rule), mend: cause.mend)
        }
    }
}

extension LintSubject {
    /// What becomes of a handshake to a path below a prefix location.
    fileprivate func below(_ place: LintedPlace) -> LintedPlace? {
        let path = place.path + (place.path.hasSuffix("/") ? "x" : "/x")
        guard let outcome = HandshakeProbe(configuration).run(path, at: place.door, asksForWebSocket: true),
            configuration.location(of: outcome, aimedAt: place.location, in: configuration.servers[place.server])
                == place.location
        else { return nil }
        return LintedPlace(
            server: place.server, location: place.location, serving: place.location, path: path, door: place.door,
            evidence: place.evidence, handshake: outcome, plain: place.plain)
    }
}
