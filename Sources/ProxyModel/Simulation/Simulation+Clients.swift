import WireBasics

extension Simulation {
    /// Does what a client wants done.
    mutating func carryOut(_ commands: [ClientCommand], of client: Int) {
        for command in commands {
            switch command {
            case .connect: connect(client)
            case .beginExchange: clients[client].record.begin()
            case .send(let bytes):
                guard let connection = clients[client].connection else { continue }
                clientSent(bytes, on: connection)
            case .close(let how): clientCloses(client, how)
            case .wake(let token, let instant): plan(.wake(client: client, token: token), at: instant)
            case .follow(let traffic): follow(traffic, of: client)
            }
        }
    }

    private mutating func connect(_ client: Int) {
        let connection = links.newConnection(hop: 0, client: client)
        clients[client].connection = connection
        planEvent(
            .accepted(connection.connection, listener: clients[client].listener, client: clients[client].address),
            hop: 0)
        let commands = clients[client].actor.connected(at: now)
        carryOut(commands, of: client)
    }

    private mutating func clientCloses(_ client: Int, _ how: Closing) {
        guard let connection = clients[client].connection else { return }
        noteClosing(client, by: .client, because: nil)
        if how != .half { clients[client].connection = nil }
        clientSideCloses(connection, how)
    }

    /// Bytes come in at a connection of any hop, from the client or from the proxy before.
    mutating func clientSent(_ bytes: [UInt8], on connection: ConnectionKey) {
        if tunnels[connection] != nil {
            passThrough(bytes, from: .client, on: connection)
        } else {
            planEvent(.received(connection.connection, bytes), hop: connection.hop)
        }
    }

    /// The client's side of a connection of any hop closes.
    mutating func clientSideCloses(_ connection: ConnectionKey, _ how: Closing) {
        planEvent(.clientClosed(connection.connection, how), hop: connection.hop)
    }

    /// A hop sends bytes towards the client.
    mutating func sendDown(_ bytes: [UInt8], on connection: ConnectionKey) {
        if let upstream = links.before[connection] {
            upstreamSent(bytes, on: upstream)
        } else if let client = links.client[connection] {
            let commands = clients[client].actor.received(bytes, at: now)
            carryOut(commands, of: client)
        }
    }

    /// A hop closes the connection to its client.
    mutating func closeDown(_ connection: ConnectionKey, _ how: Closing, because: Explanation) {
        guard let client = links.client[connection] else { return }
        if let upstream = links.before[connection] {
            noteClosing(client, by: .proxy, because: because)
            plan(.backendCloses(upstream, how), at: now)
        } else if clients[client].connection == connection {
            noteClosing(client, by: .proxy, because: because)
            clients[client].connection = nil
            clients[client].record.connectionLost()
            let commands = clients[client].actor.closed(how, at: now)
            carryOut(commands, of: client)
        }
    }

    /// Writes down who closed first, with the exchange that was the last one then.
    mutating func noteClosing(_ client: Int, by closer: Closer, because: Explanation?) {
        let instant = now
        clients[client].record.update(clients[client].record.exchanges.indices.last) { outcome in
            guard outcome.closedBy == .none else { return }
            outcome.closedBy = closer
            outcome.closedAt = instant
            outcome.closedBecause = because
        }
    }
}
