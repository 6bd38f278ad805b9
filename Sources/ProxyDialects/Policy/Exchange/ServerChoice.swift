import ProxyModel
import WireBasics

/// Chooses among the servers of an upstream, and counts what they are busy with.
struct ServerChoice: Sendable {
    let upstream: PolicyUpstream
    /// The smooth weighted round robin's balance of each server.
    private var credit: [Int]
    /// Requests and tunnels under way.
    private var busy: [Int]

    init(_ upstream: PolicyUpstream) {
        self.upstream = upstream
        credit = Array(repeating: 0, count: upstream.servers.count)
        busy = credit
    }

    /// The next server that was not tried yet, and why it is that one; nil when none is left.
    mutating func next(after tried: [Int], for client: PeerAddress) -> (server: Int, because: String)? {
        let left = upstream.servers.indices.filter { !tried.contains($0) }
        let first = left.filter { !upstream.servers[$0].isBackup }
        let candidates = first.isEmpty ? left : first
        guard let choice = choose(candidates, for: client) else { return nil }
        busy[choice] += 1
        let name = "\"\(VisibleText.escape(upstream.name))\""
        if first.isEmpty { return (choice, "it is a backup of \(name), and no other server is left") }
        if upstream.servers.count == 1 { return (choice, "it is the only server of \(name)") }
        let because =
            switch upstream.balance {
            case .roundRobin: "it is the next in the weighted round robin of \(name)"
            case .leastConnections: "it has the fewest connections for its weight in \(name)"
            case .clientAddress: "it is where \(name) sends this client's address"
            }
        return (choice, because)
    }

    /// A request or tunnel at that server is over.
    mutating func release(_ server: Int) {
        guard busy.indices.contains(server) else { return }
        busy[server] = max(0, busy[server] - 1)
    }

    private mutating func choose(_ candidates: [Int], for client: PeerAddress) -> Int? {
        switch upstream.balance {
        case .roundRobin:
            for server in candidates { credit[server] += weight(server) }
            guard let choice = candidates.max(by: { (credit[$0], $1) < (credit[$1], $0) }) else { return nil }
            credit[choice] -= candidates.reduce(0) { $0 + weight($1) }
            return choice
        case .leastConnections:
            return candidates.min { (busy[$0] * weight($1), $0) < (busy[$1] * weight($0), $1) }
        case .clientAddress:
            let total = candidates.reduce(0) { $0 + weight($1) }
            guard total > 0 else { return nil }
            var place = Int(truncatingIfNeeded: hash(of: client) % UInt64(total))
            return candidates.first { server in
                place -= weight(server)
                return place < 0
            }
        }
    }

    private func weight(_ server: Int) -> Int { upstream.servers[server].weight }

    /// FNV-1a over the address without its port: the same in every run.
    private func hash(of client: PeerAddress) -> UInt64 {
        let text: String
        if case .tcp(let endpoint) = client { text = endpoint.address.description } else { text = client.description }
        return text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
