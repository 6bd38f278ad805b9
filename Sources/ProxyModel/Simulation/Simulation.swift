import HeapModule
package import WireBasics

/// Drives one or more proxies, client side first, with clients in front and backends behind, in virtual time.
///
/// Everything that happens is an `Occurrence` in one queue, in order of time and, within an instant, of planning: the
/// same inputs give the same run. The files of this folder are its parts:
///
///     Simulation               the state and the loop
///     Simulation+Clients       what clients do                 Simulation+Tunnels   switched connections
///     Simulation+Actions       what proxies want done          Simulation+Backends  upstream connections
///     ClientRecord             what is written down
package struct Simulation: Sendable {
    var hops: [any Proxy]
    var pool: any BackendPool
    var clients: [SimulatedClient] = []
    var links = Links()
    var tunnels: [ConnectionKey: Tunnel] = [:]
    var backends: [UpstreamKey: any BackendActor] = [:]

    private var queue = Heap<Occurrence>()
    private var planned = 0
    private var timers: [TimerKey: Int] = [:]
    private var lastTimerGeneration = 0
    private(set) var now = CaptureInstant(nanoseconds: .min)

    /// A simulation of these proxies; `pool` stands behind the last one.
    package init(hops: [any Proxy], pool: any BackendPool) {
        self.hops = hops
        self.pool = pool
    }

    /// Adds a client that may connect at that instant; clients are numbered in the order they are added.
    package mutating func add(
        _ actor: any ClientActor, from address: PeerAddress, to listener: PeerAddress, at instant: CaptureInstant
    ) {
        clients.append(SimulatedClient(actor: actor, address: address, listener: listener, proxies: hops.map(\.name)))
        plan(.start(client: clients.count - 1), at: instant)
    }

    /// Lets the server at an address go away at that instant: connections to it, kept-alive ones too, are closed.
    package mutating func stopServer(at address: String, at instant: CaptureInstant) {
        plan(.serverStops(address), at: instant)
    }

    /// Lets every proxy read its configuration again at that instant.
    package mutating func reload(at instant: CaptureInstant) {
        plan(.reload, at: instant)
    }

    /// Runs until nothing more will happen, and returns what became of each exchange of each client.
    package mutating func run() -> [[ExchangeOutcome]] {
        while let next = queue.popMin() {
            now = max(now, next.instant)
            take(next.what)
        }
        return clients.map(\.record.exchanges)
    }

    /// A client as the run left it.
    package func actor(of client: Int) -> any ClientActor {
        clients[client].actor
    }

    private mutating func take(_ what: Occurrence.What) {
        switch what {
        case .start(let client): carryOut([.connect], of: client)
        case .wake(let client, let token):
            let commands = clients[client].actor.woken(token, at: now)
            carryOut(commands, of: client)
        case .event(let hop, let event): deliver(event, to: hop)
        case .timer(let hop, let timer, let generation):
            guard timers[TimerKey(hop: hop, timer: timer)] == generation else { return }
            timers[TimerKey(hop: hop, timer: timer)] = nil
            tell(hop, .deadline(timer))
        case .backendSends(let upstream, let bytes): upstreamSent(bytes, on: upstream)
        case .backendCloses(let upstream, let how): upstreamClosed(upstream, how)
        case .serverStops(let address): stop(address)
        case .reload: for hop in hops.indices { tell(hop, .reloaded) }
        case .idleCheck(let connection, let generation): checkIdle(connection, generation: generation)
        case .scriptedEnd(let client, let party, let how, let closer):
            endScripted(client, by: party, how, closer: closer)
        }
    }

    /// What was on its way while the connection switched belongs to the tunnel.
    private mutating func deliver(_ event: ProxyEvent, to hop: Int) {
        switch event {
        case .received(let connection, let bytes):
            let key = ConnectionKey(hop: hop, connection: connection)
            if tunnels[key] != nil { return passThrough(bytes, from: .client, on: key) }
        case .clientClosed(let connection, let how):
            let key = ConnectionKey(hop: hop, connection: connection)
            if tunnels[key] != nil { return tell(hop, .tunnelClosed(connection, by: .client, how)) }
        case .upstreamReceived(let upstream, let bytes):
            if let key = tunnelConnection(of: UpstreamKey(hop: hop, upstream: upstream)) {
                return passThrough(bytes, from: .server, on: key)
            }
        case .upstreamClosed(let upstream, let how):
            let key = UpstreamKey(hop: hop, upstream: upstream)
            if let connection = tunnelConnection(of: key) { return tunnelEnds(connection, key, how) }
        default: break
        }
        tell(hop, event)
    }

    /// Tells a proxy what happened and does what it wants.
    mutating func tell(_ hop: Int, _ event: ProxyEvent) {
        for action in hops[hop].handle(event, at: now) {
            carryOut(action, of: hop)
        }
    }

    /// Plans something for an instant; the past means now.
    mutating func plan(_ what: Occurrence.What, at instant: CaptureInstant) {
        planned += 1
        queue.insert(Occurrence(instant: max(now, instant), order: planned, what: what))
    }

    /// Plans an event for a proxy, now: proxies are told one thing at a time, never from within an action.
    mutating func planEvent(_ event: ProxyEvent, hop: Int, after delay: TimeSpan = .zero) {
        plan(.event(hop: hop, event), at: now + delay)
    }

    mutating func arm(_ timer: TimerID, hop: Int, at instant: CaptureInstant) {
        lastTimerGeneration += 1
        timers[TimerKey(hop: hop, timer: timer)] = lastTimerGeneration
        plan(.timer(hop: hop, timer, generation: lastTimerGeneration), at: instant)
    }

    mutating func disarm(_ timer: TimerID, hop: Int) {
        timers[TimerKey(hop: hop, timer: timer)] = nil
    }

    private struct TimerKey: Hashable {
        var hop: Int
        var timer: TimerID
    }
}

/// Who is at the other end of what.
struct Links: Sendable {
    /// Which client a connection of any hop belongs to.
    var client: [ConnectionKey: Int] = [:]
    /// The upstream connection of the hop before that leads to this connection; nil at the first hop.
    var before: [ConnectionKey: UpstreamKey] = [:]
    /// The connection of the next hop behind this upstream connection; nil at the last hop.
    var behind: [UpstreamKey: ConnectionKey] = [:]
    /// The connection that an upstream connection works for.
    var serves: [UpstreamKey: ConnectionKey] = [:]
    /// Where an upstream connection leads.
    var address: [UpstreamKey: String] = [:]
    /// Where the record keeps the attempt that an upstream connection is used for.
    var attempt: [UpstreamKey: AttemptPlace] = [:]
    private var lastConnection = 0

    mutating func newConnection(hop: Int, client number: Int) -> ConnectionKey {
        lastConnection += 1
        let key = ConnectionKey(hop: hop, connection: ConnectionID(lastConnection))
        client[key] = number
        return key
    }
}
