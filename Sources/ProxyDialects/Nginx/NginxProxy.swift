package import ProxyModel
package import WireBasics

/// One running nginx: a configuration, and what its connections share.
///
/// Events are handed to the connection that they concern; the connection's own state machine is `ClientConnection`
/// with `RequestProcessing`.
package struct NginxProxy: Proxy {
    /// The configuration file as the user named it.
    package let name: String
    /// `nginx/1.22.1`.
    package let product: String
    /// The addresses that it listens at.
    package let listeners: [Listener]
    /// What is worth saying about the configuration.
    package let findings: [Finding]

    let configuration: NginxConfiguration
    private var shared: SharedState
    private var connections: [ConnectionID: ClientConnection] = [:]
    /// How many of them wait for a further request. Counted here, because counting them for each new client costs the
    /// square of their number.
    private var waiting = 0

    /// An nginx that has just started.
    init(_ configuration: NginxConfiguration) {
        self.configuration = configuration
        name = configuration.file
        product = "nginx/\(configuration.version)"
        listeners = configuration.listens.map {
            Listener(address: $0.address, usesTLS: $0.usesTLS, source: $0.source)
        }
        findings = configuration.findings
        shared = SharedState(configuration)
    }

    /// Takes an event and says what to do.
    package mutating func handle(_ event: ProxyEvent, at instant: CaptureInstant) -> [ProxyAction] {
        switch event {
        case .accepted(let id, let listener, let client): return accept(id, listener, client, at: instant)
        case .received(let id, let bytes): return run(id, at: instant) { $0.receive(bytes) }
        case .clientClosed(let id, let closing): return run(id, at: instant) { $0.clientClosed(closing) }
        case .upstreamConnected(let upstream): return run(upstream, at: instant) { $0.upstreamConnected() }
        case .upstreamFailed(let upstream, let failure):
            return run(upstream, at: instant) { $0.upstreamFailed(failure) }
        case .upstreamReceived(let upstream, let bytes):
            if shared.idleGroups[upstream] != nil { return dropIdle(upstream, closing: true) }
            return run(upstream, at: instant) { $0.upstreamReceived(bytes) }
        case .upstreamClosed(let upstream, let closing):
            if shared.idleGroups[upstream] != nil { return dropIdle(upstream, closing: true) }
            return run(upstream, at: instant) { $0.upstreamClosed(closing) }
        case .deadline(let timer): return deadline(timer, at: instant)
        case .tunnelIdle(let id): return run(id, at: instant) { $0.tunnelIdled() }
        case .tunnelClosed(let id, let party, let closing):
            return run(id, at: instant) { $0.tunnelClosed(by: party, closing) }
        }
    }

    private mutating func accept(
        _ id: ConnectionID, _ listener: PeerAddress, _ client: PeerAddress, at instant: CaptureInstant
    ) -> [ProxyAction] {
        guard let listen = ListenAddress.index(of: listener, in: configuration.listens) else {
            let explanation = Explanation(
                because: "no server of \(name) listens at \(listener.title)",
                mend: "add a listen line, or name the address")
            return [.closeClient(id, .reset, explanation)]
        }
        if let refusal = exhausted { return [.closeClient(id, .full, refusal)] }
        var connection = ClientConnection(
            id: id, listener: listener, client: client, listen: listen, opened: instant, serial: shared.newSerial(),
            lineParser: RequestLineParser(configuration.behaviour),
            headerParser: RequestHeaderParser(configuration.behaviour))
        connection.stack[0].server = configuration.listens[listen].defaultServer
        connection.stack[0].location = configuration.servers[connection.stack[0].server].root
        connections[id] = connection
        return run(id, at: instant) { $0.waitForFirstByte() }
    }

    /// Why there is no connection left for a client, where one worker serves them all.
    ///
    /// A client takes one connection, its upstream another; so do listening sockets and kept upstream connections. Idle
    /// client connections give way first.
    /// Source: nginx `ngx_get_connection`, `ngx_drain_connections`.
    private var exhausted: Explanation? {
        let limit = configuration.workerConnections
        // One more than the listening sockets: the channel to the master process.
        // With several workers nobody can tell which of them a client gets.
        guard configuration.workerProcesses == 1 else { return nil }
        let others = configuration.listens.count + 1 + shared.owners.count + shared.idleGroups.count
        guard others + connections.count >= limit.value else { return nil }
        guard others + connections.count - waiting >= limit.value else { return nil }
        return Explanation(
            because:
                "\(limit.value) worker_connections are not enough: a WebSocket takes two of them, and nginx closes new clients without an answer",
            source: limit.source, mend: "raise worker_connections (and worker_rlimit_nofile), or worker_processes")
    }

    /// Works an event through for one connection.
    private mutating func run(
        _ id: ConnectionID, at instant: CaptureInstant, _ body: (inout RequestProcessing) -> Void
    ) -> [ProxyAction] {
        guard let connection = connections.removeValue(forKey: id) else { return [] }
        if connection.waitsForFurtherRequest { waiting -= 1 }
        // Moved, not copied: a copy of the shared state for each event would cost more than the event.
        var moved = SharedState()
        swap(&moved, &shared)
        var processing = RequestProcessing(
            configuration: configuration, now: instant, connection: connection, shared: moved)
        moved = SharedState()
        body(&processing)
        processing.goOn()
        shared = processing.shared
        // A closed connection is forgotten: whatever the driver still has to say about it changes nothing.
        if processing.connection.state != .closed {
            connections[id] = processing.connection
            if processing.connection.waitsForFurtherRequest { waiting += 1 }
        }
        return processing.actions
    }

    private mutating func run(
        _ upstream: UpstreamID, at instant: CaptureInstant, _ body: (inout RequestProcessing) -> Void
    ) -> [ProxyAction] {
        guard let id = shared.owners[upstream] else { return [] }
        return run(id, at: instant, body)
    }

    private mutating func deadline(_ timer: TimerID, at instant: CaptureInstant) -> [ProxyAction] {
        guard let owner = shared.timers.removeValue(forKey: timer) else { return [] }
        switch owner {
        case .connection(let id, let isUpstream):
            return run(id, at: instant) { isUpstream ? $0.upstreamTimedOut() : $0.clientTimedOut() }
        case .idle(let upstream):
            return dropIdle(upstream, closing: true)
        }
    }

    /// Forgets a kept connection to an upstream.
    private mutating func dropIdle(_ upstream: UpstreamID, closing: Bool) -> [ProxyAction] {
        guard let group = shared.idleGroups.removeValue(forKey: upstream) else { return [] }
        shared.caches[group]?.remove(upstream)
        var actions: [ProxyAction] = []
        if let timer = shared.idleTimers.removeValue(forKey: upstream) {
            shared.timers[timer] = nil
            actions.append(.disarm(timer))
        }
        if closing { actions.append(.closeUpstream(upstream, .full)) }
        return actions
    }
}
