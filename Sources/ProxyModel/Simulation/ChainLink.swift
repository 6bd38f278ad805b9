import WireBasics

/// At which listener of the next proxy a connection comes in that a proxy opens.
///
/// An upstream address is written as the machine of the first proxy sees it: another host, a name, a mapped port. The
/// listener of that very address is meant where there is one, else the one of the same port, else the only one; where
/// none of this holds nothing is guessed.
enum ChainLink {
    /// The address that the next proxy is told it was reached at; nil when nothing tells which listener is meant.
    static func place(of address: PeerAddress, among listeners: [Listener]) -> PeerAddress? {
        if listeners.contains(where: { $0.takes(address) }) { return address }
        let asked = port(address)
        let samePort = listeners.filter { asked != nil && port($0.address) == asked }
        let places = Set((samePort.isEmpty ? listeners : samePort).map { reachable($0.address) })
        return places.count == 1 ? places.first : nil
    }

    /// A wildcard listener is reached at the loopback address.
    private static func reachable(_ listener: PeerAddress) -> PeerAddress {
        guard case .tcp(let own) = listener, own.address.isWildcard else { return listener }
        let loopback = own.address.isV6 ? IPAddress(v6High: 0, low: 1) : IPAddress(v4: 0x7F00_0001)
        return .tcp(Endpoint(address: loopback, port: own.port))
    }

    private static func port(_ address: PeerAddress) -> UInt16? {
        switch address {
        case .tcp(let endpoint): endpoint.port
        case .name(_, let port): port
        case .unix: nil
        }
    }
}
