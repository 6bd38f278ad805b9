import ProxyModel
import WireBasics

extension RequestProcessing {
    /// What led a request here although somebody may have meant it for another place: no server has its host, or a
    /// regular expression is asked before a prefix. Continues a sentence; empty where nothing of the kind happened.
    var whyHere: String {
        var text = ""
        if isInSurprisingServer {
            text +=
                "; no server_name of this address is \(request.host), so its default server \(server.title) takes it"
        }
        if let prefix = request.passedOver {
            text +=
                "; location \(configuration.locations[prefix].title) has this URI as well, but the regular expression of location \(location.title) is asked first"
        }
        return text
    }

    /// What to write so that a handshake that is answered here reaches a `proxy_pass`.
    var mendToReachProxy: String {
        if isInSurprisingServer {
            return "write \(request.host) into the server_name of the server that it is meant for"
        }
        if let prefix = request.passedOver {
            let beaten = configuration.locations[prefix]
            guard beaten.name != "/" else {
                return
                    "give the socket's path a location of its own with proxy_pass, as `location ^~ \(request.uri)`: then no regular expression is asked"
            }
            return
                "write `location ^~ \(beaten.name)` for `location \(beaten.title)`: then no regular expression is asked"
        }
        if request.location == server.root {
            return
                "move this line into `location / { … }`, and give the socket's path a location of its own with proxy_pass"
        }
        return "give the socket's path a location of its own with proxy_pass"
    }

    /// Whether the default server took a host that is none of its names, while other servers share the address.
    var isInSurprisingServer: Bool {
        request.isInDefaultServer && !request.host.isEmpty
            && configuration.listens[connection.listen].servers.count > 1
    }

    /// The level whose lines hold, as a sentence names it.
    var levelTitle: String {
        location.title.isEmpty ? "server \(server.title)" : "location \(location.title)"
    }

    /// Says that an ordinary answer depends on a file. A handshake fails whether the file is there or not.
    mutating func reportDependenceOnFiles(_ name: ByteString) {
        guard !request.asksForUpgrade || request.isSubrequest else { return }
        unmodelled(
            "nginx answers with a file here (\(name)), and the model has no files: whether it is there, and what is in it, is not known",
            location.source)
    }
}
