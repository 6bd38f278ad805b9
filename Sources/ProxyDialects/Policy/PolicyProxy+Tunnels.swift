import HTTPWire
import ProxyModel
import WireBasics

extension PolicyProxy {
    /// The server switched.
    mutating func openTunnel(_ response: ResponseHead, rest: [UInt8], for id: ConnectionID) {
        guard let connection = connections[id], let exchange = connection.exchange, let upstream = exchange.upstream
        else { return }
        let route = policy.routes[exchange.route]
        guard exchange.facts.asksForUpgrade, route.passesUpgrade(of: exchange.facts) else {
            let because = Explanation(because: "the server answered 101 to a request that asked for no upgrade")
            return answer(
                PolicyAnswer(status: 502, body: ""), on: id, request: exchange.facts.head, because: because)
        }
        disarm(id)
        tunnels += 1
        connections[id]?.exchange?.state = .tunnel
        connections[id]?.input = []
        let rule = idleRule(of: route)
        let end = rule.map { " or \($0.limit) pass in silence" } ?? ""
        trace(id, "tunnel", "switched: bytes are copied both ways until one end closes\(end)", route.source)
        actions.append(.respond(id, route.clientResponse(response, for: exchange.facts, closes: false)))
        actions.append(.openTunnel(id, upstream, rule, early: connection.input, late: rest))
    }

    private func idleRule(of route: PolicyRoute) -> IdleRule? {
        route.treatment.idleTimeout.map { limit in
            IdleRule(
                limit: limit.value, watch: .either, laziness: .zero,
                explanation: Explanation(
                    because: "\(product) closes a tunnel after \(limit.value) without a byte in either direction",
                    source: limit.source,
                    mend: "raise `timeouts.idle`, or have an end send a ping more often than that"))
        }
    }

    mutating func tunnelIdled(_ id: ConnectionID) {
        guard let exchange = connections[id]?.exchange, exchange.state == .tunnel,
            let rule = idleRule(of: policy.routes[exchange.route])
        else { return }
        endUpstream(id)
        closeClient(id, .full, rule.explanation)
    }

    /// An end closed, which ends the tunnel in both directions.
    mutating func tunnelClosed(_ id: ConnectionID, by party: Party, _ how: Closing) {
        guard connections[id]?.exchange?.state == .tunnel else { return }
        endUpstream(id)
        closeClient(
            id, .full,
            Explanation(
                because:
                    "the \(party == .client ? "client" : "backend") closed, which ends the tunnel in both directions"))
    }
}
