import ProxyModel
import WireBasics

// The methods that choose by a hash: `ip_hash`, `hash KEY`, `hash KEY consistent`. Each gives up after twenty unusable
// peers, and round robin goes on from there.

/// How many unusable peers a hash may hit.
private let maxHashTries = 20

/// The weight up to which the points of a ring are computed: 1.6 million of them.
private let maxRingWeight = 10_000

extension UpstreamBalancer {
    /// `ip_hash`: the client's network chooses; the last octet of an IPv4 address plays no part.
    ///
    /// Source: nginx `ngx_http_upstream_get_ip_hash_peer`.
    mutating func ipHash(_ selection: inout PeerSelection, at second: Int64) -> Choice? {
        guard selection.hashTries <= maxHashTries, primaries.count > 1, totalWeight > 0 else { return nil }
        var hash = selection.hash
        while true {
            hash = selection.addressOctets.reduce(hash) { ($0 * 113 + UInt32($1)) % 6271 }
            if let index = usablePeer(at: Int(hash), selection, at: second) {
                selection.hash = hash
                return Choice(index: index, reason: .ipHash)
            }
            selection.hashTries += 1
            if selection.hashTries > maxHashTries { return nil }
        }
    }

    /// `hash KEY`, compatible with Cache::Memcached.
    ///
    /// Source: nginx `ngx_http_upstream_get_hash_peer`.
    mutating func keyHash(_ selection: inout PeerSelection, at second: Int64) -> Choice? {
        guard selection.hashTries <= maxHashTries, primaries.count > 1, !selection.key.isEmpty, totalWeight > 0 else {
            return nil
        }
        while true {
            let prefix = selection.rehashes > 0 ? Array(String(selection.rehashes).utf8) : []
            selection.hash &+= CRC32.of(prefix + selection.key.bytes) >> 16 & 0x7FFF
            selection.rehashes += 1
            if let index = usablePeer(at: Int(selection.hash), selection, at: second) {
                return Choice(index: index, reason: .keyHash)
            }
            selection.hashTries += 1
            if selection.hashTries > maxHashTries { return nil }
        }
    }

    /// `hash KEY consistent`, compatible with Cache::Memcached::Fast: the first point of the ring at or behind the
    /// key's hash names the server; peers of the same name take turns.
    ///
    /// Source: nginx `ngx_http_upstream_get_chash_peer`.
    mutating func ringHash(_ selection: inout PeerSelection, at second: Int64) -> Choice? {
        guard let ring, selection.hashTries <= maxHashTries, !isSingle, !selection.key.isEmpty, !ring.points.isEmpty
        else { return nil }
        while true {
            let name = ring.points[Int(selection.hash) % ring.points.count].server
            let candidates = primaries.indices.filter { primaries[$0].server.name == name }
            if let index = richest(of: candidates, selection, at: second) {
                return Choice(index: index, reason: .consistentHash)
            }
            selection.hash &+= 1
            selection.hashTries += 1
            if selection.hashTries > maxHashTries { return nil }
        }
    }

    /// The weight of all primary peers; dead ones keep their share of the walk.
    private var totalWeight: Int { primaries.reduce(0) { $0 &+ $1.server.weight } }

    /// Walks the peers, weight by weight, to where the hash points; nil when that peer cannot be used.
    private func usablePeer(at hash: Int, _ selection: PeerSelection, at second: Int64) -> Int? {
        var rest = hash % totalWeight
        for (index, peer) in primaries.enumerated() {
            if rest < peer.server.weight {
                return isUsable(peer, index, selection, at: second) ? index : nil
            }
            rest -= peer.server.weight
        }
        return nil
    }

    /// The octets that `ip_hash` looks at: the first three of IPv4, all of IPv6, three zeros for other clients.
    func ipHashOctets(of client: PeerAddress) -> [UInt8] {
        guard case .tcp(let endpoint) = client else { return [0, 0, 0] }
        return endpoint.address.isV6 ? endpoint.address.octets : Array(endpoint.address.octets.prefix(3))
    }
}

/// The points of `hash … consistent`: 160 for each unit of weight.
///
/// Source: nginx `ngx_http_upstream_init_chash`.
struct ConsistentHashRing: Hashable, Sendable {
    /// A place on the ring.
    struct Point: Hashable, Sendable {
        /// The place.
        var hash: UInt32
        /// The text of the `server` line.
        var server: ByteString
    }

    /// The points by place; of several at one place the first of nginx's sort stays, which is the first of the file.
    let points: [Point]

    /// The ring of these servers, one entry for each address; nil when it would have millions of points.
    init?(_ servers: [UpstreamServer]) {
        guard servers.allSatisfy({ $0.weight <= maxRingWeight }),
            servers.reduce(0, { $0 + $1.weight }) <= maxRingWeight
        else { return nil }
        var all: [Point] = []
        for server in servers {
            let base = CRC32.update(~0, with: Self.hashedName(server.name))
            var previous: UInt32 = 0
            for _ in 0..<max(0, server.weight) * 160 {
                let bytes = (0..<4).map { UInt8(truncatingIfNeeded: previous >> (8 * UInt32($0))) }
                previous = ~CRC32.update(base, with: bytes)
                all.append(Point(hash: previous, server: server.name))
            }
        }
        // The standard library's sort is stable, as nginx's insertion sort (`ngx_sort`) is.
        var unique: [Point] = []
        for point in all.sorted(by: { $0.hash < $1.hash }) where unique.last?.hash != point.hash {
            unique.append(point)
        }
        points = unique
    }

    /// The index of the first point at or behind a hash; the number of points when there is none, which wraps.
    func index(of hash: UInt32) -> Int {
        var (low, high) = (0, points.count)
        while low < high {
            let middle = (low + high) / 2
            if points[middle].hash < hash { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Host, NUL, port: the port is what follows the last colon, where only digits do.
    private static func hashedName(_ name: ByteString) -> [UInt8] {
        if name.lowercased.hasPrefix("unix:") { return Array(name.bytes.dropFirst(5)) + [0] }
        let digits = name.bytes.reversed().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let colon = name.count - digits.count - 1
        guard colon >= 0, name.bytes[colon] == UInt8(ascii: ":") else { return name.bytes + [0] }
        return Array(name.bytes[..<colon]) + [0] + Array(name.bytes[(colon + 1)...])
    }
}
