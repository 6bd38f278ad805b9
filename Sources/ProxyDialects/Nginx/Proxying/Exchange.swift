import HTTPWire
import ProxyModel
import WireBasics

extension RequestProcessing {
    /// `proxy_pass`: reads the body, then turns to the upstream.
    mutating func startProxying() -> PhaseResult {
        guard let pass = settings.proxy.pass else { return .finalize(500) }
        trace("content", "proxy_pass \(pass.url.written)", pass.source)
        wantBody()
        return .stop
    }

    /// Chooses the group and begins with its first server.
    ///
    /// Source: nginx `ngx_http_proxy_handler`, `ngx_http_upstream_init_request`.
    mutating func startExchange() {
        guard let (target, balancer) = proxyTarget() else { return }
        if !request.attempts.isEmpty {
            request.attempts.append(AttemptRecord(address: nil, started: now))
        }
        for line in target.group.map({ configuration.groups[$0].unmodelled }) ?? [] {
            unmodelled("\"\(line.name)\" is not modelled, and which server is chosen may depend on it", line.source)
        }
        if httpVersion.value == .http2 {
            unmodelled("proxy_http_version 2 is not modelled", httpVersion.source)
        }
        let proxy = settings.proxy
        let maxTries = proxy.nextUpstreamTries.value
        let address: PeerAddress =
            request.remoteAddress.map { .tcp(Endpoint(address: $0, port: request.remotePort)) } ?? connection.client
        let key = target.group.flatMap { configuration.groups[$0].hashKey }.map { evaluate($0) } ?? ""
        let group = balancer ?? target.group.map { shared.balancers[$0] }
        guard let group else { return finalize(500) }
        let selection = group.begin(key: key, client: address, maxTries: maxTries, at: now)
        let placeholder = OutgoingRequest(
            head: RequestHead(method: "", target: "", headers: HeaderFields()), headers: [], lost: [],
            version: Explanation(because: ""), target: Explanation(because: ""))
        request.exchange = UpstreamExchange(
            target: target, selection: selection, ownBalancer: balancer, outgoing: placeholder,
            location: request.location)
        guard let outgoing = makeUpstreamRequest(target) else {
            request.answer.decided = Explanation(
                because: "zero length URI to proxy", source: proxy.pass?.source)
            request.exchange = nil
            finalize(500)
            return
        }
        request.exchange?.outgoing = outgoing
        connection.state = .upstream
        connectNext()
    }

    /// Where `proxy_pass` leads now; nil when the request was answered because it leads nowhere.
    private mutating func proxyTarget() -> (UpstreamExchange.Target, UpstreamBalancer?)? {
        guard let pass = settings.proxy.pass else { return nil }
        if let fixed = pass.fixed {
            let target = UpstreamExchange.Target(
                scheme: fixed.scheme, authority: fixed.authority, port: fixed.port, uri: fixed.uri,
                hasVariables: false, group: fixed.group)
            return (target, nil)
        }
        let url = evaluate(pass.url)
        guard let parsed = ProxyTarget(url: url) else {
            request.answer.decided = Explanation(
                because: "proxy_pass comes to \"\(url)\", which is no http:// or https:// URL", source: pass.source)
            finalize(500)
            return nil
        }
        var uri = parsed.uri
        if uri.hasPrefix("?") { uri = "/" + uri }
        var target = UpstreamExchange.Target(
            scheme: parsed.scheme, authority: parsed.authority, port: parsed.portText, uri: uri, hasVariables: true,
            group: nil)
        let found = configuration.groups.firstIndex { group in
            guard group.name.equalsIgnoringCase(parsed.host) else { return false }
            return group.block != nil ? !parsed.hasPort : group.port == parsed.port
        }
        if let found {
            target.group = found
            return (target, nil)
        }
        let isLiteral =
            switch parsed.address {
            case .tcp: !parsed.host.equalsIgnoringCase("localhost")
            case .unix: true
            case .name: false
            }
        if !isLiteral {
            guard let resolver = settings.core.resolver, resolver.value else {
                request.answer.decided = Explanation(
                    because:
                        "no resolver defined to resolve \(parsed.host): proxy_pass has variables, and the name is no upstream block",
                    source: pass.source,
                    mend: "write \"resolver …;\", or name the servers in an upstream block, or leave the variable out")
                finalize(502)
                return nil
            }
            trace("upstream", "\(parsed.host) is looked up by the resolver at run time", resolver.source)
        }
        let group = UpstreamGroup.implicit(
            name: parsed.authority, addresses: [parsed.address], source: pass.source)
        return (target, UpstreamBalancer(group))
    }

    // MARK: - Attempts

