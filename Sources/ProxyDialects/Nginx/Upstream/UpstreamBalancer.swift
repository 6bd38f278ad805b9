import ProxyModel
import WireBasics

/// A group of servers with the state that the requests of one worker share: weights, failures, open attempts.
///
/// Order: `begin` once a request; then `pick`, the attempt, `free`, and `pick` again while `nextUpstream` says so. Each
/// picked peer is freed exactly once: for a tunnel, when it closes.
/// Source: nginx `ngx_http_upstream_round_robin.c` and the balancing modules beside it.
struct UpstreamBalancer: Hashable, Sendable {
    /// The group.
    let group: UpstreamGroup
    /// The peers of servers without `backup`, in the order of the file.
    private(set) var primaries: [PeerState]
    /// The peers of servers with it.
    private(set) var backups: [PeerState]
    /// The points of `hash … consistent`; nil for other methods, and for weights that make too many of them.
    let ring: ConsistentHashRing?

    /// A group that nobody has used yet.
    init(_ group: UpstreamGroup) {
        self.group = group
        let peers = { (backup: Bool) in
            group.servers.filter { $0.isBackup == backup }.flatMap { server in
                server.addresses.map { PeerState(server: server, address: $0) }
            }
        }
        primaries = peers(false)
        backups = peers(true)
        ring = group.method == .hash(consistent: true) ? ConsistentHashRing(primaries.map(\.server)) : nil
    }

    /// Whether there is one peer and no backup: it is then tried whatever it did before.
    var isSingle: Bool { primaries.count == 1 && backups.isEmpty }

    /// Starts the search for a server on behalf of a request.
    ///
    /// - Parameters:
    ///   - key: the value of `hash`'s key; anything for other methods.
    ///   - client: the client's address, after `real_ip`.
    ///   - maxTries: `proxy_next_upstream_tries`; 0 for no limit.
    func begin(
        key: ByteString = ByteString(), client: PeerAddress, maxTries: Int = 0, at instant: CaptureInstant
    ) -> PeerSelection {
        let usable = (primaries + backups).count { !$0.server.isDown || group.countsDownServers }
        let hash: UInt32 =
            switch group.method {
            case .ipHash: 89
            case .hash(consistent: true): UInt32(truncatingIfNeeded: ring?.index(of: CRC32.of(key.bytes)) ?? 0)
            default: 0
            }
        return PeerSelection(
            tries: maxTries > 0 ? min(maxTries, usable) : usable, started: instant, key: key,
            addressOctets: ipHashOctets(of: client), hash: hash)
    }

    /// Chooses the server of the next attempt.
    mutating func pick(_ selection: inout PeerSelection, at instant: CaptureInstant) -> PeerPick {
        selection.isCached = false
        let second = instant.second
        let unpredictable = whyUnpredictable(selection, at: second)
        let chosen = choose(&selection, at: second)
        guard let chosen, self[selection.tier].indices.contains(chosen.index) else {
            return .noLiveUpstreams(whyNone(at: second))
        }
        var peers = self[selection.tier]
        peers[chosen.index].choose(at: second)
        self[selection.tier] = peers
        selection.current = chosen.index
        selection.tried.insert(chosen.index)
        let peer = peers[chosen.index]
        return .peer(
            PickedPeer(
                address: peer.address, server: peer.server,
                explanation: why(chosen.reason, peer, selection.tier), unpredictable: unpredictable))
    }

    /// Ends the current attempt: the peer is no longer in use, and failures are noted.
    ///
    /// - Parameter failed: whether the attempt counts against the peer; see `UpstreamFailure.countsAgainstPeer`.
    mutating func free(_ selection: inout PeerSelection, failed: Bool, at instant: CaptureInstant) {
        guard let index = selection.current, self[selection.tier].indices.contains(index) else { return }
        selection.current = nil
        var peers = self[selection.tier]
        defer { self[selection.tier] = peers }
        peers[index].connections -= 1
        if isSingle {
            selection.tries = 0
            return
        }
        if failed {
            peers[index].fail(at: instant.second)
        } else if peers[index].accessed < peers[index].checked {
            peers[index].fails = 0
        }
        if selection.tries > 0 { selection.tries -= 1 }
    }

    /// The peers of a list.
    subscript(tier: PeerSelection.Tier) -> [PeerState] {
        get { tier == .primary ? primaries : backups }
        set {
            switch tier {
            case .primary: primaries = newValue
            case .backup: backups = newValue
            }
        }
    }
}

extension UpstreamBalancer {
    /// Which rule chose a peer.
    enum Reason: Hashable, Sendable {
        case onlyServer, roundRobin, fewestConnections, ipHash, keyHash, consistentHash
    }

    /// A peer of the list in use.
    struct Choice: Hashable, Sendable {
        var index: Int
        var reason: Reason
    }

    private mutating func choose(_ selection: inout PeerSelection, at second: Int64) -> Choice? {
        switch group.method {
        case .roundRobin, .random:
            return roundRobin(&selection, at: second)
        case .leastConnections:
            return leastConnections(&selection, at: second)
        case .ipHash:
            return ipHash(&selection, at: second) ?? roundRobin(&selection, at: second)
        case .hash(let consistent):
            let hashed = consistent ? ringHash(&selection, at: second) : keyHash(&selection, at: second)
            return hashed ?? roundRobin(&selection, at: second)
        }
    }

    /// Smooth weighted round robin: every usable peer gains its effective weight, the richest is taken (the first of
    /// equals) and pays the total.
    ///
    /// Source: nginx `ngx_http_upstream_get_round_robin_peer`, `ngx_http_upstream_get_peer`.
    mutating func roundRobin(_ selection: inout PeerSelection, at second: Int64) -> Choice? {
        if isSingle {
            let obstacle = primaries.first?.obstacle(at: second)
            return obstacle == nil || obstacle == .failed ? Choice(index: 0, reason: .onlyServer) : nil
        }
        if let index = richest(of: self[selection.tier].indices, selection, at: second) {
            return Choice(index: index, reason: .roundRobin)
        }
        guard turnToBackups(&selection) else { return nil }
        return roundRobin(&selection, at: second)
    }

    /// One round of the smooth weighted round robin among those peers.
    mutating func richest(
        of candidates: some Sequence<Int>, _ selection: PeerSelection, at second: Int64, startingWith first: Int? = nil
    ) -> Int? {
        var peers = self[selection.tier]
        defer { self[selection.tier] = peers }
        var best = first
        var total = 0
        for index in candidates where isUsable(peers[index], index, selection, at: second) {
            total &+= peers[index].gain()
            if let found = best, peers[index].currentWeight <= peers[found].currentWeight { continue }
            best = index
        }
        if let best { peers[best].currentWeight &-= total }
        return best
    }

    /// Goes on with the backup servers; false when that happened before, or there are none.
    func turnToBackups(_ selection: inout PeerSelection) -> Bool {
        guard selection.tier == .primary, !backups.isEmpty else { return false }
        selection.tier = .backup
        selection.tried = []
        return true
    }

    /// Whether this request may try the peer now.
    func isUsable(_ peer: PeerState, _ index: Int, _ selection: PeerSelection, at second: Int64) -> Bool {
        !selection.tried.contains(index) && peer.obstacle(at: second) == nil
    }
}
