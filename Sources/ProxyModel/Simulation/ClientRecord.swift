import HTTPWire
import WireBasics

/// A client of a simulation: its actor, its connection and what is written down about it.
struct SimulatedClient: Sendable {
    var actor: any ClientActor
    let address: PeerAddress
    let listener: PeerAddress
    /// The open connection to the first proxy.
    var connection: ConnectionKey?
    /// What goes through its tunnel, where that is known in advance.
    var traffic: TunnelTraffic?
    var record: ClientRecord

    init(actor: any ClientActor, address: PeerAddress, listener: PeerAddress, proxies: [String]) {
        self.actor = actor
        self.address = address
        self.listener = listener
        record = ClientRecord(proxies: proxies)
    }
}

/// What became of a client's exchanges.
///
/// Proxies speak of connections, not of exchanges. HTTP/1 answers in the order of the requests, so what a proxy does on
/// a connection belongs to the oldest exchange without a final response.
struct ClientRecord: Sendable {
    private(set) var exchanges: [ExchangeOutcome] = []
    /// How many exchanges have got a final response (at each hop).
    private var answered: [Int]
    private let proxies: [String]

    init(proxies: [String]) {
        self.proxies = proxies
        answered = Array(repeating: 0, count: proxies.count)
    }

    /// The client begins an exchange.
    mutating func begin() {
        exchanges.append(ExchangeOutcome(proxies: proxies))
    }

    /// The connection is gone: exchanges without an answer will not get one.
    mutating func connectionLost() {
        for hop in answered.indices { answered[hop] = exchanges.count }
    }

    /// The exchange that a hop works on: nil before the first request.
    func current(hop: Int) -> Int? {
        exchanges.isEmpty ? nil : min(answered[hop], exchanges.count - 1)
    }

    /// The exchange whose response a hop is sending: the last one answered.
    func responding(hop: Int) -> Int? {
        exchanges.isEmpty ? nil : max(0, min(answered[hop], exchanges.count) - 1)
    }

    /// Writes down a response head; a final one moves the hop on to the next exchange.
    mutating func note(_ response: OutgoingResponse, hop: Int) {
        guard let exchange = current(hop: hop) else { return }
        let isFinal = response.head.status >= 200 || response.head.status == 101
        // A proxy may answer what the client never meant as a request; the first answer stays the exchange's own.
        if exchanges[exchange].hops[hop].response == nil || !isFinal {
            if isFinal { exchanges[exchange].hops[hop].response = response }
        }
        if isFinal { answered[hop] = min(answered[hop] + 1, exchanges.count) }
    }

    /// Changes the outcome of an exchange.
    mutating func update(_ exchange: Int?, _ change: (inout ExchangeOutcome) -> Void) {
        guard let exchange, exchanges.indices.contains(exchange) else { return }
        change(&exchanges[exchange])
    }
}