    /// Begins the next attempt.
    ///
    /// Source: nginx `ngx_http_upstream_connect`.
    mutating func connectNext() {
        guard var exchange = request.exchange else { return }
        var record = AttemptRecord(address: "", started: now)
        let pick = withBalancer(&exchange) { [now] in $0.pick(&$1, at: now) }
        guard case .peer(let peer) = pick else {
            guard case .noLiveUpstreams(let explanation) = pick else { return }
            reportOtherWorkers(exchange, explanation)
            record.address = groupName(exchange)
            record.status = 502
            record.ended = now
            request.attempts.append(record)
            request.exchange = exchange
            trace("upstream", explanation.because, explanation.source)
            finalizeExchange(502, explanation)
            return
        }
        record.address = ByteString(peer.address.title)
        request.attempts.append(record)
        trace("upstream", peer.explanation.because, peer.explanation.source)
        if let unpredictable = peer.unpredictable {
            actions.append(.unmodelled(connection.id, unpredictable))
        }
        exchange.address = peer.address
        exchange.isSent = false
        exchange.head = nil
        exchange.parser = UpstreamResponseParser(rules: parserRules)
        let kept = exchange.target.group.flatMap {
            shared.caches[$0]?.take(to: peer.address, location: exchange.location)
        }
        if let kept, let group = exchange.target.group {
            exchange.upstream = kept.connection
            exchange.isReused = true
            exchange.selection.isCached = true
            exchange.opened = kept.opened
            exchange.served = kept.requests + 1
            shared.idleGroups[kept.connection] = nil
            shared.owners[kept.connection] = connection.id
            if let timer = shared.idleTimers.removeValue(forKey: kept.connection) {
                shared.timers[timer] = nil
                actions.append(.disarm(timer))
            }
            trace(
                "upstream", "a kept connection to \(peer.address.title) is used again",
                shared.caches[group]?.settings.source)
            request.exchange = exchange
            sendUpstreamRequest()
            return
        }
        let upstream = shared.newUpstream()
        shared.owners[upstream] = connection.id
        exchange.upstream = upstream
        exchange.isReused = false
        exchange.opened = now
        exchange.served = 1
        exchange.state = .connecting
        request.exchange = exchange
        actions.append(.connect(upstream, to: peer.address, for: connection.id, peer.explanation))
        armUpstreamTimer(settings.proxy.connectTimeout.value)
    }

    /// Says that failures which other requests have met are counted by each worker for itself.
    private mutating func reportOtherWorkers(_ exchange: UpstreamExchange, _ explanation: Explanation) {
        let hasTried = request.attempts.contains { $0.address?.isEmpty == false }
        guard configuration.workerProcesses != 1, !hasTried, let group = exchange.target.group,
            let block = configuration.groups[group].block, block.child("zone") == nil
        else { return }
        unmodelled(
            "\(explanation.because). With several worker_processes each counts for itself, and one that has counted less would try",
            block.location,
            mend:
                "write `zone \(configuration.groups[group].name) 64k;` into the block: then all workers count together")
    }

    private var parserRules: UpstreamResponseParser.Rules {
        UpstreamResponseParser.Rules(
            bufferSize: settings.proxy.bufferSize.value, refusesAmbiguity: behaviour.refusesAmbiguousResponses,
            passesEarlyHints: behaviour.readsOverEarlyHints, keepsBytesBeforeHTTP09: behaviour.keepsBytesBeforeHTTP09)
    }

    private func groupName(_ exchange: UpstreamExchange) -> ByteString {
        exchange.target.group.map { configuration.groups[$0].name } ?? exchange.target.authority
    }

    /// Works on the balancing state of the exchange's group, shared or its own.
    mutating func withBalancer<Result>(
        _ exchange: inout UpstreamExchange, _ body: (inout UpstreamBalancer, inout PeerSelection) -> Result
    ) -> Result? {
        if exchange.ownBalancer != nil {
            guard var balancer = exchange.ownBalancer else { return nil }
            defer { exchange.ownBalancer = balancer }
            return body(&balancer, &exchange.selection)
        }
        guard let group = exchange.target.group else { return nil }
        return body(&shared.balancers[group], &exchange.selection)
    }

    /// Sends the request on a connection that is there.
    ///
    /// Source: nginx `ngx_http_upstream_send_request`.
    mutating func sendUpstreamRequest() {
        guard var exchange = request.exchange, let upstream = exchange.upstream, let address = exchange.address else {
            return
        }
        exchange.state = .awaitingHead
        exchange.isSent = true
        let size = exchange.outgoing.head.bytes.count + exchange.outgoing.body.count
        withLastAttempt { [now] in
            $0.connected = now
            $0.bytesSent = size
        }
        request.exchange = exchange
        actions.append(.request(upstream, exchange.outgoing, address: address, for: connection.id))
        if isUnbuffered, request.bodyState == .reading || !request.body.isEmpty { forwardBody(from: 0) }
        armUpstreamTimer(settings.proxy.readTimeout.value)
    }

    /// Sends what has come of a body that is not buffered.
    mutating func forwardBody(from start: Int) {
        guard let exchange = request.exchange, exchange.isSent, let upstream = exchange.upstream else { return }
        let bytes = Array(request.body.dropFirst(start))
        let isOver = request.bodyState == .read
        var out = bytes
        if exchange.outgoing.head.headers.contains("Transfer-Encoding") {
            out = bytes.isEmpty ? [] : Array(String(bytes.count, radix: 16).utf8) + [13, 10] + bytes + [13, 10]
            if isOver { out += Array("0\r\n\r\n".utf8) }
        }
        if !out.isEmpty { actions.append(.forward(upstream, out)) }
    }

    /// Notes something about the attempt that is going on.
    mutating func withLastAttempt(_ change: (inout AttemptRecord) -> Void) {
        guard !request.attempts.isEmpty else { return }
        change(&request.attempts[request.attempts.count - 1])
    }

    // MARK: - Timers

    /// Arms the timer that waits for the upstream, or moves it.
    mutating func armUpstreamTimer(_ span: TimeSpan) {
        let timer = request.exchange?.timer ?? shared.newTimer(.connection(connection.id, upstream: true))
        request.exchange?.timer = timer
        actions.append(.arm(timer, at: now + span))
    }

    mutating func disarmUpstreamTimer(_ exchange: inout UpstreamExchange) {
        guard let timer = exchange.timer else { return }
        exchange.timer = nil
        shared.timers[timer] = nil
        actions.append(.disarm(timer))
    }
}
