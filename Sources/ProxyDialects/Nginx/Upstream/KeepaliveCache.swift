import ProxyModel
import WireBasics

/// What an `upstream` block says about keeping connections to its servers open.
///
/// Defaults by version are the caller's: before 1.29.7 there is no cache without `keepalive N`; from then on a block
/// without the directive has one of 32 connections that is `local`.
struct KeepaliveSettings: Hashable, Sendable {
    /// `keepalive N`: how many idle connections a worker keeps.
    var capacity: Int
    /// Whether a connection is used again only by the location that opened it (`local`).
    var isLocal: Bool
    /// `keepalive_requests`: a connection that has served as many is closed (1000; 100 before 1.19.10).
    var requests: Int
    /// `keepalive_timeout`: how long a connection may lie idle (60 s).
    var timeout: TimeSpan
    /// `keepalive_time`: how old a connection may be and still be kept (1 h; no limit before 1.19.10).
    var time: TimeSpan
    /// The line of `keepalive`; nil for a default.
    var source: ConfigLocation?

    /// Settings with all their parts; what is left out is nginx's default since 1.19.10.
    init(
        capacity: Int, isLocal: Bool = false, requests: Int = 1000, timeout: TimeSpan = .seconds(60),
        time: TimeSpan = .seconds(3600), source: ConfigLocation?
    ) {
        self.capacity = capacity
        self.isLocal = isLocal
        self.requests = requests
        self.timeout = timeout
        self.time = time
        self.source = source
    }
}

/// The idle connections that a worker keeps to the servers of one group: a stack, newest on top.
///
/// Source: nginx `ngx_http_upstream_keepalive_module.c`.
struct KeepaliveCache: Sendable, Hashable {
    /// An idle connection.
    struct Idle: Hashable, Sendable {
        /// The connection.
        var connection: UpstreamID
        /// Where it leads.
        var address: PeerAddress
        /// The location that opened it, as the caller tells locations apart; only `local` caches look at it.
        var location: Int
        /// When it was opened.
        var opened: CaptureInstant
        /// How many requests it has served.
        var requests: Int
        /// When it will have been idle for too long.
        var deadline: CaptureInstant
    }

    /// A connection that has served a request, and may be kept.
    struct Candidate: Hashable, Sendable {
        /// The connection.
        var connection: UpstreamID
        /// Where it leads.
        var address: PeerAddress
        /// The location that opened it.
        var location: Int
        /// When it was opened.
        var opened: CaptureInstant
        /// How many requests it has served, this one counted.
        var requests: Int
        /// Whether the response allows it: complete, delimited, no `Connection: close`, not a switch of protocols.
        var responseAllows: Bool
        /// Whether the whole request body was sent.
        var requestSent: Bool
    }

    /// What becomes of a connection after a request.
    enum Fate: Hashable, Sendable {
        /// It is kept until that instant; `evicted` is closed to make room.
        case kept(until: CaptureInstant, evicted: UpstreamID?)
        /// It is closed, for that reason.
        case closed(Explanation)
    }

    /// What the block says.
    let settings: KeepaliveSettings
    /// The idle connections, newest first.
    private(set) var idle: [Idle] = []

    /// An empty cache.
    init(_ settings: KeepaliveSettings) {
        self.settings = settings
    }

    /// Takes the newest idle connection that leads to that address; nil when there is none.
    mutating func take(to address: PeerAddress, location: Int) -> Idle? {
        let found = idle.firstIndex { item in
            item.address == address && (!settings.isLocal || item.location == location)
        }
        return found.map { idle.remove(at: $0) }
    }

    /// Puts a connection on top of the stack, or says why it is not kept.
    mutating func keep(_ candidate: Candidate, at instant: CaptureInstant) -> Fate {
        guard candidate.responseAllows, candidate.requestSent else {
            let why = candidate.responseAllows ? "the request was not sent whole" : "the response does not allow it"
            return .closed(Explanation(because: "the connection is not kept: \(why)", source: settings.source))
        }
        guard settings.capacity > 0 else {
            return .closed(Explanation(because: "\"keepalive 0\" keeps no connection", source: settings.source))
        }
        guard candidate.requests < settings.requests else {
            let because = "the connection has served keepalive_requests (\(settings.requests)) requests"
            return .closed(Explanation(because: because, source: settings.source))
        }
        guard instant - candidate.opened <= settings.time else {
            let because = "the connection is older than keepalive_time (\(settings.time))"
            return .closed(Explanation(because: because, source: settings.source))
        }
        let evicted = idle.count >= settings.capacity ? idle.popLast()?.connection : nil
        let deadline = instant + settings.timeout
        idle.insert(
            Idle(
                connection: candidate.connection, address: candidate.address, location: candidate.location,
                opened: candidate.opened, requests: candidate.requests, deadline: deadline), at: 0)
        return .kept(until: deadline, evicted: evicted)
    }

    /// Forgets a connection that its server closed, that sent bytes unasked, or that was idle for too long.
    ///
    /// - Returns: whether it was idle here.
    @discardableResult
    mutating func remove(_ connection: UpstreamID) -> Bool {
        guard let index = idle.firstIndex(where: { $0.connection == connection }) else { return false }
        idle.remove(at: index)
        return true
    }

    /// Takes out the connections that have been idle for too long at that instant, oldest first.
    mutating func expire(at instant: CaptureInstant) -> [UpstreamID] {
        let expired = idle.filter { $0.deadline <= instant }.sorted { $0.deadline < $1.deadline }
        idle.removeAll { $0.deadline <= instant }
        return expired.map(\.connection)
    }
}
