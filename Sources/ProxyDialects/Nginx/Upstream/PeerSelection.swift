import ProxyModel
import WireBasics

/// The attempts of one request at the servers of a group: what has been tried, what is being tried, how many more
/// tries there are.
///
/// A value that belongs to the request; `UpstreamBalancer` holds what requests share.
/// Source: nginx `ngx_http_upstream_rr_peer_data_t`, `ngx_peer_connection_t`.
struct PeerSelection: Hashable, Sendable {
    /// Which list a peer is in.
    enum Tier: Hashable, Sendable {
        /// Servers without `backup`.
        case primary
        /// Servers with it.
        case backup
    }

    /// How many attempts are left, the current one counted (`peer.tries`).
    var tries: Int
    /// When the request began to look for a server: `proxy_next_upstream_timeout` counts from here.
    let started: CaptureInstant
    /// The list in use; once it is the backups, it stays so.
    var tier = Tier.primary
    /// The peers of the list in use that were tried.
    var tried: Set<Int> = []
    /// The peer that is being tried: an index into the list in use.
    var current: Int?
    /// Whether the current attempt uses a kept-alive connection: set by the caller after `KeepaliveCache.take`.
    var isCached = false

    /// The value of the `hash` key for this request.
    let key: ByteString
    /// The bytes of the client's address that `ip_hash` looks at.
    let addressOctets: [UInt8]
    /// The running hash: an accumulated value, or an index into the ring of points.
    var hash: UInt32
    /// How often the key was hashed anew.
    var rehashes = 0
    /// How many peers were found unusable while hashing; beyond 20 it is round robin.
    var hashTries = 0

    init(tries: Int, started: CaptureInstant, key: ByteString, addressOctets: [UInt8], hash: UInt32) {
        self.tries = tries
        self.started = started
        self.key = key
        self.addressOctets = addressOctets
        self.hash = hash
    }
}

/// What a balancer says.
enum PeerPick: Hashable, Sendable {
    /// Try this one.
    case peer(PickedPeer)
    /// "no live upstreams while connecting to upstream": 502 at once, without an attempt.
    case noLiveUpstreams(Explanation)
}

/// A peer that a balancer chose.
struct PickedPeer: Hashable, Sendable {
    /// Where to connect to.
    var address: PeerAddress
    /// The `server` line.
    var server: UpstreamServer
    /// Why this one.
    var explanation: Explanation
    /// Why nobody can tell whether it would be this one; nil when it is certain.
    var unpredictable: Explanation?
}
