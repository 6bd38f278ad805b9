import ProxyModel
import WireBasics

/// One request's dealings with its upstream: which server, which connection, how far the answer has come.
///
/// States: `connecting` until the connection is there, `awaitingHead` until the head is whole, `relaying` until the
/// body is out, `tunnelling` after a switch.
/// Source: nginx `ngx_http_upstream_t`.
struct UpstreamExchange: Sendable {
    /// How far the exchange has come.
    enum State: Hashable, Sendable {
        case connecting, awaitingHead, relaying, tunnelling, over
    }

    /// Where `proxy_pass` leads for this request.
    struct Target: Hashable, Sendable {
        /// `http` or `https`.
        var scheme: ByteString
        /// `$proxy_host`.
        var authority: ByteString
        /// `$proxy_port`.
        var port: ByteString
        /// The URI part, evaluated.
        var uri: ByteString
        /// Whether `proxy_pass` has variables.
        var hasVariables: Bool
        /// The group, by its index; nil for an address that a variable gave.
        var group: Int?
    }

    /// Where it leads.
    let target: Target
    /// How far it has come.
    var state = State.connecting
    /// The attempts at the servers of the group.
    var selection: PeerSelection
    /// The state of a group that exists for this request only.
    var ownBalancer: UpstreamBalancer?
    /// The request as it is sent.
    var outgoing: OutgoingRequest
    /// The connection in use, or asked for.
    var upstream: UpstreamID?
    /// Where it leads.
    var address: PeerAddress?
    /// Whether a connection was taken from the cache.
    var isReused = false
    /// When the connection was opened, and how many requests it has served with this one.
    var opened = CaptureInstant.epoch
    var served = 1
    /// Whether the request was sent.
    var isSent = false
    /// Reader of the answer's head.
    var parser = UpstreamResponseParser()
    /// The answer's head.
    var head: UpstreamHead?
    /// The client's head, while it waits for the body.
    var filtered: FilteredResponse?
    /// The body on its way.
    var relay: ResponseRelay?
    /// The timer that waits for the upstream.
    var timer: TimerID?
    /// The location that opened the exchange.
    let location: Int
}
