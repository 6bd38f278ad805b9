import ProxyModel
import WireBasics

extension RequestProcessing {
    /// A reload: the worker takes no further requests on connections that wait for one.
    ///
    /// `keepalive_min_timeout` lets a connection that fell idle a moment ago wait a little more, so that a request that is on its
    /// way does not meet a closed one.
    /// Source: nginx `ngx_close_idle_connections`, `ngx_http_keepalive_handler`.
    mutating func workerShutsDown() {
        guard connection.waitsForFurtherRequest else { return }
        guard connection.staysUntil <= now else { return armClientTimer(connection.staysUntil - now) }
        closeClient(.full, afterReload)
    }

    /// `worker_shutdown_timeout` is over: whatever is going on ends, without an answer and without a close frame.
    ///
    /// A head that is not whole is left to its own timeout: its handler does not look.
    /// Source: nginx `ngx_shutdown_timer_handler`, `ngx_http_request_handler`, `ngx_http_process_request_line`.
    mutating func shutdownTimedOut() {
        guard connection.state != .head else { return }
        endExchange()
        let timeout = configuration.workerShutdownTimeout
        closeClient(
            .full,
            Explanation(
                because:
                    "nginx was reloaded, and worker_shutdown_timeout (\(timeout?.value ?? .zero)) after it the old worker closes what is still open, without a close frame: the browser reports 1006",
                source: timeout?.source,
                mend: "raise worker_shutdown_timeout, and have clients connect again after a random time"))
    }

    /// Why nothing is kept.
    var afterReload: Explanation {
        Explanation(because: "nginx was reloaded: the old worker keeps no connection that waits for a request")
    }
}
