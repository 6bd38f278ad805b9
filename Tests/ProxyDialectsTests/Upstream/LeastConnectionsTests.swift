import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

@Suite("UpstreamBalancer: least_conn")
struct LeastConnectionsTests {
    @Test("open tunnels fill the servers evenly")
    func evenly() throws {
        let driver = BalancerDriver(3, method: .leastConnections)
        var open: [Int] = []
        for _ in 0..<9 { open.append(try #require(driver.open()).server) }
        for round in stride(from: 0, to: 9, by: 3) {
            #expect(Set(open[round..<(round + 3)]) == [0, 1, 2])
        }
    }

    @Test("equals take turns by the smooth round robin among the equals")
    func equals() throws {
        let driver = BalancerDriver(3, method: .leastConnections)
        #expect(driver.requests(4) == [0, 1, 2, 0])
        let held = BalancerDriver(3, method: .leastConnections)
        let order = try (0..<7).map { _ in try #require(held.open()).server }
        #expect(order == [0, 1, 2, 2, 1, 0, 0])
    }

    @Test("load counts in relation to the weight")
    func weighted() throws {
        let driver = BalancerDriver(2, method: .leastConnections) { $1.weight = $0 == 0 ? 3 : 1 }
        let open = try (0..<8).map { _ in try #require(driver.open()).server }
        #expect(open.count { $0 == 0 } == 6)
    }

    @Test("a closed tunnel makes its server the first choice")
    func closed() throws {
        let driver = BalancerDriver(2, method: .leastConnections)
        let first = try #require(driver.open())
        _ = driver.open()
        _ = driver.open()
        _ = driver.open()
        driver.close(first.selection)
        #expect(driver.open()?.server == first.server)
    }

    @Test("a dead server is passed over, then the backup is used")
    func backup() {
        let driver = BalancerDriver(3, method: .leastConnections) { $1.isBackup = $0 == 2 }
        driver.dead = [0, 1]
        #expect(driver.request() == Attempts(tried: [0, 1, 2], status: 101))
        #expect(driver.request() == Attempts(tried: [2], status: 101))
    }
}
