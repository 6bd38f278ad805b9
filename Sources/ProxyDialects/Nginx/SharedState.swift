import ProxyModel
import WireBasics

/// What the connections of one nginx share: balancing, kept connections, limits, numbers.
///
/// One worker process is modelled: with several, each has its own balancing state unless the group has a `zone`.
struct SharedState: Sendable {
    /// The groups with their state, by index.
    var balancers: [UpstreamBalancer]
    /// The kept connections of each group, by index; nil where none are kept.
    var caches: [KeepaliveCache?]
    /// What is in shared memory, where a reload leaves it.
    var zones: SharedZones
    /// Which client connection an upstream connection serves.
    var owners: [UpstreamID: ConnectionID] = [:]
    /// The group that an idle upstream connection is kept by.
    var idleGroups: [UpstreamID: Int] = [:]
    /// What a timer is for.
    var timers: [TimerID: TimerOwner] = [:]
    /// The timer of an idle upstream connection.
    var idleTimers: [UpstreamID: TimerID] = [:]

    private var lastUpstream = 0
    private var lastTimer = 0
    private(set) var lastSerial = 0

    /// What a timer is for.
    enum TimerOwner: Hashable, Sendable {
        /// A client connection: its own wait, or that of its exchange with an upstream.
        case connection(ConnectionID, upstream: Bool)
        /// An idle upstream connection.
        case idle(UpstreamID)
        /// The whole worker: `worker_shutdown_timeout`.
        case shutdown
    }

    /// Nothing at all: what is left while the state is elsewhere.
    init() {
        (balancers, caches, zones) = ([], [], SharedZones())
    }

    /// The state of a worker that has just started.
    ///
    /// Numbers of upstream connections and timers tell the workers of one nginx apart.
    init(_ configuration: NginxConfiguration, generation: Int = 0, serial: Int = 0) {
        let groups = configuration.groups.map { UpstreamGroup($0, configuration.behaviour) }
        balancers = groups.map { UpstreamBalancer($0) }
        caches = groups.map { $0.keepalive.map { KeepaliveCache($0) } }
        zones = SharedZones(configuration)
        (lastUpstream, lastTimer, lastSerial) = (generation << 32, generation << 32, serial)
    }

    /// A number for a new upstream connection.
    mutating func newUpstream() -> UpstreamID {
        lastUpstream += 1
        // nginx counts its connections to both sides in one row.
        lastSerial += 1
        return UpstreamID(lastUpstream)
    }

    /// A number for a new timer.
    mutating func newTimer(_ owner: TimerOwner) -> TimerID {
        lastTimer += 1
        let timer = TimerID(lastTimer)
        timers[timer] = owner
        return timer
    }

    /// A number for a new connection, as `$connection` counts them.
    mutating func newSerial() -> Int {
        lastSerial += 1
        return lastSerial
    }
}

/// The zones in shared memory: they outlive a worker.
///
/// The state of an `upstream` block in a `zone` does not outlive a reload: nginx makes it anew.
struct SharedZones: Sendable {
    /// Open connections by key, per `limit_conn_zone`.
    var connectionCounts: [[ByteString: Int]] = []
    /// The state of each key, per `limit_req_zone`.
    var requestRates: [[ByteString: RequestRate]] = []

    /// How fast a key of `limit_req` has been.
    struct RequestRate: Hashable, Sendable {
        /// What is left over, in thousandths of a request.
        var excess: Int64
        /// When it was counted.
        var last: CaptureInstant
    }

    /// No zones.
    init() {}

    /// The zones of an nginx that has just started.
    init(_ configuration: NginxConfiguration) {
        connectionCounts = configuration.connectionZones.map { _ in [:] }
        requestRates = configuration.requestZones.map { _ in [:] }
    }
}
