import ProxyModel
import WireBasics

extension UpstreamBalancer {
    /// `least_conn`: the fewest open attempts in relation to the weight; equals take turns by the smooth round robin.
    ///
    /// Source: nginx `ngx_http_upstream_get_least_conn_peer`.
    mutating func leastConnections(_ selection: inout PeerSelection, at second: Int64) -> Choice? {
        if isSingle { return roundRobin(&selection, at: second) }
        let peers = self[selection.tier]
        var best: Int?
        var hasEqual = false
        for index in peers.indices where isUsable(peers[index], index, selection, at: second) {
            guard let found = best else {
                best = index
                continue
            }
            switch peers[index].load(comparedWith: peers[found]) {
            case .orderedLess: (best, hasEqual) = (index, false)
            case .equal: hasEqual = true
            case .orderedMore: break
            }
        }
        guard let best else {
            return turnToBackups(&selection) ? leastConnections(&selection, at: second) : nil
        }
        guard hasEqual else { return Choice(index: best, reason: .fewestConnections) }
        let equals = peers.indices.filter { $0 >= best && peers[$0].load(comparedWith: peers[best]) == .equal }
        return richest(of: equals, selection, at: second, startingWith: best).map {
            Choice(index: $0, reason: .fewestConnections)
        }
    }
}

/// How two loads compare.
private enum LoadOrder {
    case orderedLess, equal, orderedMore
}

extension PeerState {
    /// Open attempts by weight, compared crosswise as nginx does, without division.
    fileprivate func load(comparedWith other: PeerState) -> LoadOrder {
        let (own, others) = (connections &* other.server.weight, other.connections &* server.weight)
        return own < others ? .orderedLess : own == others ? .equal : .orderedMore
    }
}
