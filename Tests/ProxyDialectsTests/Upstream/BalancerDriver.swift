import ProxyModel
import WireBasics

@testable import ProxyDialects

/// Drives a balancer as requests would: servers are known by number, their ports are 13000 and up.
///
/// A class, so that `#expect` can call what changes it.
final class BalancerDriver {
    var balancer: UpstreamBalancer
    /// The servers that refuse connections.
    var dead: Set<Int> = []
    var settings = NextUpstreamSettings()
    var now = CaptureInstant(nanoseconds: 1_700_000_000_000_000_000)

    /// Servers with default parameters, changed one by one.
    init(
        _ count: Int, method: BalancingMethod = .roundRobin, _ change: (Int, inout UpstreamServer) -> Void = { _, _ in }
    ) {
        let servers = (0..<count).map { number in
            var server = UpstreamServer(
                name: ByteString("127.0.0.1:\(13000 + number)"), addresses: [address(number)], source: nil)
            change(number, &server)
            return server
        }
        balancer = UpstreamBalancer(UpstreamGroup(name: "backend", servers: servers, method: method, source: nil))
    }

    /// One request to its end: the servers that were tried, in order; the last one answered unless `gaveUp`.
    func request(
        key: ByteString = "", client: PeerAddress = defaultClient, method: ByteString = "GET"
    ) -> Attempts {
        var selection = begin(key: key, client: client)
        var tried: [Int] = []
        while true {
            guard case .peer(let peer) = balancer.pick(&selection, at: now) else {
                return Attempts(tried: tried, status: 502)
            }
            let number = port(of: peer.address) - 13000
            tried.append(number)
            guard dead.contains(number) else {
                balancer.free(&selection, failed: false, at: now)
                return Attempts(tried: tried, status: 101)
            }
            balancer.free(&selection, failed: true, at: now)
            let next = settings.next(
                after: .error, method: method, requestSent: false, selection: &selection, at: now)
            if case .give(let status, _) = next { return Attempts(tried: tried, status: status) }
        }
    }

    /// Several requests, one after the other.
    func requests(_ count: Int) -> [Int] {
        (0..<count).flatMap { _ in request().tried }
    }

    /// A request that stays open, as a tunnel does; nil when no server can be used.
    func open(key: ByteString = "") -> (selection: PeerSelection, server: Int)? {
        var selection = begin(key: key, client: defaultClient)
        guard case .peer(let peer) = balancer.pick(&selection, at: now) else { return nil }
        return (selection, port(of: peer.address) - 13000)
    }

    /// Ends such a request.
    func close(_ selection: PeerSelection) {
        var selection = selection
        balancer.free(&selection, failed: false, at: now)
    }

    func advance(_ span: TimeSpan) {
        now = now + span
    }

    private func begin(key: ByteString, client: PeerAddress) -> PeerSelection {
        balancer.begin(key: key, client: client, maxTries: settings.tries, at: now)
    }
}

/// What became of a request.
struct Attempts: Hashable {
    var tried: [Int]
    var status: Int
}

let defaultClient = PeerAddress.tcp(Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 40000))

/// The address of a numbered server.
func address(_ number: Int) -> PeerAddress {
    .tcp(Endpoint(address: IPAddress(v4: 0x7F00_0001), port: UInt16(13000 + number)))
}

/// The port of an address; 0 where it has none.
func port(of address: PeerAddress) -> Int {
    guard case .tcp(let endpoint) = address else { return 0 }
    return Int(endpoint.port)
}
