import HTTPWire
import WireBasics

extension Simulation {
    /// A proxy wants a connection to an upstream: the next proxy's listener, or a backend.
    mutating func open(
        _ upstream: UpstreamKey, to address: PeerAddress, for connection: ConnectionKey, _ explanation: Explanation
    ) {
        guard let client = links.client[connection] else { return }
        links.serves[upstream] = connection
        links.address[upstream] = address.description
        update(connection) {
            $0.hops[upstream.hop].attempts.append(Attempt(address: address.description, explanation: explanation))
        }
        links.attempt[upstream] = attemptPlace(of: connection)
        if upstream.hop + 1 < hops.count { return openHop(behind: upstream, at: address, for: connection, of: client) }
        switch pool.connect(to: address, exchange: exchangeKey(of: connection, client: client), at: now) {
        case .accepted(let backend, let delay):
            backends[upstream] = backend
            planEvent(.upstreamConnected(upstream.upstream), hop: upstream.hop, after: delay)
        case .closedAtOnce:
            note(upstream) { $0.result = .closed }
            planEvent(.upstreamConnected(upstream.upstream), hop: upstream.hop)
            planEvent(.upstreamClosed(upstream.upstream, .reset), hop: upstream.hop)
        case .failed(let failure, let delay):
            note(upstream) { $0.result = .refused }
            planEvent(.upstreamFailed(upstream.upstream, failure), hop: upstream.hop, after: delay)
        case .silent:
            break
        }
    }

