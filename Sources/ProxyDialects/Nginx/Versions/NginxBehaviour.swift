/// What differs between releases of nginx, each difference by name: `NginxChange` says since when and what.
struct NginxBehaviour: Hashable, Sendable {
    private let version: NginxVersion

    /// The behaviour of a release.
    init(_ version: NginxVersion) {
        self.version = version
    }

    private func has(_ change: NginxChange) -> Bool { version >= change.release }

    // MARK: the request

    /// How many requests a connection serves unless told otherwise (`keepalive_requests`).
    var keepaliveRequestsDefault: Int { has(.thousandKeepaliveRequests) ? 1000 : 100 }
    /// `GET http://host?args` has the path `/`.
    var acceptsEmptyPathBeforeQuery: Bool { has(.emptyPathBeforeQuery) }
    /// `CONNECT` is answered 405.
    var refusesConnectMethod: Bool { has(.connectRefused) }
    /// The target of `CONNECT` is read as an authority.
    var readsConnectTarget: Bool { has(.connectTargetRead) }
    /// The authority of `CONNECT` needs a port.
    var requiresConnectPort: Bool { has(.connectPortRequired) }
    /// `Content-Length` beside `Transfer-Encoding` is refused.
    var refusesAmbiguousLength: Bool { has(.ambiguousLengthRefused) }
    /// `Transfer-Encoding` in an HTTP/1.0 request is refused.
    var refusesTransferEncodingInHTTP10: Bool { has(.transferEncodingInHTTP10Refused) }
    /// Blanks and controls in a request line or header name are refused.
    var refusesControlsInNames: Bool { has(.controlsInNamesRefused) }
    /// Host and port are checked as RFC 3986 says.
    var checksHostStrictly: Bool { has(.hostCheckedStrictly) }
    /// A lone LF ends no line in a chunked body.
    var refusesBareLFInChunks: Bool { has(.bareLFInChunksRefused) }
    /// More header lines than `max_headers` are refused.
    var limitsHeaderLines: Bool { has(.headerLinesLimited) }
    /// A listener with `http2` and without TLS takes HTTP/1 as well.
    var takesHTTP1BesidePlainHTTP2: Bool { has(.http1BesidePlainHTTP2) }
    /// Header lines of one name become one value in `$http_…` and its kin.
    var joinsRepeatedHeaders: Bool { has(.repeatedHeadersJoined) }
    /// `$cookie_…` is split at `;` only.
    var splitsCookiesAtSemicolonOnly: Bool { has(.cookiesSplitAtSemicolon) }

    // MARK: towards the upstream

    /// `proxy_http_version` is 1.1 unless set, and nginx sends no `Connection: close` of its own.
    var proxiesHTTP11ByDefault: Bool { has(.http11ToUpstreams) }
    /// `upstream` blocks keep connections unless told otherwise.
    var keepsUpstreamsAlive: Bool { has(.upstreamsKeptAlive) }
    /// `Proxy-Connection` of the client is not passed on.
    var dropsProxyConnection: Bool { has(.proxyConnectionDropped) }
    /// `Host` is always sent first, and is never empty in HTTP/1.1.
    var sendsHostFirst: Bool { has(.hostFirst) }
    /// A changed URI goes out with all that RFC 3986 forbids in one escaped.
    var escapesAsRFC3986: Bool { has(.rfc3986Escapes) }
    /// A URI shorter than the location's prefix is replaced whole.
    var clampsReplacedPrefix: Bool { has(.replacedPrefixClamped) }
    /// Servers that are `down` count as tries.
    var countsDownServers: Bool { !has(.downServersUncounted) }

    // MARK: the response

    /// Early hints of an upstream are read over.
    var readsOverEarlyHints: Bool { has(.earlyHintsReadOver) }
    /// Contradictory or repeated lines of a backend are refused.
    var refusesAmbiguousResponses: Bool { has(.ambiguousResponsesRefused) }
    /// The bytes before an HTTP/0.9 answer are kept.
    var keepsBytesBeforeHTTP09: Bool { has(.bytesBeforeHTTP09Kept) }
    /// All lines of `WWW-Authenticate` are kept where nginx's own page replaces a 401.
    var passesEveryChallenge: Bool { has(.everyChallengePassed) }
    /// What comes beyond `Content-Length` goes on to the client.
    var passesExtraData: Bool { !has(.extraDataDropped) }
    /// The redirect that adds a slash escapes its target.
    var escapesSlashRedirect: Bool { has(.slashRedirectEscaped) }
    /// 407 has a page and a reason of its own, `Proxy-Authorization` is known.
    var knowsProxyAuthentication: Bool { has(.proxyAuthenticationKnown) }
    /// A worker that a reload has told to end says `Connection: close`.
    var saysCloseWhenShuttingDown: Bool { has(.closeWhenShuttingDown) }
}
