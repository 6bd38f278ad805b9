import ProxyModel
import WireBasics

extension RequestProcessing {
    /// Switches to copying bytes both ways.
    ///
    /// Source: nginx `ngx_http_upstream_upgrade`, `ngx_http_upstream_process_upgraded`.
    mutating func openTunnel(_ filtered: FilteredResponse) {
        guard let upstream = request.exchange?.upstream else { return }
        respond(filtered)
        let late = request.exchange?.parser.unread ?? []
        let early = connection.input.take()
        if let timer = request.exchange?.timer {
            request.exchange?.timer = nil
            shared.timers[timer] = nil
            actions.append(.disarm(timer))
        }
        request.exchange?.state = .tunnelling
        request.keepsAlive = false
        connection.state = .tunnel
        let timeout = settings.proxy.readTimeout
        trace(
            "tunnel", "switched: bytes are copied both ways until one end closes or \(timeout.value) pass in silence",
            timeout.source)
        actions.append(.openTunnel(connection.id, upstream, idleRule, early: early, late: late))
    }

    /// What nginx does with a silent tunnel: any byte in either direction restarts `proxy_read_timeout`.
    private var idleRule: IdleRule {
        let timeout = settings.proxy.readTimeout
        let place = location.title.isEmpty ? "the server" : "location \(location.title)"
        let because =
            timeout.source == nil
            ? "nginx closes a tunnel after \(timeout.value) without a byte in either direction: proxy_read_timeout is not set, and 60s is its default"
            : "nginx closes a tunnel after proxy_read_timeout (\(timeout.value)) without a byte in either direction"
        return IdleRule(
            limit: timeout.value, watch: .either, laziness: .milliseconds(300),
            explanation: Explanation(
                because: because, source: timeout.source,
                mend:
                    "write `proxy_read_timeout 1h;` inside \(place), or have an end send a ping at least every \(timeout.value.halfInWords)"
            ))
    }

    /// The tunnel was silent for too long.
    mutating func tunnelIdled() {
        guard connection.state == .tunnel else { return }
        let explanation = idleRule.explanation
        endExchange()
        closeClient(.full, explanation)
    }

    /// An end of the tunnel closed: nginx closes the other at once, with a FIN even where it got a RST.
    mutating func tunnelClosed(by party: Party, _ closing: Closing) {
        guard connection.state == .tunnel else { return }
        endExchange()
        closeClient(
            .full,
            Explanation(
                because: party == .client
                    ? "the client closed, which ends the tunnel in both directions"
                    : "the backend closed, which ends the tunnel in both directions"))
    }
}

extension TimeSpan {
    /// How often a ping has to come so that a silence of this length never happens: `30 s`.
    var halfInWords: String {
        let seconds = nanoseconds / 2_000_000_000
        return seconds > 0 ? "\(seconds) s" : "\(nanoseconds / 2_000_000) ms"
    }
}
