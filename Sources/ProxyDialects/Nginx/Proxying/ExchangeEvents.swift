import HTTPWire
import ProxyModel
import WireBasics

extension RequestProcessing {
    /// The connection to the upstream is there.
    mutating func upstreamConnected() {
        guard request.exchange?.state == .connecting else { return }
        sendUpstreamRequest()
    }

    /// It is not.
    mutating func upstreamFailed(_ failure: ConnectFailure) {
        guard let exchange = request.exchange, exchange.state == .connecting else { return }
        let address = exchange.address?.title ?? ""
        let because =
            failure == .refused
            ? "connect() to \(address) failed (111: Connection refused)"
            : "connect() to \(address) failed (113: No route to host)"
        request.exchange?.upstream = nil
        failAttempt(
            .error, Explanation(because: because, source: settings.proxy.pass?.source, mend: mendOfRefusal(exchange)))
    }

    private func mendOfRefusal(_ exchange: UpstreamExchange) -> String {
        let start = "start the server there, or write the address that it listens at"
        guard case .tcp(let endpoint) = exchange.address, endpoint.address.isLoopback else { return start }
        return start + " (inside a container, \(endpoint.address) is the container itself)"
    }

    /// Bytes from the upstream.
    mutating func upstreamReceived(_ bytes: [UInt8]) {
        withLastAttempt { $0.bytesReceived += bytes.count }
        switch request.exchange?.state {
        case .awaitingHead:
            request.exchange?.parser.receive(bytes)
            readUpstreamHead()
        case .relaying:
            withLastAttempt { $0.bodyLength += bytes.count }
            armUpstreamTimer(settings.proxy.readTimeout.value)
            carryOut(request.exchange?.relay?.receive(bytes) ?? [])
        // Under way already when the tunnel was opened.
        case .tunnelling: transmit(bytes)
        default: break
        }
    }

    /// The upstream closed.
    mutating func upstreamClosed(_ closing: Closing) {
        guard let exchange = request.exchange else { return }
        switch exchange.state {
        case .connecting:
            request.exchange?.upstream = nil
            failAttempt(.error, Explanation(because: "the upstream closed the connection", source: nil))
        case .awaitingHead:
            let address = exchange.address?.title ?? ""
            let because =
                closing == .reset
                ? "\(address) reset the connection while nginx was reading its response head"
                : "\(address) prematurely closed the connection while nginx was reading its response head"
            let speaksTLS = exchange.target.scheme == "https"
            failAttempt(
                .error,
                Explanation(
                    because: because, source: settings.proxy.pass?.source,
                    mend: "see why the server closes; "
                        + (speaksTLS ? "does it speak TLS there?" : "where it speaks TLS, write `https://`")))
        case .relaying:
            carryOut(request.exchange?.relay?.end(closing == .reset ? .reset : .closed) ?? [])
        case .tunnelling: tunnelClosed(by: .server, closing)
        case .over: break
        }
    }

    /// The timer that waits for the upstream is due.
    mutating func upstreamTimedOut() {
        guard let exchange = request.exchange else { return }
        request.exchange?.timer = nil
        let proxy = settings.proxy
        switch exchange.state {
        case .connecting:
            failAttempt(
                .timeout,
                Explanation(
                    because:
                        "upstream timed out: no connection to \(exchange.address?.title ?? "") within proxy_connect_timeout (\(proxy.connectTimeout.value))",
                    source: proxy.connectTimeout.source ?? proxy.pass?.source,
                    mend: "write the address that the server listens at, and see that no firewall is in between"))
        case .awaitingHead:
            failAttempt(
                .timeout,
                Explanation(
                    because:
                        "upstream timed out: no response head from \(exchange.address?.title ?? "") within proxy_read_timeout (\(proxy.readTimeout.value))",
                    source: proxy.readTimeout.source,
                    mend: "raise proxy_read_timeout, or see why the backend does not answer"))
        case .relaying:
            carryOut(request.exchange?.relay?.end(.timedOut) ?? [])
        case .tunnelling, .over: break
        }
    }

    /// The client closed while the upstream was at work.
    ///
    /// Source: nginx `ngx_http_upstream_check_broken_connection`.
    mutating func clientLeftDuringExchange(_ gone: Explanation) {
        if settings.proxy.ignoreClientAbort.value, request.exchange?.state != .relaying { return }
        while connection.stack.count > 1 {
            endExchange()
            connection.stack.removeLast()
        }
        endExchange()
        closeClient(.full, gone)
    }

    // MARK: - The head

    private mutating func readUpstreamHead() {
        while request.exchange?.state == .awaitingHead {
            let event: UpstreamResponseParser.Event?
            do {
                event = try request.exchange?.parser.nextEvent()
            } catch {
                // `$upstream_http_…` shows the lines before the one that nginx refused.
                let partial = request.exchange?.parser.partialHead
                request.exchange?.head = partial
                failAttempt(
                    .invalidHeader,
                    Explanation(
                        because: "the upstream's response is not usable: \(error.message)",
                        source: settings.proxy.bufferSize.source, mend: error.mend))
                return
            }
            switch event {
            case nil: return
            case .earlyHints: continue
            case .head(let head): takeHead(head)
            case .http09:
                trace("upstream", "the upstream sent no status line: nginx passes the bytes on as HTTP/0.9")
                takeHead(.http09, isHTTP09: true)
            }
        }
    }

