import ProxyModel
import WireBasics

extension RequestProcessing {
    /// An attempt failed: another server is tried, or the client is told.
    ///
    /// Source: nginx `ngx_http_upstream_next`.
    mutating func failAttempt(_ failure: UpstreamFailure, _ why: Explanation) {
        guard var exchange = request.exchange else { return }
        trace("upstream", why.because, why.source)
        _ = withBalancer(&exchange) { [now] in $0.free(&$1, failed: failure.countsAgainstPeer, at: now) }
        withLastAttempt { [now] in
            $0.status = $0.status ?? failure.clientStatus
            $0.ended = now
        }
        let next = nextUpstream.next(
            after: failure, method: request.method, requestSent: exchange.isSent, selection: &exchange.selection,
            at: now)
        closeUpstream(&exchange, .full)
        request.exchange = exchange
        switch next {
        case .tryNext(let explanation):
            trace("upstream", explanation.because, explanation.source)
            connectNext()
        case .give(let status, let explanation):
            trace("upstream", explanation.because, explanation.source)
            finalizeExchange(status, why)
        }
    }

    /// `proxy_next_upstream` and its companions.
    var nextUpstream: NextUpstreamSettings {
        let proxy = settings.proxy
        var conditions: Set<UpstreamFailure> = []
        var allowsNonIdempotent = false
        for word in proxy.nextUpstream.value {
            switch word {
            case "error": conditions.insert(.error)
            case "timeout": conditions.insert(.timeout)
            case "invalid_header": conditions.insert(.invalidHeader)
            case "non_idempotent": allowsNonIdempotent = true
            case "off": conditions = []
            default:
                if let status = word.dropping(prefix: "http_").flatMap(DirectiveValue.int).flatMap(Int.init(exactly:)) {
                    conditions.insert(.status(status))
                }
            }
        }
        return NextUpstreamSettings(
            conditions: conditions, allowsNonIdempotent: allowsNonIdempotent, tries: proxy.nextUpstreamTries.value,
            timeout: proxy.nextUpstreamTimeout.value, source: proxy.nextUpstream.source)
    }

    /// Ends the exchange with a status that nginx answers by itself.
    ///
    /// Source: nginx `ngx_http_upstream_finalize_request`.
    mutating func finalizeExchange(_ status: Int, _ why: Explanation) {
        endExchange()
        request.answer.decided = why
        finalize(status)
    }

    /// Frees the server and closes or keeps the connection to it.
    mutating func endExchange(keeping: Bool = false) {
        guard var exchange = request.exchange else { return }
        disarmUpstreamTimer(&exchange)
        withLastAttempt { [now] in $0.ended = $0.ended ?? now }
        if keeping, !isShuttingDown, let upstream = exchange.upstream, let address = exchange.address,
            let group = exchange.target.group,
            shared.caches[group] != nil
        {
            let candidate = KeepaliveCache.Candidate(
                connection: upstream, address: address, location: exchange.location, opened: exchange.opened,
                requests: exchange.served, responseAllows: true, requestSent: request.bodyState != .reading)
            switch shared.caches[group]?.keep(candidate, at: now) {
            case .kept(let deadline, let evicted)?:
                shared.owners[upstream] = nil
                shared.idleGroups[upstream] = group
                let timer = shared.newTimer(.idle(upstream))
                shared.idleTimers[upstream] = timer
                actions.append(.arm(timer, at: deadline))
                if let evicted { dropIdle(evicted) }
                exchange.upstream = nil
            default: break
            }
        }
        closeUpstream(&exchange, .full)
        _ = withBalancer(&exchange) { [now] in $0.free(&$1, failed: false, at: now) }
        exchange.state = .over
        request.exchange = exchange
    }

    /// Closes an idle connection that has to make room.
    private mutating func dropIdle(_ upstream: UpstreamID) {
        shared.idleGroups[upstream] = nil
        if let timer = shared.idleTimers.removeValue(forKey: upstream) {
            shared.timers[timer] = nil
            actions.append(.disarm(timer))
        }
        actions.append(.closeUpstream(upstream, .full))
    }

    private mutating func closeUpstream(_ exchange: inout UpstreamExchange, _ closing: Closing) {
        guard let upstream = exchange.upstream else { return }
        exchange.upstream = nil
        shared.owners[upstream] = nil
        actions.append(.closeUpstream(upstream, closing))
    }
}
