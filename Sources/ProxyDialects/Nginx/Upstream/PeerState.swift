import ProxyModel
import WireBasics

/// One address of a group, and what a worker remembers about it.
///
/// Units: whole seconds, because nginx compares `ngx_time()`.
/// Source: nginx `ngx_http_upstream_rr_peer_s`.
struct PeerState: Hashable, Sendable {
    /// The `server` line.
    let server: UpstreamServer
    /// The address.
    let address: PeerAddress
    /// What the smooth round robin has accumulated.
    var currentWeight = 0
    /// The weight that counts: lowered by failures, regained one by one.
    var effectiveWeight: Int
    /// Attempts that are not finished: an open tunnel counts.
    var connections = 0
    /// Failures that were not forgiven.
    var fails = 0
    /// The second of the last failure.
    var accessed = longAgo
    /// The second of the last failure, or of the last time that the peer was chosen after being left alone.
    var checked = longAgo

    /// A peer that nobody has tried yet.
    init(server: UpstreamServer, address: PeerAddress) {
        self.server = server
        self.address = address
        effectiveWeight = server.weight
    }

    /// Why the peer cannot be chosen at that second; nil when it can.
    func obstacle(at second: Int64) -> Obstacle? {
        if server.isDown { return .down }
        if server.maxFails > 0, fails >= server.maxFails, second &- checked <= server.failTimeout { return .failed }
        if server.maxConnections > 0, connections >= server.maxConnections { return .full }
        return nil
    }

    /// Notes that the peer was chosen.
    mutating func choose(at second: Int64) {
        connections += 1
        if second &- checked > server.failTimeout { checked = second }
    }

    /// Adds the effective weight to the current one, and lets the effective weight recover by one.
    ///
    /// - Returns: what was added.
    mutating func gain() -> Int {
        let gained = effectiveWeight
        currentWeight &+= gained
        if effectiveWeight < server.weight { effectiveWeight += 1 }
        return gained
    }

    /// Notes a failed attempt.
    mutating func fail(at second: Int64) {
        fails += 1
        accessed = second
        checked = second
        if server.maxFails > 0 { effectiveWeight = max(0, effectiveWeight - server.weight / server.maxFails) }
    }

    /// Why a peer is passed over.
    enum Obstacle: Hashable, Sendable {
        /// `down`.
        case down
        /// `max_fails` failures within `fail_timeout`.
        case failed
        /// `max_conns` is reached.
        case full
    }
}

/// Before every instant, and far enough from the ends that differences of instants do not overflow.
private let longAgo: Int64 = -(1 << 60)

extension CaptureInstant {
    /// Whole seconds since 1970, rounded down, as `ngx_time()`.
    var second: Int64 {
        nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : -((-(nanoseconds + 1)) / 1_000_000_000) - 1
    }
}