    /// Source: nginx `ngx_http_upstream_process_header`, `ngx_http_upstream_process_headers`.
    private mutating func takeHead(_ head: UpstreamHead, isHTTP09: Bool = false) {
        request.exchange?.head = head
        withLastAttempt { [now] in
            $0.headed = now
            $0.status = isHTTP09 ? 200 : head.status
        }
        guard let exchange = request.exchange else { return }
        if head.status >= 300 {
            if nextUpstream.triesNext(
                after: head.status, method: request.method, requestSent: exchange.isSent,
                selection: exchange.selection, at: now)
            {
                failAttempt(
                    .status(head.status),
                    Explanation(
                        because: "the upstream answered \(head.status)", source: settings.proxy.nextUpstream.source))
                return
            }
            if interceptError(head) { return }
        }
        let settings = responseSettings()
        let instructions = UpstreamInstructions(head, settings: settings)
        if let redirect = instructions.redirect {
            obeyRedirect(redirect, head, ResponseHeaderFilter(settings))
            return
        }
        trace("upstream", "the upstream answered \(head.statusLine)")
        respondFromUpstream(head, settings, instructions, isHTTP09: isHTTP09)
    }

    private mutating func interceptError(_ head: UpstreamHead) -> Bool {
        let rules = settings.core.errorPages.lines
        guard settings.proxy.interceptErrors.value, let rule = rules.first(where: { $0.status == head.status }) else {
            return false
        }
        if head.status == 401 { request.answer.challenges = challenges(of: head) }
        finalizeExchange(
            head.status,
            Explanation(
                because: "proxy_intercept_errors replaces the backend's \(head.status) by error_page",
                source: rule.source))
        return true
    }

    /// What a backend asks for with a 401 whose page is nginx's own.
    func challenges(of head: UpstreamHead) -> [ByteString] {
        let all = head.headers.filter { $0.name.equalsIgnoringCase("WWW-Authenticate") }.map(\.value)
        return behaviour.passesEveryChallenge ? all : Array(all.prefix(1))
    }

    private mutating func obeyRedirect(_ target: ByteString, _ head: UpstreamHead, _ filter: ResponseHeaderFilter) {
        trace("upstream", "X-Accel-Redirect: the request goes on to \(target) inside nginx")
        request.answer.kept = filter.accelRedirect(head, into: request.answer.kept)
        endExchange(keeping: noBody(head) && !head.closesConnection)
        if target.hasPrefix("@") {
            redirectInternally(toNamed: target, nil)
            return
        }
        let (path, arguments) = RequestTarget.split(target)
        if request.method != "HEAD" { request.method = "GET" }
        redirectInternally(to: EscapedURI.decoded(path), arguments: arguments, nil)
    }

    // MARK: - The answer

    private mutating func respondFromUpstream(
        _ head: UpstreamHead, _ settings: ResponseSettings, _ instructions: UpstreamInstructions, isHTTP09: Bool
    ) {
        let switches = head.status == 101 && request.asksForUpgrade
        var context = responseContext
        if isHTTP09 {
            // No head goes out; what the client asked for its connection still holds.
            context.version = .http09
        }
        let out = ResponseHeaderFilter(settings).upstream(head, into: request.answer.kept)
        let filtered = filter(out, context)
        if request.isSubrequest, switches {
            endExchange()
            closeClient(
                .full,
                Explanation(
                    because:
                        "the server behind auth_request switched protocols, which nginx does not take from a subrequest: it closes the connection",
                    source: self.settings.proxy.pass?.source,
                    mend:
                        "write `proxy_set_header Upgrade \"\";` and `proxy_set_header Connection \"\";` in location \(location.title)"
                ))
            return
        }
        if request.isSubrequest {
            let keeps = noBody(head) && !head.closesConnection
            endExchange(keeping: keeps)
            endSubrequest(request.answer.status)
            return
        }
        if switches {
            openTunnel(filtered)
            return
        }
        if head.status == 101 {
            trace(
                "upstream",
                "the backend switches protocols, but the client's request has no Upgrade line: nginx passes the head on as an ordinary answer"
            )
        }
        if !request.asksForUpgrade {
            for line in self.settings.bodyFilters.acting(on: head, for: request) {
                unmodelled("\"\(line.name)\" changes this answer on its way, which is not modelled", line.source)
            }
        }
        var buffers = ResponseRelay.Buffers()
        buffers.isBuffering = instructions.buffering ?? self.settings.proxy.buffering.value
        buffers.first = self.settings.proxy.bufferSize.value
        buffers.size = self.settings.proxy.buffers.value.size
        buffers.count = self.settings.proxy.buffers.value.count
        buffers.busy =
            self.settings.proxy.busyBuffersSize?.value ?? 2 * max(buffers.first, buffers.size)
        buffers.postpone = self.settings.core.postponeOutput.value
        var relay = ResponseRelay(
            head, isHEAD: context.isHEAD, response: filtered, buffers: buffers,
            needsCR: behaviour.refusesBareLFInChunks,
            passesExtraData: behaviour.passesExtraData)
        let unread = request.exchange?.parser.unread ?? []
        request.exchange?.state = .relaying
        request.exchange?.filtered = filtered
        withLastAttempt { $0.bodyLength += unread.count }
        armUpstreamTimer(self.settings.proxy.readTimeout.value)
        let outputs = relay.begin(unread)
        request.exchange?.relay = relay
        carryOut(outputs)
    }

    private func noBody(_ head: UpstreamHead) -> Bool {
        head.status == 204 || head.status == 304 || (!head.isChunked && head.contentLength == 0)
    }

    private mutating func carryOut(_ outputs: [ResponseRelay.Output]) {
        for output in outputs {
            switch output {
            case .head:
                if let filtered = request.exchange?.filtered { respond(filtered) }
            case .body(let bytes): transmit(bytes)
            case .complete:
                endExchange(keeping: request.exchange?.relay?.keepsUpstream ?? false)
                finishRequest()
            case .cutShort(let explanation):
                endExchange()
                closeClient(.full, explanation)
            }
        }
    }
}
