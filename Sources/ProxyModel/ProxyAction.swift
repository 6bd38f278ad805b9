public import WireBasics

/// What a proxy wants done.
///
/// The driver carries it out in order.
public enum ProxyAction: Hashable, Sendable {
    /// Open a connection to an upstream on behalf of a client connection.
    case connect(UpstreamID, to: PeerAddress, for: ConnectionID, Explanation)
    /// Send a request on an upstream connection, new or kept alive. `address` is where that connection leads.
    case request(UpstreamID, OutgoingRequest, address: PeerAddress, for: ConnectionID)
    /// Send further bytes (of a body) to the upstream.
    case forward(UpstreamID, [UInt8])
    /// Send a response head to the client.
    case respond(ConnectionID, OutgoingResponse)
    /// Send further bytes (of a body) to the client.
    case send(ConnectionID, [UInt8])
    /// From now on copy bytes between client and upstream in both directions, untouched, and report what the rule
    /// forbids and who closes. `early` bytes from the client go to the upstream first, `late` ones from the upstream
    /// to the client.
    case openTunnel(ConnectionID, UpstreamID, IdleRule?, early: [UInt8], late: [UInt8])
    /// Tell me at that instant. Arming an armed timer moves it.
    case arm(TimerID, at: CaptureInstant)
    /// Forget the timer.
    case disarm(TimerID)
    /// Close the client's connection, for that reason.
    case closeClient(ConnectionID, Closing, Explanation)
    /// Close the upstream connection.
    case closeUpstream(UpstreamID, Closing)
    /// The server and location that serve a request: once a request, again after an internal redirect.
    case route(ConnectionID, Route)
    /// A step of the way, for those who ask why.
    case trace(ConnectionID, TraceStep)
    /// The model meets something that it does not model, and the outcome of this exchange depends on it.
    case unmodelled(ConnectionID, Explanation)
}

/// When a tunnel has been silent for too long.
public struct IdleRule: Hashable, Sendable {
    /// Which bytes break the silence.
    public enum Watch: String, Hashable, Sendable, Codable {
        /// A byte in either direction.
        case either
        /// Only bytes of the client.
        case client
        /// Only bytes of the upstream.
        case server
    }

    /// How long the silence may last.
    public var limit: TimeSpan
    /// Which bytes break it.
    public var watch: Watch
    /// A byte that comes within this time after the timer was armed does not move the timer (nginx: 300 ms,
    /// `NGX_TIMER_LAZY_DELAY`); zero for an exact timer.
    public var laziness: TimeSpan
    /// The line that sets the limit, or the default behind it, and how to lengthen it.
    public var explanation: Explanation

    /// A rule with all its parts.
    public init(limit: TimeSpan, watch: Watch, laziness: TimeSpan, explanation: Explanation) {
        self.limit = limit
        self.watch = watch
        self.laziness = laziness
        self.explanation = explanation
    }
}

/// Which part of a configuration serves a request.
public struct Route: Hashable, Sendable, Codable {
    /// The server, as the configuration names it: `example.com` or `127.0.0.1:8080`.
    public var server: String
    /// The location, as the configuration writes it: `/ws`, `= /`, `~ ^/chat`; empty when none was reached.
    public var location: String
    /// The line of the location, or of the server.
    public var source: ConfigLocation?

    /// A route with all its parts.
    public init(server: String, location: String, source: ConfigLocation?) {
        self.server = server
        self.location = location
        self.source = source
    }
}
