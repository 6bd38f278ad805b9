import ProxyModel
import WireBasics

/// What `proxy_next_upstream` and its companions say.
struct NextUpstreamSettings: Hashable, Sendable {
    /// The conditions, without `non_idempotent`; empty for `off`.
    var conditions: Set<UpstreamFailure>
    /// Whether requests that may have had effects are passed on too (`non_idempotent`).
    var allowsNonIdempotent: Bool
    /// `proxy_next_upstream_tries`; 0 for no limit.
    var tries: Int
    /// `proxy_next_upstream_timeout`; zero for no limit.
    var timeout: TimeSpan
    /// The line of `proxy_next_upstream`; nil for the default.
    var source: ConfigLocation?

    /// Settings with all their parts; what is left out is nginx's default.
    init(
        conditions: Set<UpstreamFailure> = [.error, .timeout], allowsNonIdempotent: Bool = false, tries: Int = 0,
        timeout: TimeSpan = .zero, source: ConfigLocation? = nil
    ) {
        self.conditions = conditions
        self.allowsNonIdempotent = allowsNonIdempotent
        self.tries = tries
        self.timeout = timeout
        self.source = source
    }
}

/// How an attempt failed, in the words of `proxy_next_upstream`.
enum UpstreamFailure: Hashable, Sendable {
    /// Connecting, sending or reading failed: refused, unreachable, reset, closed before a whole head.
    case error
    /// A timeout of connecting, sending or reading the head.
    case timeout
    /// The head is malformed, or larger than `proxy_buffer_size`.
    case invalidHeader
    /// A whole head with a status that `proxy_next_upstream` can name: 403, 404, 429, 500, 502, 503, 504.
    case status(Int)

    /// The statuses that `proxy_next_upstream` can name.
    ///
    /// Source: nginx `ngx_http_upstream_next_errors`.
    static let namedStatuses: Set<Int> = [403, 404, 429, 500, 502, 503, 504]

    /// The status that the client gets when this was the last attempt.
    var clientStatus: Int {
        switch self {
        case .error, .invalidHeader: 502
        case .timeout: 504
        case .status(let status): status
        }
    }

    /// Whether the failure counts against the peer: 403 and 404 do not.
    var countsAgainstPeer: Bool {
        self != .status(403) && self != .status(404)
    }

    /// The parameter of `proxy_next_upstream`.
    var parameter: String {
        switch self {
        case .error: "error"
        case .timeout: "timeout"
        case .invalidHeader: "invalid_header"
        case .status(let status): "http_\(status)"
        }
    }
}

/// What happens after a failed attempt.
enum NextUpstream: Hashable, Sendable {
    /// Another server is tried.
    case tryNext(Explanation)
    /// The client gets nginx's own page for this status.
    case give(status: Int, Explanation)
}

extension NextUpstreamSettings {
    /// Whether a whole head with that status means that the attempt failed and another server is tried.
    ///
    /// When not, the response goes to the client and the peer is freed as a success.
    ///
    /// - Parameter selection: as it is before the peer is freed.
    /// Source: nginx `ngx_http_upstream_test_next`.
    func triesNext(
        after status: Int, method: ByteString, requestSent: Bool = true, selection: PeerSelection,
        at instant: CaptureInstant
    ) -> Bool {
        UpstreamFailure.namedStatuses.contains(status) && selection.tries > 1 && conditions.contains(.status(status))
            && !isBarred(method, requestSent: requestSent) && !isLate(selection, at: instant)
    }

    /// Says what follows a failed attempt.
    ///
    /// Order: the caller frees the peer first (`failed: failure.countsAgainstPeer`), then asks. A kept-alive connection
    /// that fails costs no try; this function gives it back. A status comes here only when `triesNext` says so:
    /// otherwise what the backend answered goes to the client, and the peer is freed as a success.
    /// Source: nginx `ngx_http_upstream_next`.
    func next(
        after failure: UpstreamFailure, method: ByteString, requestSent: Bool, selection: inout PeerSelection,
        at instant: CaptureInstant
    ) -> NextUpstream {
        if selection.isCached, failure == .error { selection.tries += 1 }
        let status = failure.clientStatus
        func give(_ because: String, mend: String = "") -> NextUpstream {
            let text = "\(because), so the client gets \(status)"
            return .give(status: status, Explanation(because: text, source: source, mend: mend))
        }
        if !conditions.contains(failure) {
            return give(
                "proxy_next_upstream does not list \(failure.parameter)",
                mend: "add \"\(failure.parameter)\" to proxy_next_upstream to have another server tried")
        }
        if isBarred(method, requestSent: requestSent) {
            return give(
                "a \(method) request that was sent is not tried again",
                mend: "add \"non_idempotent\" to proxy_next_upstream, if trying twice does no harm")
        }
        if selection.tries == 0 {
            return give("there is no further server to try", mend: tries > 0 ? "raise proxy_next_upstream_tries" : "")
        }
        if isLate(selection, at: instant) {
            return give("proxy_next_upstream_timeout (\(timeout)) is over", mend: "raise proxy_next_upstream_timeout")
        }
        let because = "proxy_next_upstream lists \(failure.parameter) and \(selection.tries) tries are left"
        return .tryNext(Explanation(because: because, source: source))
    }

    /// Whether the method may have had effects: POST, LOCK and PATCH, once sent.
    private func isBarred(_ method: ByteString, requestSent: Bool) -> Bool {
        requestSent && !allowsNonIdempotent && ["POST", "LOCK", "PATCH"].contains(method)
    }

    /// Units: milliseconds, as nginx's clock.
    private func isLate(_ selection: PeerSelection, at instant: CaptureInstant) -> Bool {
        timeout > .zero && instant - selection.started >= timeout
    }
}
