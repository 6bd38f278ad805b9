import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

@Suite("NextUpstreamSettings")
struct NextUpstreamTests {
    private let start = CaptureInstant(nanoseconds: 0)

    private func selection(tries: Int, cached: Bool = false) -> PeerSelection {
        var selection = PeerSelection(tries: tries, started: start, key: "", addressOctets: [], hash: 0)
        selection.isCached = cached
        return selection
    }

    private func isNext(
        _ settings: NextUpstreamSettings, after failure: UpstreamFailure, method: ByteString = "GET",
        sent: Bool = true, tries: Int = 1, cached: Bool = false, at instant: CaptureInstant = .epoch
    ) -> Bool {
        var selection = selection(tries: tries, cached: cached)
        let next = settings.next(after: failure, method: method, requestSent: sent, selection: &selection, at: instant)
        if case .tryNext = next { return true }
        return false
    }

    @Test(
        "by default errors and timeouts are passed on to another server, malformed heads are not",
        arguments: [(.error, true), (.timeout, true), (.invalidHeader, false)] as [(UpstreamFailure, Bool)])
    func defaults(failure: UpstreamFailure, tried: Bool) {
        #expect(isNext(NextUpstreamSettings(), after: failure) == tried)
    }

    @Test(
        "the last failure decides what the client gets",
        arguments: [
            (.error, 502), (.timeout, 504), (.invalidHeader, 502), (.status(500), 500), (.status(503), 503),
            (.status(504), 504), (.status(403), 403), (.status(404), 404), (.status(429), 429), (.status(502), 502),
        ] as [(UpstreamFailure, Int)])
    func clientStatus(failure: UpstreamFailure, status: Int) {
        var selection = selection(tries: 0)
        let next = NextUpstreamSettings(conditions: [failure]).next(
            after: failure, method: "GET", requestSent: true, selection: &selection, at: start)
        guard case .give(let given, _) = next else {
            Issue.record("another server is tried")
            return
        }
        #expect(given == status)
    }

    @Test(
        "POST, LOCK and PATCH are tried again only while nothing was sent, or with non_idempotent",
        arguments: [
            ("POST", true, false, false), ("POST", false, false, true), ("POST", true, true, true),
            ("LOCK", true, false, false), ("PATCH", true, false, false), ("GET", true, false, true),
            ("PUT", true, false, true), ("DELETE", true, false, true),
        ] as [(ByteString, Bool, Bool, Bool)])
    func nonIdempotent(method: ByteString, sent: Bool, allowed: Bool, tried: Bool) {
        let settings = NextUpstreamSettings(allowsNonIdempotent: allowed)
        #expect(isNext(settings, after: .error, method: method, sent: sent) == tried)
    }

    @Test("a status is passed on only when it is listed and another try is left")
    func statuses() {
        let settings = NextUpstreamSettings(conditions: [.status(503)])
        let next = { (status: Int, tries: Int) in
            settings.triesNext(after: status, method: "GET", selection: selection(tries: tries), at: start)
        }
        #expect(next(503, 2))
        #expect(!next(503, 1), "the last server's answer goes to the client")
        #expect(!next(500, 2))
        #expect(
            !NextUpstreamSettings(conditions: [.status(401)]).triesNext(
                after: 401, method: "GET", selection: selection(tries: 2), at: start))
    }

    @Test("403 and 404 do not count against the server")
    func blame() {
        let counted = UpstreamFailure.namedStatuses.filter { UpstreamFailure.status($0).countsAgainstPeer }
        #expect(counted == [429, 500, 502, 503, 504])
        #expect(UpstreamFailure.error.countsAgainstPeer && UpstreamFailure.timeout.countsAgainstPeer)
    }

    @Test("proxy_next_upstream_timeout stops further tries once it is over")
    func timeout() {
        let settings = NextUpstreamSettings(timeout: .seconds(1))
        #expect(isNext(settings, after: .error, at: start + .milliseconds(999)))
        #expect(!isNext(settings, after: .error, at: start + .milliseconds(1000)))
    }

    @Test("proxy_next_upstream_tries limits the attempts of a request")
    func tries() {
        let driver = BalancerDriver(3)
        driver.dead = [0, 1, 2]
        driver.settings.tries = 2
        #expect(driver.request() == Attempts(tried: [0, 1], status: 502))
    }

    @Test("a kept-alive connection that fails costs no try")
    func cached() {
        #expect(!isNext(NextUpstreamSettings(), after: .error, tries: 0))
        #expect(isNext(NextUpstreamSettings(), after: .error, tries: 0, cached: true))
        #expect(!isNext(NextUpstreamSettings(), after: .timeout, tries: 0, cached: true))
    }

    @Test("every refusal to go on says why and how to change it")
    func explanations() {
        var selection = selection(tries: 1)
        let next = NextUpstreamSettings().next(
            after: .invalidHeader, method: "GET", requestSent: true, selection: &selection, at: start)
        #expect(
            next
                == .give(
                    status: 502,
                    Explanation(
                        because: "proxy_next_upstream does not list invalid_header, so the client gets 502",
                        mend: "add \"invalid_header\" to proxy_next_upstream to have another server tried")))
    }
}
