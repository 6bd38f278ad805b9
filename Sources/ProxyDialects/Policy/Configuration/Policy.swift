import ProxyModel
import WireBasics

/// A proxy described without being any product: where it listens, where it sends what, and what it does to heads.
struct Policy: Sendable {
    /// The file as the user named it.
    var file: String
    /// What it is called; reports show it in the place of a product.
    var title: String
    /// Where it listens.
    var listeners: [Listener]
    /// In the order in which they are tried.
    var routes: [PolicyRoute]
    /// The groups of servers that routes send to.
    var upstreams: [PolicyUpstream]
    /// The longest request head, in bytes.
    var headLimit: Setting<Int>
    /// How many tunnels may be open at once; nil for any number.
    var tunnelLimit: Setting<Int>?
}

/// A group of servers that take the same requests.
struct PolicyUpstream: Sendable {
    /// How the next server is chosen.
    enum Balance: String, CaseIterable {
        /// Each in turn, as often as its weight says.
        case roundRobin
        /// The one with the fewest requests and tunnels for its weight.
        case leastConnections
        /// The same one for the same client address.
        case clientAddress
    }

    var name: String
    var balance: Balance
    var servers: [PolicyServer]
    var source: ConfigLocation
}

/// One server of an upstream.
struct PolicyServer: Sendable {
    var address: PeerAddress
    /// 1 or more.
    var weight: Int
    /// Asked only when no other server is left.
    var isBackup: Bool
    var source: ConfigLocation
}

/// A response that the proxy gives by itself.
struct PolicyAnswer: Sendable {
    /// 200 to 599.
    var status: Int
    /// Its text; empty for a sentence of our own.
    var body: String
    var source: ConfigLocation?
}
