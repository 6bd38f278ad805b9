import TCPReassembly
public import WebSocketWire
public import WireBasics

/// Drives captured exchanges through a chain of proxies.
///
/// The exchanges of one connection go over one connection to the first proxy, at the captured instants; connections
/// overlap as they did in the capture, so that balancing and limits see the same concurrency.
public struct Replayer: Sendable {
    /// The proxies, client side first.
    ///
    /// At least one.
    public var proxies: [any Proxy]
    /// What stands behind the last proxy.
    public var backends: BackendScripts
    /// The listener that all clients come in at; nil for the captured destination.
    public var listener: Endpoint?
    /// When the proxies read their configurations again.
    public var reloads: [CaptureInstant] = []

    /// A replay through these proxies.
    public init(proxies: [any Proxy], backends: BackendScripts = BackendScripts(), listener: Endpoint? = nil) {
        self.proxies = proxies
        self.backends = backends
        self.listener = listener
    }

    /// What became of an exchange.
    public enum Result: Hashable, Sendable {
        /// The proxy took it.
        case replayed(ExchangeOutcome)
        /// It was addressed to something else than the proxy, while others were addressed to it.
        case notForTheProxy
        /// Nothing tells which of the proxy's listeners it would come in at.
        case noListener
    }

    /// Runs the exchanges and returns what became of each, in the order given.
    ///
    /// - Parameter exchanges: transcripts of one or several captures; `connection` tells their connections apart.
    public func run(_ exchanges: [CapturedExchange]) -> [Result] {
        let choice = ListenerChoice(
            listeners: proxies.first?.listeners ?? [], named: listener,
            destinations: exchanges.lazy.map(\.transcript.server))
        var results = Array(repeating: Result.noListener, count: exchanges.count)
        var clients: [(members: [Int], place: Endpoint)] = []
        for members in Self.connections(exchanges) {
            switch choice.place(for: exchanges[members[0]].transcript.server) {
            case .at(let place): clients.append((members, place))
            case .elsewhere: for index in members { results[index] = .notForTheProxy }
            case .undecided: break
            }
        }

        let transcripts = clients.map { $0.members.map { exchanges[$0].transcript } }
        var simulation = Simulation(
            hops: proxies, pool: CapturedBackendPool(transcripts: transcripts, scripts: backends))
        for (client, exchanges) in zip(clients, transcripts) {
            simulation.add(
                TranscriptClient(exchanges: exchanges), from: .tcp(exchanges[0].client), to: .tcp(client.place),
                at: exchanges[0].connected.instant)
        }
        for reload in reloads { simulation.reload(at: reload) }
        for (client, outcomes) in zip(clients, simulation.run()) {
            for (index, outcome) in zip(client.members, outcomes) {
                results[index] = .replayed(Self.withoutAfterlife(outcome, of: exchanges[index].transcript))
            }
        }
        return results
    }

    /// Destinations of these exchanges that are no listener, and the listener that clients of them are taken to come in
    /// at; each once, in order of appearance.
    public func assumedListeners(for exchanges: [CapturedExchange]) -> [(captured: Endpoint, taken: Endpoint)] {
        guard listener == nil else { return [] }
        let choice = ListenerChoice(
            listeners: proxies.first?.listeners ?? [], named: nil, destinations: exchanges.lazy.map(\.transcript.server)
        )
        var seen: Set<Endpoint> = []
        return exchanges.compactMap { exchange in
            let captured = exchange.transcript.server
            guard seen.insert(captured).inserted, case .at(let taken) = choice.place(for: captured), taken != captured
            else { return nil }
            return (captured, taken)
        }
    }

    /// The exchanges of each connection in order, connections in order of their first exchange.
    private static func connections(_ exchanges: [CapturedExchange]) -> [[Int]] {
        var members: [Int: [Int]] = [:]
        var order: [Int] = []
        for (index, exchange) in exchanges.enumerated() {
            if members[exchange.connection] == nil { order.append(exchange.connection) }
            members[exchange.connection, default: []].append(index)
        }
        return order.map { connection in
            (members[connection] ?? []).sorted {
                (exchanges[$0].transcript.requestsBefore, $0) < (exchanges[$1].transcript.requestsBefore, $1)
            }
        }
    }

    /// A connection that the capture leaves open goes on living in the simulation until some keep-alive timer ends it.
    ///
    /// That is beyond what was captured, and nothing is said about it.
    private static func withoutAfterlife(
        _ outcome: ExchangeOutcome, of transcript: SessionTranscript
    ) -> ExchangeOutcome {
        guard let closedAt = outcome.closedAt, outcome.tunnel?.idle == nil, outcome.response != nil,
            transcript.ending.how == .open, closedAt > transcript.ending.at
        else { return outcome }
        var outcome = outcome
        (outcome.closedBy, outcome.closedAt, outcome.closedBecause) = (.none, nil, nil)
        return outcome
    }
}

/// A transcript and the connection it belongs to.
public struct CapturedExchange: Sendable {
    /// Tells the connections of a run apart.
    public var connection: Int
    /// The exchange.
    public var transcript: SessionTranscript

    /// An exchange on that connection.
    public init(connection: Int, transcript: SessionTranscript) {
        self.connection = connection
        self.transcript = transcript
    }
}
