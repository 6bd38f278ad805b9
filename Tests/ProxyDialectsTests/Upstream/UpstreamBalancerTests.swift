import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

@Suite("UpstreamBalancer: round robin")
struct UpstreamBalancerTests {
    @Test(
        "the smooth weighted round robin spreads a heavy server's turns",
        arguments: [
            ([5, 1, 2], [0, 2, 0, 0, 1, 0, 2, 0, 0, 2, 0, 0, 1, 0, 2, 0]),
            ([1, 1], [0, 1, 0, 1, 0, 1]),
            ([1, 1, 1], [0, 1, 2, 0, 1, 2]),
            ([1, 2], [1, 0, 1, 1, 0, 1]),
            ([3, 3], [0, 1, 0, 1]),
            ([7], [0, 0, 0]),
        ] as [([Int], [Int])])
    func weights(weights: [Int], order: [Int]) {
        let driver = BalancerDriver(weights.count) { $1.weight = weights[$0] }
        #expect(driver.requests(order.count) == order)
    }

    @Test("over a whole period each server is chosen as often as its weight says, from any state", arguments: 0..<50)
    func fairness(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let weights = (0..<Int.random(in: 2...6, using: &random)).map { _ in Int.random(in: 1...9, using: &random) }
        let driver = BalancerDriver(weights.count) { $1.weight = weights[$0] }
        let total = weights.reduce(0, +)
        for _ in 0..<3 {
            let chosen = driver.requests(total)
            for (server, weight) in weights.enumerated() {
                #expect(chosen.count { $0 == server } == weight, "weights \(weights)")
            }
        }
    }

    @Test("a name with two addresses is two peers of that weight")
    func severalAddresses() {
        let group = UpstreamGroup.implicit(name: "app:13000", addresses: [address(0), address(1)], source: nil)
        let driver = BalancerDriver(1)
        driver.balancer = UpstreamBalancer(group)
        #expect(driver.requests(4) == [0, 1, 0, 1])
    }

    @Test("after one refusal a server is left alone for fail_timeout, and comes back after it")
    func failTimeout() {
        let driver = BalancerDriver(3)
        driver.dead = [1]
        #expect(driver.requests(1) == [0])
        #expect(driver.request() == Attempts(tried: [1, 2], status: 101))
        driver.dead = []
        driver.advance(.seconds(10))
        #expect(driver.requests(6).allSatisfy { $0 != 1 }, "ten seconds are not more than fail_timeout")
        driver.advance(.seconds(1))
        #expect(driver.requests(6).contains(1))
    }

    @Test("the order after an outage is not that of a fresh start: the lost weight comes back one by one")
    func weightRecovery() {
        let driver = BalancerDriver(2) { number, server in server.weight = number == 0 ? 4 : 1 }
        driver.dead = [0]
        #expect(driver.request() == Attempts(tried: [0, 1], status: 101))
        driver.dead = []
        driver.advance(.seconds(11))
        // Current weights after each choice, effective weight of the first in brackets:
        // -1[1] 1, 0[2] 0, -1[3] 1, -2[4] 2, 2[4] -2, 1[4] -1.
        #expect(driver.requests(6) == [1, 1, 0, 0, 1, 0])
    }

    @Test("two servers of equal weight: after both failed in turn there is nobody left, at once and for ten seconds")
    func noLiveUpstreams() {
        let driver = BalancerDriver(2)
        driver.dead = [0, 1]
        #expect(driver.request() == Attempts(tried: [0, 1], status: 502))
        driver.dead = []
        #expect(driver.request() == Attempts(tried: [], status: 502))
        driver.advance(.seconds(11))
        #expect(driver.request().status == 101)
    }

