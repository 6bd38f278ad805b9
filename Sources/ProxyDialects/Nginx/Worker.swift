import ProxyModel
import WireBasics

/// One worker process of nginx: its connections, and what they share.
///
/// Events are handed to the connection that they concern; the connection's own state machine is `ClientConnection`
/// with `RequestProcessing`.
///
/// | state | new clients | kept connections | requests and tunnels |
/// |---|---|---|---|
/// | serving | taken | kept | served |
/// | shutting down | go to the next worker | closed, and none is kept | served to their end, or until `worker_shutdown_timeout` |
/// | over | | | none is left |
///
/// Source: nginx `ngx_worker_process_cycle`.
struct Worker: Sendable {
    private let configuration: NginxConfiguration
    private var shared: SharedState
    private var connections: [ConnectionID: ClientConnection] = [:]
    /// How many of them wait for a further request.
    ///
    /// Counted here, because counting them for each new client costs the square of their number.
    private var waiting = 0
    /// Whether a reload has told it to end when its connections have.
    private var isShuttingDown = false

    /// A worker that has just started; `serial` is the number of the last connection before.
    init(_ configuration: NginxConfiguration, generation: Int, serial: Int) {
        self.configuration = configuration
        shared = SharedState(configuration, generation: generation, serial: serial)
    }

    /// Whether it has ended.
    var isOver: Bool { isShuttingDown && connections.isEmpty }

    /// The number of its last connection.
    var serial: Int { shared.lastSerial }

    /// Whether it is the worker that knows of the connection or timer.
    func isConcerned(by event: ProxyEvent) -> Bool {
        switch event {
        case .accepted, .reloaded: false
        case .received(let id, _), .clientClosed(let id, _), .tunnelIdle(let id), .tunnelClosed(let id, _, _):
            connections[id] != nil
        case .upstreamConnected(let upstream), .upstreamFailed(let upstream, _), .upstreamReceived(let upstream, _),
            .upstreamClosed(let upstream, _):
            shared.owners[upstream] != nil || shared.idleGroups[upstream] != nil
        case .deadline(let timer): shared.timers[timer] != nil
        }
    }

    /// The zones in shared memory, which the worker that works on an event has.
    var zones: SharedZones {
        get { shared.zones }
        _modify { yield &shared.zones }
    }

    /// Takes an event and says what to do.
    mutating func handle(_ event: ProxyEvent, at instant: CaptureInstant) -> [ProxyAction] {
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
        case .reloaded: return []
        }
    }

    private mutating func accept(
        _ id: ConnectionID, _ listener: PeerAddress, _ client: PeerAddress, at instant: CaptureInstant
    ) -> [ProxyAction] {
        guard let listen = ListenAddress.index(of: listener, in: configuration.listens) else {
            let explanation = Explanation(
                because: "no server of \(configuration.file) listens at \(listener.title)",
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
            configuration: configuration, now: instant, isShuttingDown: isShuttingDown, connection: connection,
            shared: moved)
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
        case .shutdown:
            return connections.keys.sorted().flatMap { run($0, at: instant) { $0.shutdownTimedOut() } }
        }
    }

    /// Begins to end: what is idle is closed at once, what is going on may take `worker_shutdown_timeout`.
    ///
    /// Source: nginx `ngx_set_shutdown_timer`, `ngx_close_idle_connections`.
    mutating func shutDown(at instant: CaptureInstant) -> [ProxyAction] {
        isShuttingDown = true
        var actions: [ProxyAction] = []
        if let timeout = configuration.workerShutdownTimeout {
            actions.append(.arm(shared.newTimer(.shutdown), at: instant + timeout.value))
        }
        for upstream in shared.idleGroups.keys.sorted() { actions += dropIdle(upstream, closing: true) }
        for id in connections.keys.sorted() { actions += run(id, at: instant) { $0.workerShutsDown() } }
        return actions
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
