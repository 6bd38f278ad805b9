import ProxyModel
import WireBasics

/// A group of servers that requests can be passed to: an `upstream` block, or what `proxy_pass http://host:port`
/// stands for without one.
///
/// Source: nginx `ngx_http_upstream_init_round_robin`, `ngx_http_upstream_add`.
struct UpstreamGroup: Hashable, Sendable {
    /// What `proxy_pass` says between scheme and URI: the name of the block, or host and port.
    var name: ByteString
    /// The servers in the order of the file.
    var servers: [UpstreamServer]
    /// How one is chosen.
    var method: BalancingMethod
    /// The line that says how; nil for round robin, which is the default.
    var methodSource: ConfigLocation?
    /// The connections that are kept open between requests; nil when none are.
    var keepalive: KeepaliveSettings?
    /// Whether servers that are `down` count as tries (before 1.19.6).
    var countsDownServers: Bool
    /// The line of the `upstream` block, or of the `proxy_pass` that implies the group.
    var source: ConfigLocation?

    /// A group with all its parts.
    init(
        name: ByteString, servers: [UpstreamServer], method: BalancingMethod = .roundRobin,
        methodSource: ConfigLocation? = nil, keepalive: KeepaliveSettings? = nil, countsDownServers: Bool = false,
        source: ConfigLocation?
    ) {
        self.name = name
        self.servers = servers
        self.method = method
        self.methodSource = methodSource
        self.keepalive = keepalive
        self.countsDownServers = countsDownServers
        self.source = source
    }

    /// The group that `proxy_pass` implies when it names a host and no `upstream` block: all addresses of that host,
    /// equal in weight.
    static func implicit(
        name: ByteString, addresses: [PeerAddress], source: ConfigLocation?
    ) -> UpstreamGroup {
        let server = UpstreamServer(name: name, addresses: addresses, source: source)
        return UpstreamGroup(name: name, servers: [server], source: source)
    }
}

/// A `server` line of an `upstream` block.
struct UpstreamServer: Hashable, Sendable {
    /// The address as the line writes it, `localhost:3000` or `unix:/run/a.sock`: what consistent hashing hashes.
    var name: ByteString
    /// What the name stands for.
    ///
    /// Each address is a peer of its own, with the whole weight.
    var addresses: [PeerAddress]
    /// `weight=`.
    var weight: Int
    /// `max_fails=`: failures within `failTimeout` that take the peer out; 0 never does.
    var maxFails: Int
    /// `fail_timeout=`, in whole seconds.
    var failTimeout: Int64
    /// `max_conns=`; 0 for no limit.
    var maxConnections: Int
    /// `backup`.
    var isBackup: Bool
    /// `down`.
    var isDown: Bool
    /// The line.
    var source: ConfigLocation?

    /// A server line with all its parts; what is left out is nginx's default.
    init(
        name: ByteString, addresses: [PeerAddress], weight: Int = 1, maxFails: Int = 1, failTimeout: Int64 = 10,
        maxConnections: Int = 0, isBackup: Bool = false, isDown: Bool = false, source: ConfigLocation?
    ) {
        self.name = name
        self.addresses = addresses
        self.weight = weight
        self.maxFails = maxFails
        self.failTimeout = failTimeout
        self.maxConnections = maxConnections
        self.isBackup = isBackup
        self.isDown = isDown
        self.source = source
    }
}

/// How a group chooses a server.
enum BalancingMethod: Hashable, Sendable {
    /// Smooth weighted round robin.
    case roundRobin
    /// `least_conn`.
    case leastConnections
    /// `ip_hash`.
    case ipHash
    /// `hash KEY`, `hash KEY consistent`.
    case hash(consistent: Bool)
    /// `random`, `random two`: nobody can predict it, see `PickedPeer.unpredictable`.
    case random(two: Bool)

    /// The directive's name; empty for the default.
    var directive: String {
        switch self {
        case .roundRobin: ""
        case .leastConnections: "least_conn"
        case .ipHash: "ip_hash"
        case .hash(let consistent): consistent ? "hash … consistent" : "hash"
        case .random(let two): two ? "random two" : "random"
        }
    }
}
