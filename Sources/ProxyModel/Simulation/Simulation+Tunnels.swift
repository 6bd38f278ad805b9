import TCPReassembly
import WebSocketWire
import WireBasics

/// A switched connection of one hop.
struct Tunnel: Sendable {
    let upstream: UpstreamKey
    let rule: IdleRule?
    /// The instant at which the idle rule is broken if nothing more is said.
    var deadline: CaptureInstant
    /// Tells the check that is in force from those that were planned before.
    var generation: Int
    /// Traffic known in advance decides about the idle rule, not the bytes that pass.
    var isScripted: Bool
}

extension Simulation {
    mutating func openTunnel(
        _ connection: ConnectionKey, _ upstream: UpstreamKey, _ rule: IdleRule?, early: [UInt8], late: [UInt8]
    ) {
        let deadline = rule.map { now + $0.limit } ?? .distantFuture
        tunnels[connection] = Tunnel(
            upstream: upstream, rule: rule, deadline: deadline, generation: 0, isScripted: false)
        if rule != nil { plan(.idleCheck(connection, generation: 0), at: deadline) }
        if !early.isEmpty { sendUp(early, request: nil, on: upstream) }
        if connection.hop == 0, let client = links.client[connection] {
            let instant = now
            clients[client].record.update(clients[client].record.responding(hop: 0)) {
                $0.tunnel = TunnelOutcome(opened: instant)
            }
            let commands = clients[client].actor.tunnelOpened(at: now)
            carryOut(commands, of: client)
        }
        if !late.isEmpty { sendDown(late, on: connection) }
    }

    /// The connection whose tunnel uses an upstream connection.
    func tunnelConnection(of upstream: UpstreamKey) -> ConnectionKey? {
        guard let connection = links.serves[upstream], tunnels[connection]?.upstream == upstream else { return nil }
        return connection
    }

    /// Bytes go through a tunnel as they are.
    mutating func passThrough(_ bytes: [UInt8], from party: Party, on connection: ConnectionKey) {
        guard let tunnel = tunnels[connection] else { return }
        touch(connection, by: party)
        if party == .client {
            sendUp(bytes, request: nil, on: tunnel.upstream)
        } else {
            sendDown(bytes, on: connection)
        }
    }

    /// A byte restarts the idle timer, unless the rule does not count it or is too lazy to.
    private mutating func touch(_ connection: ConnectionKey, by party: Party) {
        guard let tunnel = tunnels[connection], let rule = tunnel.rule, !tunnel.isScripted,
            rule.watch == .either || (rule.watch == .client) == (party == .client)
        else { return }
        let deadline = now + rule.limit
        guard deadline - tunnel.deadline >= rule.laziness else { return }
        tunnels[connection]?.deadline = deadline
        tunnels[connection]?.generation += 1
        plan(.idleCheck(connection, generation: tunnel.generation + 1), at: deadline)
    }

    mutating func checkIdle(_ connection: ConnectionKey, generation: Int) {
        guard let tunnel = tunnels[connection], tunnel.generation == generation else { return }
        planEvent(.tunnelIdle(connection.connection), hop: connection.hop)
    }

    // MARK: traffic known in advance

    /// Judges every hop's idle rule by a transcript and plans what comes of it: the first breach, or the captured end.
    mutating func follow(_ traffic: TunnelTraffic, of client: Int) {
        let transcript = traffic.transcript
        var first: (breach: (silence: Silence, at: CaptureInstant), connection: ConnectionKey, rule: IdleRule)?
        for connection in chain(of: client) {
            guard let tunnel = tunnels[connection] else { continue }
            tunnels[connection]?.isScripted = true
            tunnels[connection]?.generation += 1
            guard let rule = tunnel.rule, let breach = traffic.firstBreach(of: rule) else { continue }
            if first == nil || breach.at < first?.breach.at ?? .distantFuture { first = (breach, connection, rule) }
        }
        let proxy = first.map { hops[$0.connection.hop].name } ?? ""
        clients[client].traffic = traffic
        clients[client].record.update(clients[client].record.responding(hop: 0)) { outcome in
            outcome.tunnel?.client.frames = transcript.client.frames
            outcome.tunnel?.server.frames = transcript.server.frames
            outcome.tunnel?.client.delivered = first?.breach.silence.clientFrames ?? transcript.client.frames
            outcome.tunnel?.server.delivered = first?.breach.silence.serverFrames ?? transcript.server.frames
            outcome.tunnel?.idle = first.map {
                IdleEnding(
                    proxy: proxy, limit: $0.rule.limit,
                    silence: $0.breach.silence.until - $0.breach.silence.lastByte, at: $0.breach.at)
            }
        }
        if let first {
            let generation = tunnels[first.connection]?.generation ?? 0
            plan(.idleCheck(first.connection, generation: generation), at: first.breach.at)
        } else if let party = traffic.ending.by {
            let how: Closing = traffic.ending.how == .rst ? .reset : .full
            plan(
                .scriptedEnd(client: client, by: party, how, closer: traffic.closer ?? party),
                at: traffic.ending.at + traffic.shift)
        }
    }

    /// A proxy ends a tunnel whose traffic is known in advance, and not because of its silence: what would have gone
    /// through later does not.
    mutating func cutShort(_ connection: ConnectionKey) {
        guard let tunnel = tunnels[connection], tunnel.isScripted, let client = links.client[connection],
            let traffic = clients[client].traffic
        else { return }
        let instant = now
        clients[client].record.update(clients[client].record.responding(hop: 0)) { outcome in
            guard outcome.closedBy == .none, instant < outcome.tunnel?.idle?.at ?? .distantFuture else { return }
            let delivered = traffic.frames(until: instant)
            outcome.tunnel?.idle = nil
            outcome.tunnel?.client.delivered = delivered.client
            outcome.tunnel?.server.delivered = delivered.server
            if let doubt = delivered.doubt { outcome.unmodelled.append(doubt) }
        }
    }

    /// The tunnels of a client, first hop first.
    private func chain(of client: Int) -> [ConnectionKey] {
        var chain: [ConnectionKey] = []
        var next = clients[client].connection
        while let connection = next {
            chain.append(connection)
            next = tunnels[connection].flatMap { links.behind[$0.upstream] }
        }
        return chain
    }

    mutating func endScripted(_ client: Int, by party: Party, _ how: Closing, closer: Party) {
        let chain = chain(of: client)
        guard let first = chain.first, let last = chain.last.flatMap({ tunnels[$0] }) else { return }
        noteClosing(client, by: closer == .client ? .client : .backend, because: nil)
        switch party {
        case .client:
            clients[client].connection = nil
            clientSideCloses(first, how)
        case .server:
            upstreamClosed(last.upstream, how)
        }
    }
}
