import HTTPWire
package import ProxyModel
package import WireBasics

/// One running proxy that a policy describes.
///
///     PolicyProxy              the state; which connection an event is about
///     PolicyProxy+Requests     heads and bodies from clients
///     PolicyProxy+Upstreams    connections to servers, their answers
///     PolicyProxy+Tunnels      switched connections
package struct PolicyProxy: Proxy {
    /// The policy's file as the user named it.
    package let name: String
    /// What the policy calls itself.
    package let product: String
    /// The addresses that it listens at.
    package let listeners: [Listener]
    /// A policy says what it means: there is nothing to add.
    package let findings: [Finding] = []

    let policy: Policy
    var connections: [ConnectionID: PolicyConnection] = [:]
    var choices: [ServerChoice]
    var owners: [UpstreamID: ConnectionID] = [:]
    var timers: [TimerID: ConnectionID] = [:]
    var tunnels = 0
    /// What is to be done about the event that is being handled.
    var actions: [ProxyAction] = []
    var now = CaptureInstant.epoch
    private var lastNumber = 0

    /// A proxy that has just started.
    init(_ policy: Policy) {
        self.policy = policy
        name = policy.file
        product = policy.title
        listeners = policy.listeners
        choices = policy.upstreams.map(ServerChoice.init)
    }

    /// Takes an event and says what to do.
    package mutating func handle(_ event: ProxyEvent, at instant: CaptureInstant) -> [ProxyAction] {
        now = instant
        actions = []
        switch event {
        case .accepted(let id, let listener, let client): accept(id, listener, client)
        case .received(let id, let bytes): receive(bytes, on: id)
        case .clientClosed(let id, let how): clientClosed(id, how)
        case .upstreamConnected(let upstream): owners[upstream].map { upstreamConnected($0, upstream) }
        case .upstreamFailed(let upstream, let failure): owners[upstream].map { upstreamFailed($0, failure) }
        case .upstreamReceived(let upstream, let bytes): owners[upstream].map { upstreamReceived(bytes, for: $0) }
        case .upstreamClosed(let upstream, _): owners[upstream].map { upstreamClosed($0) }
        case .deadline(let timer): timers.removeValue(forKey: timer).map { timedOut($0) }
        case .tunnelIdle(let id): tunnelIdled(id)
        case .tunnelClosed(let id, let party, let how): tunnelClosed(id, by: party, how)
        // What a policy describes goes on as it is.
        case .reloaded: break
        }
        return actions
    }

    private mutating func accept(_ id: ConnectionID, _ address: PeerAddress, _ client: PeerAddress) {
        guard let listener = listener(at: address) else {
            let explanation = Explanation(
                because: "no listener of \(name) is at \(address)",
                mend: "add it to `listeners`, or name the address")
            actions.append(.closeClient(id, .reset, explanation))
            return
        }
        connections[id] = PolicyConnection(
            id: id, client: client,
            listener: Listener(address: address, usesTLS: listener.usesTLS, source: listener.source),
            head: newHead(.request))
    }

    /// The listener of that very address, else one of all addresses with its port.
    private func listener(at address: PeerAddress) -> Listener? {
        listeners.first { $0.address == address } ?? listeners.first { $0.takes(address) }
    }

    func newHead(_ kind: HeadParser.Kind) -> HeadParser {
        HeadParser(
            kind, limit: policy.headLimit.value,
            tolerance: HeadTolerance(allowing: [.leadingEmptyLines, .missingReasonSpace]))
    }

    /// Notes a step of the way, for those who ask why.
    mutating func trace(_ id: ConnectionID, _ phase: String, _ what: String, _ source: ConfigLocation? = nil) {
        actions.append(.trace(id, TraceStep(phase: phase, what: what, source: source)))
    }

    mutating func newUpstream(for id: ConnectionID) -> UpstreamID {
        lastNumber += 1
        owners[UpstreamID(lastNumber)] = id
        return UpstreamID(lastNumber)
    }

    /// Sets the timer of an exchange; nil sets none.
    mutating func arm(_ id: ConnectionID, _ span: Setting<TimeSpan>?) {
        disarm(id)
        guard let span else { return }
        lastNumber += 1
        let timer = TimerID(lastNumber)
        timers[timer] = id
        connections[id]?.exchange?.timer = timer
        actions.append(.arm(timer, at: now + span.value))
    }

    mutating func disarm(_ id: ConnectionID) {
        guard let timer = connections[id]?.exchange?.timer else { return }
        connections[id]?.exchange?.timer = nil
        timers[timer] = nil
        actions.append(.disarm(timer))
    }
}
