import ProxyModel
import WireBasics

// Why a balancer chose what it chose.

extension UpstreamBalancer {
    /// Why this peer.
    func why(_ reason: Reason, _ peer: PeerState, _ tier: PeerSelection.Tier) -> Explanation {
        let name = "\(peer.server.name)"
        let backup = tier == .backup ? "a backup server, because no other can be used; " : ""
        let text =
            switch reason {
            case .onlyServer: "\(name) is the only server of \"\(group.name)\""
            case .roundRobin: "\(name) is \(backup)the next in the weighted round robin of \"\(group.name)\""
            case .fewestConnections: "\(name) is \(backup)the server with the fewest connections for its weight"
            case .ipHash: "ip_hash sends this client's network to \(name)"
            case .keyHash, .consistentHash: "hash sends this key to \(name)"
            }
        return Explanation(because: text, source: peer.server.source ?? group.source)
    }

    /// Why none.
    func whyNone(at second: Int64) -> Explanation {
        let peers = primaries + backups
        let reasons = peers.map { peer in
            switch peer.obstacle(at: second) {
            case .down: "\(peer.server.name) is marked down"
            case .failed:
                "\(peer.server.name) failed \(peer.fails) times and is left alone for fail_timeout "
                    + "(\(peer.server.failTimeout) s)"
            case .full: "\(peer.server.name) has max_conns (\(peer.server.maxConnections)) connections"
            case nil: "\(peer.server.name) was tried for this request"
            }
        }
        let mend: String
        if peers.contains(where: { $0.obstacle(at: second) == .failed }) {
            mend = "raise max_fails or lower fail_timeout, or add servers to the group"
        } else if peers.contains(where: { $0.obstacle(at: second) == .full }) {
            mend = "raise max_conns: each open tunnel counts as a connection"
        } else {
            mend = "add a server that is not down to the group"
        }
        let because = "no live upstreams in \"\(group.name)\": \(reasons.joined(separator: "; "))"
        return Explanation(because: because, source: group.source, mend: mend)
    }

    /// Why the next choice cannot be told: `random` with more than one usable peer.
    func whyUnpredictable(_ selection: PeerSelection, at second: Int64) -> Explanation? {
        if group.method == .hash(consistent: true), ring == nil {
            return Explanation(
                because: "the weights of \"\(group.name)\" make a ring of millions of points, which is not modelled",
                source: group.methodSource ?? group.source, mend: "write the same ratios with smaller weights")
        }
        guard case .random = group.method, selection.tier == .primary else { return nil }
        let usable = primaries.enumerated().count { isUsable($1, $0, selection, at: second) }
        guard usable > 1 else { return nil }
        return Explanation(
            because: "\"\(group.method.directive)\" chooses by chance among \(usable) servers of \"\(group.name)\"; "
                + "the model goes on with what round robin would choose",
            source: group.methodSource ?? group.source,
            mend: "verdicts that must not depend on the server need servers that behave alike, or another method")
    }
}