    @Test("the explanation of an empty group names what keeps each server out")
    func explanation() {
        let driver = BalancerDriver(3) { number, server in
            if number == 1 { server.isDown = true }
            if number == 2 { server.maxConnections = 1 }
        }
        driver.dead = [0]
        let tunnel = driver.request()
        #expect(tunnel == Attempts(tried: [0, 2], status: 101))
        let held = driver.open()
        #expect(held?.server == 2)
        var selection = driver.balancer.begin(client: defaultClient, at: driver.now)
        guard case .noLiveUpstreams(let why) = driver.balancer.pick(&selection, at: driver.now) else {
            Issue.record("a server was picked")
            return
        }
        #expect(
            why.because == "no live upstreams in \"backend\": 127.0.0.1:13000 failed 1 times and is left alone for "
                + "fail_timeout (10 s); 127.0.0.1:13001 is marked down; 127.0.0.1:13002 has max_conns (1) connections")
        #expect(!why.mend.isEmpty)
    }

    @Test("max_fails=0 never takes a server out; higher values count failures")
    func maxFails() {
        let never = BalancerDriver(2) { $1.maxFails = 0 }
        never.dead = [0]
        // The second attempt of a request is a turn of the round robin as well.
        #expect((0..<4).map { _ in never.request().tried } == [[0, 1], [1], [0, 1], [1]])

        let three = BalancerDriver(2) { $1.maxFails = 3 }
        three.dead = [0]
        let attempts = (0..<10).map { _ in three.request().tried }
        #expect(attempts.count { $0.contains(0) } == 3)
    }

    @Test("a success forgives failures only once fail_timeout has passed since the last one")
    func forgiveness() {
        let driver = BalancerDriver(2) { $1.maxFails = 2 }
        driver.dead = [0]
        _ = driver.request()
        driver.dead = []
        _ = driver.requests(4)
        #expect(driver.balancer.primaries[0].fails == 1, "a success in the same period forgives nothing")
        driver.advance(.seconds(11))
        _ = driver.requests(4)
        #expect(driver.balancer.primaries[0].fails == 0)
    }

    @Test("the only server of a group is tried whatever it did before")
    func single() {
        let driver = BalancerDriver(1)
        driver.dead = [0]
        #expect((0..<3).map { _ in driver.request() } == .init(repeating: Attempts(tried: [0], status: 502), count: 3))
    }

    @Test("two lines with the same address are not a single server")
    func twoEntries() {
        let server = UpstreamServer(name: "127.0.0.1:13000", addresses: [address(0)], source: nil)
        let driver = BalancerDriver(1)
        driver.balancer = UpstreamBalancer(UpstreamGroup(name: "b", servers: [server, server], source: nil))
        driver.dead = [0]
        #expect(driver.request() == Attempts(tried: [0, 0], status: 502))
        #expect(driver.request() == Attempts(tried: [], status: 502))
    }

    @Test("backups are used only when no other server can be, and then in a round robin of their own")
    func backups() {
        let driver = BalancerDriver(4) { $1.isBackup = $0 >= 2 }
        driver.dead = [0]
        #expect(driver.request() == Attempts(tried: [0, 1], status: 101))
        driver.dead = [0, 1]
        #expect(driver.request() == Attempts(tried: [1, 2], status: 101))
        #expect(driver.requests(3) == [3, 2, 3])
        driver.advance(.seconds(11))
        driver.dead = []
        #expect(driver.requests(4).allSatisfy { $0 < 2 })
    }

    @Test("a server that is down counts for nothing, not even for the number of tries")
    func down() {
        let driver = BalancerDriver(3) { $1.isDown = $0 == 1 }
        #expect(driver.requests(4) == [0, 2, 0, 2])
        #expect(driver.balancer.begin(client: defaultClient, at: driver.now).tries == 2)
        let none = BalancerDriver(2) { $1.isDown = true }
        #expect(none.request() == Attempts(tried: [], status: 502))
    }

    @Test("max_conns counts open tunnels, and a closed one makes room")
    func maxConnections() throws {
        let driver = BalancerDriver(2) { $1.maxConnections = 1 }
        let first = try #require(driver.open())
        let second = try #require(driver.open())
        #expect([first.server, second.server] == [0, 1])
        #expect(driver.open() == nil)
        driver.close(second.selection)
        #expect(driver.open()?.server == 1)
    }

    @Test("max_conns holds for a single server too")
    func maxConnectionsSingle() {
        let driver = BalancerDriver(1) { $1.maxConnections = 1 }
        #expect(driver.open()?.server == 0)
        #expect(driver.open() == nil)
    }

    @Test("random is said to be unpredictable, unless one server is left")
    func random() {
        let driver = BalancerDriver(2, method: .random(two: false))
        var selection = driver.balancer.begin(client: defaultClient, at: driver.now)
        guard case .peer(let peer) = driver.balancer.pick(&selection, at: driver.now) else {
            Issue.record("no server was picked")
            return
        }
        #expect(peer.unpredictable?.because.contains("random") == true)
        driver.balancer.free(&selection, failed: true, at: driver.now)
        guard case .peer(let other) = driver.balancer.pick(&selection, at: driver.now) else {
            Issue.record("no second server was picked")
            return
        }
        #expect(other.unpredictable == nil)
    }

    @Test("hostile numbers do not trap")
    func hostileNumbers() {
        let driver = BalancerDriver(3) { number, server in
            server.weight = .max
            server.failTimeout = .max
            server.maxFails = number == 0 ? .max : 1
        }
        driver.now = CaptureInstant(nanoseconds: .min)
        driver.dead = [1]
        for _ in 0..<5 { #expect(!driver.request().tried.isEmpty) }
        for method in [BalancingMethod.hash(consistent: true), .hash(consistent: false), .ipHash, .leastConnections] {
            let other = BalancerDriver(3, method: method) { $1.weight = .max }
            #expect(other.request(key: "k").status == 101)
        }
    }
}
