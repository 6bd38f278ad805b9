import ProxyModel
import WireBasics

extension RequestProcessing {
    /// Ends a request whose answer is out: a subrequest goes back to its parent, a connection is kept or closed.
    ///
    /// Source: nginx `ngx_http_finalize_connection`, `ngx_http_set_keepalive`, `ngx_http_set_lingering_close`.
    mutating func finishRequest() {
        if request.isSubrequest {
            endSubrequest(request.answer.status)
            return
        }
        guard connection.state != .closed else { return }
        flushPostponed()
        if case .discarding = request.bodyState, !connection.hasEnded {
            connection.state = .body
            armClientTimer(settings.core.lingeringTimeout.value)
            return
        }
        releaseLimits()
        if request.bodyState == .reading { request.keepsAlive = false }
        guard request.keepsAlive, !isShuttingDown, !connection.hasEnded, settings.core.keepaliveTimeout.value > .zero
        else {
            closeClient(.full, whyClosing)
            return
        }
        let timeout = settings.core.keepaliveTimeout
        connection.state = .idle
        connection.staysUntil = now + settings.core.keepaliveMinTimeout.value
        connection.input.startNext(size: configuration.servers[request.server].clientHeaderBufferSize.value)
        if !connection.input.hasMore { armClientTimer(timeout.value) }
    }

    private var whyClosing: Explanation {
        if connection.hasEnded { return Explanation(because: "the client has closed its side") }
        if request.connection == .close {
            return Explanation(because: "the client asked for Connection: close")
        }
        if isShuttingDown { return afterReload }
        return request.answer.decided
            ?? Explanation(because: "nginx does not keep the connection after this answer")
    }

    /// What happens when the timer that waits for the client is due.
    mutating func clientTimedOut() {
        connection.timer = nil
        switch connection.state {
        case .idle:
            closeClient(
                .full,
                Explanation(
                    because: "the connection was idle for keepalive_timeout (\(settings.core.keepaliveTimeout.value))",
                    source: settings.core.keepaliveTimeout.source))
        case .head:
            closeClient(
                .full,
                Explanation(
                    because:
                        "the head was not complete after client_header_timeout (\(server.clientHeaderTimeout.value)); nginx closes without an answer",
                    source: server.clientHeaderTimeout.source))
        case .body:
            if case .discarding = request.bodyState {
                closeClient(.full, Explanation(because: "the rest of the body did not come within lingering_timeout"))
                return
            }
            closeClient(
                .full,
                Explanation(
                    because: "the body did not come within client_body_timeout; nginx closes without an answer",
                    source: settings.core.clientBodyTimeout.source))
        case .delayed:
            connection.state = .head
            if let status = request.delayedStatus {
                finalize(status)
            } else {
                runPhases(from: .preaccess)
            }
        case .upstream, .tunnel, .closed: break
        }
    }

    /// What happens when the client closes.
    mutating func clientClosed(_ closing: Closing) {
        connection.hasEnded = true
        let gone = Explanation(because: "the client closed the connection")
        switch connection.state {
        case .idle, .head, .body:
            closeClient(.full, gone)
        case .delayed:
            closeClient(.full, gone)
        case .upstream:
            clientLeftDuringExchange(gone)
        case .tunnel: tunnelClosed(by: .client, closing)
        case .closed: break
        }
    }

    /// Sends what waits in nginx's output buffer.
    mutating func flushPostponed() {
        guard !connection.postponed.isEmpty else { return }
        let bytes = connection.postponed
        connection.postponed = []
        transmit(bytes)
    }
}
