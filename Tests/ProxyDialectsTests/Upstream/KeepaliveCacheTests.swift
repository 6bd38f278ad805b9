import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

@Suite("KeepaliveCache")
struct KeepaliveCacheTests {
    private let start = CaptureInstant(nanoseconds: 0)

    private func candidate(
        _ number: Int, to server: Int = 0, location: Int = 0, requests: Int = 1, allows: Bool = true, sent: Bool = true
    ) -> KeepaliveCache.Candidate {
        KeepaliveCache.Candidate(
            connection: UpstreamID(number), address: address(server), location: location, opened: start,
            requests: requests, responseAllows: allows, requestSent: sent)
    }

    private func isKept(_ fate: KeepaliveCache.Fate) -> Bool {
        if case .kept = fate { return true }
        return false
    }

    @Test("the newest connection is taken first, by address")
    func stack() {
        let cache = CacheDriver(KeepaliveSettings(capacity: 4, source: nil))
        for (number, server) in [(1, 0), (2, 1), (3, 0)] {
            #expect(isKept(cache.keep(candidate(number, to: server), at: start)))
        }
        #expect(cache.take(to: address(0), location: 9)?.connection == UpstreamID(3))
        #expect(cache.take(to: address(0), location: 9)?.connection == UpstreamID(1))
        #expect(cache.take(to: address(0), location: 9) == nil)
        #expect(cache.take(to: address(1), location: 9)?.connection == UpstreamID(2))
    }

    @Test("a full cache closes the oldest connection")
    func eviction() {
        let cache = CacheDriver(KeepaliveSettings(capacity: 2, source: nil))
        _ = cache.keep(candidate(1), at: start)
        _ = cache.keep(candidate(2), at: start)
        let until = start + .seconds(60)
        #expect(cache.keep(candidate(3), at: start) == .kept(until: until, evicted: UpstreamID(1)))
        #expect(cache.idle.map(\.connection) == [UpstreamID(3), UpstreamID(2)])
    }

    @Test("a local cache gives a connection back only to the location that opened it")
    func local() {
        let cache = CacheDriver(KeepaliveSettings(capacity: 32, isLocal: true, source: nil))
        _ = cache.keep(candidate(1, location: 7), at: start)
        #expect(cache.take(to: address(0), location: 8) == nil)
        #expect(cache.take(to: address(0), location: 7)?.connection == UpstreamID(1))
    }

    @Test("a connection is closed when the response, the request, its requests or its age forbid keeping it")
    func refusals() {
        let cache = CacheDriver(KeepaliveSettings(capacity: 2, requests: 2, time: .seconds(10), source: nil))
        #expect(!isKept(cache.keep(candidate(1, allows: false), at: start)))
        #expect(!isKept(cache.keep(candidate(1, sent: false), at: start)))
        #expect(!isKept(cache.keep(candidate(1, requests: 2), at: start)))
        #expect(!isKept(cache.keep(candidate(1), at: start + .seconds(11))))
        #expect(isKept(cache.keep(candidate(1), at: start + .seconds(10))))
        let none = CacheDriver(KeepaliveSettings(capacity: 0, source: nil))
        #expect(!isKept(none.keep(candidate(1), at: start)))
    }

    @Test("idle connections expire after keepalive_timeout, oldest first")
    func expiry() {
        let cache = CacheDriver(KeepaliveSettings(capacity: 4, timeout: .seconds(5), source: nil))
        _ = cache.keep(candidate(1), at: start)
        _ = cache.keep(candidate(2), at: start + .seconds(1))
        _ = cache.keep(candidate(3), at: start + .seconds(2))
        #expect(cache.expire(at: start + .seconds(4)).isEmpty)
        #expect(cache.expire(at: start + .seconds(6)) == [UpstreamID(1), UpstreamID(2)])
        #expect(cache.remove(UpstreamID(3)))
        #expect(!cache.remove(UpstreamID(3)))
    }
}

/// A cache that `#expect` can change: mutating calls are not possible in the macro's closure.
private final class CacheDriver {
    private var cache: KeepaliveCache

    init(_ settings: KeepaliveSettings) {
        cache = KeepaliveCache(settings)
    }

    var idle: [KeepaliveCache.Idle] { cache.idle }

    func take(to address: PeerAddress, location: Int) -> KeepaliveCache.Idle? {
        cache.take(to: address, location: location)
    }

    func keep(_ candidate: KeepaliveCache.Candidate, at instant: CaptureInstant) -> KeepaliveCache.Fate {
        cache.keep(candidate, at: instant)
    }

    func expire(at instant: CaptureInstant) -> [UpstreamID] {
        cache.expire(at: instant)
    }

    func remove(_ connection: UpstreamID) -> Bool {
        cache.remove(connection)
    }
}
