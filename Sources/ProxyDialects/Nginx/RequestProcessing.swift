import HTTPWire
import ProxyModel
import WireBasics

/// One event worked through for one client connection: the connection and the shared state while they change, and the
/// actions that come of it.
///
/// The parts of nginx's way of a request are extensions of this type, one file each, in the folders `Request`,
/// `Phases` and `Proxying`.
struct RequestProcessing {
    /// The configuration.
    let configuration: NginxConfiguration
    /// When the event happened.
    let now: CaptureInstant
    /// Whether a reload has told the worker to end: no connection is kept.
    let isShuttingDown: Bool
    /// The connection.
    var connection: ClientConnection
    /// What connections share.
    var shared: SharedState
    /// What is to be done, in order.
    var actions: [ProxyAction] = []
    /// The maps that are being evaluated, innermost last.
    var variableDepth: [VariableID] = []

    /// The request that is being worked on: the subrequest, where one is going on.
    var request: Request {
        get { connection.stack[connection.stack.count - 1] }
        _modify { yield &connection.stack[connection.stack.count - 1] }
    }

    /// Its server.
    var server: ServerConfiguration { configuration.servers[request.server] }

    /// The settings that hold for it.
    var settings: LocationSettings { configuration.locations[request.location].settings }

    /// Its location.
    var location: LocationConfiguration { configuration.locations[request.location] }

    /// What differs in the release.
    var behaviour: NginxBehaviour { configuration.behaviour }

    /// How the release escapes URIs.
    var escaped: EscapedURI { EscapedURI(asRFC3986: behaviour.escapesAsRFC3986) }

    // MARK: - What is said

    /// Notes a step of the way.
    mutating func trace(_ phase: String, _ what: String, _ source: ConfigLocation? = nil) {
        actions.append(.trace(connection.id, TraceStep(phase: phase, what: what, source: source)))
    }

    /// Says that the outcome depends on something that is not modelled; a line is named once a request.
    mutating func unmodelled(_ because: String, _ source: ConfigLocation?, mend: String = "") {
        if let source, !connection.said.insert(source).inserted { return }
        actions.append(
            .unmodelled(connection.id, Explanation(because: because, source: source, mend: mend)))
    }

    // MARK: - Timers

    /// Arms the timer that waits for the client, or moves it.
    mutating func armClientTimer(_ span: TimeSpan) {
        let timer = connection.timer ?? shared.newTimer(.connection(connection.id, upstream: false))
        connection.timer = timer
        actions.append(.arm(timer, at: now + span))
    }

    /// Forgets the timer that waits for the client.
    mutating func disarmClientTimer() {
        guard let timer = connection.timer else { return }
        connection.timer = nil
        shared.timers[timer] = nil
        actions.append(.disarm(timer))
    }

    // MARK: - The end of a connection

    /// Closes the client's connection.
    mutating func closeClient(_ closing: Closing, _ explanation: Explanation) {
        guard connection.state != .closed else { return }
        connection.state = .closed
        disarmClientTimer()
        releaseLimits()
        actions.append(.closeClient(connection.id, closing, explanation))
    }
}
