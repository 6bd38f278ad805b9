import WireBasics

/// At which listener of the first proxy a captured connection comes in.
///
/// The captured destination decides where a listener takes it. A capture made elsewhere (in front of another proxy, at
/// the application's own port, of a container) has other addresses: then `--at` names the listener, else the port tells
/// it, and where there is only one there is no choice to make.
struct ListenerChoice {
    private let listeners: [Listener]
    private let named: Endpoint?
    /// Whether any connection of the run is addressed to a listener: then those that are not are not the proxy's.
    private let someMatch: Bool
    /// Whether any connection goes at least to a listener's port.
    private let somePortMatches: Bool

    init(listeners: [Listener], named: Endpoint?, destinations: some Sequence<Endpoint>) {
        self.listeners = listeners
        self.named = named
        someMatch = named == nil && destinations.contains { Self.matches($0, listeners) }
        somePortMatches = named == nil && destinations.contains { Self.samePort($0, listeners) != nil }
    }

    /// The place where a connection to that destination comes in; nil when it is not for this proxy.
    func place(for destination: Endpoint) -> Placement {
        if let named { return .at(named) }
        if Self.matches(destination, listeners) { return .at(destination) }
        if someMatch { return .elsewhere }
        if let place = Self.samePort(destination, listeners) { return .at(place) }
        if somePortMatches { return .elsewhere }
        let plain = Set(listeners.compactMap { Self.endpoint(of: $0, for: destination) })
        return plain.count == 1 ? plain.first.map(Placement.at) ?? .undecided : .undecided
    }

    /// Where a connection belongs.
    enum Placement: Hashable {
        /// At this address of the proxy.
        case at(Endpoint)
        /// To something else: the upstream leg of the same capture, another service.
        case elsewhere
        /// The proxy has several listeners, or none, and nothing tells which one is meant.
        case undecided
    }

    private static func matches(_ destination: Endpoint, _ listeners: [Listener]) -> Bool {
        listeners.contains { endpoint(of: $0, for: destination) == destination }
    }

    /// The only listener of that port.
    private static func samePort(_ destination: Endpoint, _ listeners: [Listener]) -> Endpoint? {
        let places = Set(
            listeners.compactMap { endpoint(of: $0, for: destination) }.filter { $0.port == destination.port })
        return places.count == 1 ? places.first : nil
    }

    /// The address of a listener; a wildcard takes the captured address, with its own port.
    private static func endpoint(of listener: Listener, for destination: Endpoint) -> Endpoint? {
        guard case .tcp(let own) = listener.address else { return nil }
        guard own.address.isWildcard else { return own }
        // `[::]` also takes IPv4 where the system lets it, but nginx sets `ipv6only=on` unless told otherwise.
        guard own.address.isV6 == destination.address.isV6 else { return own }
        return Endpoint(address: destination.address, port: own.port)
    }
}
