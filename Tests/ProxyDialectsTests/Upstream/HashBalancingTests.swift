import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

@Suite("UpstreamBalancer: choice by hash")
struct HashBalancingTests {
    @Test(
        "CRC-32 is that of zlib",
        arguments: [("", 0), ("123456789", 0xCBF4_3926), ("a", 0xE8B7_BE43)] as [(ByteString, UInt32)])
    func checks(text: ByteString, check: UInt32) {
        #expect(CRC32.of(text.bytes) == check)
    }

    @Test(
        "ip_hash looks at the first three octets of an IPv4 address",
        arguments: [
            ("127.0.0.1", 2), ("127.0.0.2", 2), ("127.0.1.1", 0), ("127.0.2.1", 1), ("127.1.1.1", 2),
            ("127.2.3.4", 0), ("127.9.9.9", 2), ("127.10.20.30", 0), ("127.77.1.5", 2), ("127.77.1.200", 2),
            ("127.200.3.1", 2), ("127.33.44.55", 0),
        ])
    func ipHash(client: String, server: Int) throws {
        let driver = BalancerDriver(3, method: .ipHash)
        let client = try #require(IPAddress(client))
        for _ in 0..<2 {
            let attempts = driver.request(client: .tcp(Endpoint(address: client, port: 1)))
            #expect(attempts.tried == [server])
        }
    }

    @Test("ip_hash takes every octet of an IPv6 address into account")
    func ipv6() throws {
        let servers = try Set(
            (0..<32).map { number in
                let driver = BalancerDriver(3, method: .ipHash)
                let address = try #require(IPAddress("2001:db8::\(number)"))
                return driver.request(client: .tcp(Endpoint(address: address, port: 1))).tried
            })
        #expect(servers == [[0], [1], [2]])
    }

    @Test("a down server keeps its place in the walk, and its clients go where the next hash points")
    func downServer() throws {
        let client = PeerAddress.tcp(Endpoint(address: try #require(IPAddress("127.0.0.1")), port: 1))
        let all = BalancerDriver(3, method: .ipHash)
        let without = BalancerDriver(3, method: .ipHash) { $1.isDown = $0 == 2 }
        #expect(all.request(client: client).tried == [2])
        let other = PeerAddress.tcp(Endpoint(address: try #require(IPAddress("127.0.1.1")), port: 1))
        #expect(without.request(client: other).tried == all.request(client: other).tried)
        #expect(without.request(client: client).tried.allSatisfy { $0 != 2 })
    }

    @Test("a dead server is hashed away from, within the request and after it")
    func deadServer() {
        let driver = BalancerDriver(3, method: .hash(consistent: false))
        let key: ByteString = "room1"
        let home = driver.request(key: key).tried[0]
        driver.dead = [home]
        let attempts = driver.request(key: key).tried
        #expect(attempts.count == 2 && attempts[0] == home)
        #expect(driver.request(key: key).tried == [attempts[1]])
    }

    @Test(
        "the rehash is the hash of the try's number and the key, added up",
        arguments: ["a", "b", "room1", "user x", "0123456789"] as [ByteString])
    func rehash(key: ByteString) {
        let driver = BalancerDriver(3, method: .hash(consistent: false))
        driver.dead = [0, 1, 2]
        let hash = { (text: ByteString) in Int(CRC32.of(text.bytes) >> 16 & 0x7FFF) }
        var sum = hash(key)
        var expected = [sum % 3]
        for retry in 1...20 where expected.count < 3 {
            sum += hash(ByteString("\(retry)") + key)
            if !expected.contains(sum % 3) { expected.append(sum % 3) }
        }
        #expect(driver.request(key: key) == Attempts(tried: expected, status: 502))
    }

    @Test("an empty key means round robin", arguments: [false, true])
    func emptyKey(consistent: Bool) {
        let driver = BalancerDriver(3, method: .hash(consistent: consistent))
        #expect(driver.requests(4) == [0, 1, 2, 0])
    }

    @Test(
        "a ring has 160 points for each unit of weight, and hashes host and port apart",
        arguments: [("127.0.0.1:13000", 3), ("localhost:13000", 3), ("unix:/run/a.sock", 1), ("app", 1)]
            as [(ByteString, Int)])
    func ring(name: ByteString, weight: Int) throws {
        let server = UpstreamServer(name: name, addresses: [address(0)], weight: weight, source: nil)
        let ring = try #require(ConsistentHashRing([server]))
        #expect(ring.points.count <= 160 * weight && ring.points.count > 150 * weight)
        #expect(ring.points.map(\.hash) == ring.points.map(\.hash).sorted())
    }

    @Test("the first point of a server is the check of host, NUL, port and four zeros")
    func firstPoint() throws {
        let server = UpstreamServer(name: "127.0.0.1:13000", addresses: [address(0)], source: nil)
        let ring = try #require(ConsistentHashRing([server]))
        let first = CRC32.of(Array("127.0.0.1".utf8) + [0] + Array("13000".utf8) + [0, 0, 0, 0])
        #expect(ring.points.contains { $0.hash == first })
    }

    @Test("consistent: taking one of four servers away moves only its own keys")
    func consistency() {
        let keys = (0..<200).map { ByteString("room\($0)") }
        let four = BalancerDriver(4, method: .hash(consistent: true))
        let three = BalancerDriver(4, method: .hash(consistent: true)) { $1.isDown = $0 == 3 }
        for key in keys {
            let before = four.request(key: key).tried
            let after = three.request(key: key).tried
            if before != [3] { #expect(after == before) } else { #expect(after != [3]) }
        }
    }

    @Test("a ring of millions of points is not guessed at")
    func hugeRing() {
        let driver = BalancerDriver(2, method: .hash(consistent: true)) { $1.weight = 1_000_000 }
        var selection = driver.balancer.begin(key: "a", client: defaultClient, at: driver.now)
        guard case .peer(let peer) = driver.balancer.pick(&selection, at: driver.now) else {
            Issue.record("no server was picked")
            return
        }
        #expect(peer.unpredictable != nil)
    }
}
