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
}