    /// The next proxy stands at the address.
    private mutating func openHop(
        behind upstream: UpstreamKey, at address: PeerAddress, for connection: ConnectionKey, of client: Int
    ) {
        let next = hops[upstream.hop + 1]
        guard let place = ChainLink.place(of: address, among: next.listeners) else {
            let because = "nothing tells which listener of \(next.name) stands behind \(address)"
            update(connection) { $0.unmodelled.append(Explanation(because: because)) }
            note(upstream) { $0.result = .refused }
            return planEvent(.upstreamFailed(upstream.upstream, .refused), hop: upstream.hop)
        }
        let behind = links.newConnection(hop: upstream.hop + 1, client: client)
        links.before[behind] = upstream
        links.behind[upstream] = behind
        let previous = PeerAddress.tcp(Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 40_000))
        planEvent(.accepted(behind.connection, listener: place, client: previous), hop: behind.hop)
        planEvent(.upstreamConnected(upstream.upstream), hop: upstream.hop)
    }

    /// A proxy sends a request on an upstream connection, new or kept alive.
    mutating func send(
        _ request: OutgoingRequest, on upstream: UpstreamKey, at address: PeerAddress, for connection: ConnectionKey
    ) {
        guard let client = links.client[connection] else { return }
        links.serves[upstream] = connection
        if attempt(upstream)?.request != nil
            || links.attempt[upstream]?.exchange != exchangeKey(of: connection, client: client)
        {
            let reused = Explanation(because: "a kept-alive connection to this upstream is used again")
            update(connection) {
                $0.hops[upstream.hop].attempts.append(Attempt(address: address.description, explanation: reused))
            }
            links.attempt[upstream] = attemptPlace(of: connection)
            if var backend = backends[upstream] {
                pool.reuse(&backend, exchange: exchangeKey(of: connection, client: client), at: now)
                backends[upstream] = backend
            }
        }
        note(upstream) { $0.request = request }
        sendUp(request.head.bytes + request.body, request: request, on: upstream)
    }

    /// Bytes go out on an upstream connection.
    mutating func sendUp(_ bytes: [UInt8], request: OutgoingRequest?, on upstream: UpstreamKey) {
        if let next = links.behind[upstream] {
            note(upstream) { $0.sent += bytes }
            clientSent(bytes, on: next)
        } else if var backend = backends[upstream] {
            note(upstream) { $0.sent += bytes }
            let commands = backend.received(bytes, request: request, at: now)
            backends[upstream] = backend
            carryOut(commands, on: upstream)
        }
    }

    /// A proxy closes an upstream connection.
    mutating func closeUp(_ upstream: UpstreamKey, _ how: Closing) {
        if let next = links.behind[upstream] {
            clientSideCloses(next, how)
        } else if var backend = backends.removeValue(forKey: upstream) {
            _ = backend.closed(how, at: now)
        }
    }

    private mutating func carryOut(_ commands: [BackendCommand], on upstream: UpstreamKey) {
        for command in commands {
            switch command {
            case .send(let bytes, let instant): plan(.backendSends(upstream, bytes), at: instant)
            case .close(let how, let instant): plan(.backendCloses(upstream, how), at: instant)
            case .judged(let status, let refusal, let known):
                note(upstream) {
                    $0.answeredStatus = status
                    $0.refusal = refusal
                    $0.judgement = known
                }
            case .assumed(let explanation):
                guard let place = links.attempt[upstream] else { continue }
                clients[place.exchange.client].record.update(place.exchange.exchange) {
                    if !$0.unmodelled.contains(explanation) { $0.unmodelled.append(explanation) }
                }
            }
        }
    }

    /// A backend, or the next proxy, sends bytes to a proxy.
    mutating func upstreamSent(_ bytes: [UInt8], on upstream: UpstreamKey) {
        // What a backend had planned to say before its connection was closed is never said.
        guard links.behind[upstream] != nil || backends[upstream] != nil else { return }
        note(upstream) { $0.result = .answered }
        if let connection = tunnelConnection(of: upstream) {
            passThrough(bytes, from: .server, on: connection)
        } else {
            planEvent(.upstreamReceived(upstream.upstream, bytes), hop: upstream.hop)
        }
    }

    /// A backend, or the next proxy, closes the connection.
    mutating func upstreamClosed(_ upstream: UpstreamKey, _ how: Closing) {
        if links.behind[upstream] == nil {
            guard backends[upstream] != nil else { return }
            if how != .half { backends[upstream] = nil }
        }
        note(upstream) { if $0.result == .timedOut { $0.result = .closed } }
        planEvent(.upstreamClosed(upstream.upstream, how), hop: upstream.hop)
    }

    /// A server goes away: its connections close, in the order in which they were opened.
    mutating func stop(_ address: String) {
        let upstreams = backends.keys.filter { links.address[$0] == address }
        for upstream in upstreams.sorted(by: { $0.upstream < $1.upstream }) { upstreamClosed(upstream, .full) }
    }

    /// The upstream's side of a tunnel closes.
    mutating func tunnelEnds(_ connection: ConnectionKey, _ upstream: UpstreamKey, _ how: Closing) {
        if links.behind[upstream] == nil, let client = links.client[connection] {
            noteClosing(client, by: .backend, because: nil)
        }
        tell(upstream.hop, .tunnelClosed(connection.connection, by: .server, how))
    }

    // MARK: where an attempt is written down

    private func exchangeKey(of connection: ConnectionKey, client: Int) -> ExchangeKey {
        ExchangeKey(client: client, exchange: clients[client].record.current(hop: connection.hop) ?? 0)
    }

    private func attemptPlace(of connection: ConnectionKey) -> AttemptPlace? {
        guard let client = links.client[connection] else { return nil }
        let key = exchangeKey(of: connection, client: client)
        guard clients[client].record.exchanges.indices.contains(key.exchange) else { return nil }
        let attempts = clients[client].record.exchanges[key.exchange].hops[connection.hop].attempts
        return AttemptPlace(exchange: key, hop: connection.hop, index: attempts.count - 1)
    }

    private func attempt(_ upstream: UpstreamKey) -> Attempt? {
        guard let place = links.attempt[upstream] else { return nil }
        return clients[place.exchange.client].record.exchanges[place.exchange.exchange].hops[place.hop]
            .attempts[place.index]
    }

    private mutating func note(_ upstream: UpstreamKey, _ change: (inout Attempt) -> Void) {
        guard let place = links.attempt[upstream] else { return }
        clients[place.exchange.client].record.update(place.exchange.exchange) {
            change(&$0.hops[place.hop].attempts[place.index])
        }
    }
}

/// Where in the record an attempt stands.
struct AttemptPlace: Hashable, Sendable {
    var exchange: ExchangeKey
    var hop: Int
    var index: Int
}
