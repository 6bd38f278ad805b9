import HTTPWire
import WireBasics

extension Simulation {
    /// Does what a proxy wants done, and writes it down.
    mutating func carryOut(_ action: ProxyAction, of hop: Int) {
        switch action {
        case .connect(let upstream, let address, let connection, let explanation):
            open(
                UpstreamKey(hop: hop, upstream: upstream), to: address,
                for: ConnectionKey(hop: hop, connection: connection), explanation)
        case .request(let upstream, let request, let address, let connection):
            send(
                request, on: UpstreamKey(hop: hop, upstream: upstream), at: address,
                for: ConnectionKey(hop: hop, connection: connection))
        case .forward(let upstream, let bytes):
            sendUp(bytes, request: nil, on: UpstreamKey(hop: hop, upstream: upstream))
        case .respond(let connection, let response):
            respond(response, on: ConnectionKey(hop: hop, connection: connection))
        case .send(let connection, let bytes):
            let key = ConnectionKey(hop: hop, connection: connection)
            noteReceived(bytes, on: key)
            sendDown(bytes, on: key)
        case .openTunnel(let connection, let upstream, let rule, let early, let late):
            openTunnel(
                ConnectionKey(hop: hop, connection: connection), UpstreamKey(hop: hop, upstream: upstream), rule,
                early: early, late: late)
        case .arm(let timer, let instant): arm(timer, hop: hop, at: instant)
        case .disarm(let timer): disarm(timer, hop: hop)
        case .closeClient(let connection, let how, let because):
            let key = ConnectionKey(hop: hop, connection: connection)
            cutShort(key)
            tunnels[key] = nil
            closeDown(key, how, because: because)
        case .closeUpstream(let upstream, let how):
            closeUp(UpstreamKey(hop: hop, upstream: upstream), how)
        case .route(let connection, let route):
            update(ConnectionKey(hop: hop, connection: connection)) { $0.hops[hop].route = route }
        case .trace(let connection, let step):
            update(ConnectionKey(hop: hop, connection: connection)) { $0.hops[hop].trace.append(step) }
        case .unmodelled(let connection, let explanation):
            update(ConnectionKey(hop: hop, connection: connection)) { outcome in
                if !outcome.unmodelled.contains(explanation) { outcome.unmodelled.append(explanation) }
            }
        }
    }

    private mutating func respond(_ response: OutgoingResponse, on connection: ConnectionKey) {
        guard let client = links.client[connection] else { return }
        clients[client].record.note(response, hop: connection.hop)
        noteReceived(response.head.bytes, on: connection)
        sendDown(response.head.bytes, on: connection)
    }

    /// What the first hop sends before the tunnel is what the client gets for its exchange.
    private mutating func noteReceived(_ bytes: [UInt8], on connection: ConnectionKey) {
        guard connection.hop == 0, let client = links.client[connection] else { return }
        clients[client].record.update(clients[client].record.responding(hop: 0)) { $0.clientReceives += bytes }
    }

    /// Changes the outcome of the exchange that a hop works on.
    mutating func update(_ connection: ConnectionKey, _ change: (inout ExchangeOutcome) -> Void) {
        guard let client = links.client[connection] else { return }
        clients[client].record.update(clients[client].record.current(hop: connection.hop), change)
    }
}
