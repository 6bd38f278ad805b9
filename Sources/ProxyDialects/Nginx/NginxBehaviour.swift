import WireBasics

/// What differs between releases of nginx, each difference by name and with its source.
///
/// Source: nginx's change log, `docs/xml/nginx/changes.xml`; the release named is the first with the new behaviour.
struct NginxBehaviour: Hashable, Sendable {
    /// Keep-alive connections serve 1000 requests, 100 before (1.19.10).
    let keepaliveRequestsDefault: Int
    /// Header lines of one name become one value in `$http_…` and its kin, joined by `, ` (1.23.0).
    let joinsRepeatedHeaders: Bool
    /// `CONNECT` is answered 405 (1.21.1); before it passed on.
    let refusesConnectMethod: Bool
    /// The target of `CONNECT` is read as an authority, so that a well-formed one gets 405 and not 400 (1.31.0,
    /// with the tunnel module).
    let readsConnectTarget: Bool
    /// A `Transfer-Encoding` in an HTTP/1.0 request, and `Content-Length` beside `Transfer-Encoding`, are refused
    /// (1.21.1); before `Content-Length` was dropped.
    let refusesAmbiguousLength: Bool
    /// Blanks and controls in a request line or header name are refused (1.21.1).
    let refusesControlsInNames: Bool
    /// Host and port are checked as RFC 3986 says (1.29.4).
    let checksHostStrictly: Bool
    /// A lone LF ends no line in a chunked body (1.29.4).
    let refusesBareLFInChunks: Bool
    /// A worker that a reload has told to end says `Connection: close` (1.21.6); before it said keep-alive and closed.
    let saysCloseWhenShuttingDown: Bool
    /// `proxy_http_version` is 1.1 unless set, and nginx sends no `Connection: close` of its own (1.29.7).
    let proxiesHTTP11ByDefault: Bool
    /// Upstream connections are kept alive unless told otherwise: `keepalive 32 local` (1.29.7).
    let keepsUpstreamsAlive: Bool
    /// `Proxy-Connection` of the client is not passed on (1.31.0).
    let dropsProxyConnection: Bool
    /// `Host` is always sent first, and a `Host` that came out empty falls back to `$proxy_host` in HTTP/1.1
    /// (1.31.4).
    let sendsHostFirst: Bool
    /// Early hints of an upstream are read over, and passed on where `early_hints` says so (1.29.0).
    let readsOverEarlyHints: Bool
    /// More header lines than `max_headers` are refused (1.29.8).
    let limitsHeaderLines: Bool
    /// `$cookie_…` is split at `;` only, not at `,` (1.29.6).
    let splitsCookiesAtSemicolonOnly: Bool
    /// 407 has a page and a reason of its own (1.29.8).
    let knows407: Bool
    /// A 103 without HTTP/1.1, and the bytes before an HTTP/0.9 answer, are treated as since 1.31.0.
    let keepsBytesBeforeHTTP09: Bool
    /// Contradictory or repeated lines of a backend are refused (1.23.0).
    let refusesAmbiguousResponses: Bool
    /// A listener with `http2` and without TLS takes HTTP/1 as well (1.25.1); before it took HTTP/2 alone.
    let takesHTTP1BesidePlainHTTP2: Bool
    /// Half a request's URI is never left out when the location's prefix is longer than the URI (1.29.4).
    let clampsReplacedPrefix: Bool

    /// The behaviour of a release.
    init(_ version: NginxVersion) {
        func since(_ major: Int, _ minor: Int, _ patch: Int) -> Bool {
            version >= NginxVersion(major, minor, patch)
        }
        keepaliveRequestsDefault = since(1, 19, 10) ? 1000 : 100
        joinsRepeatedHeaders = since(1, 23, 0)
        refusesConnectMethod = since(1, 21, 1)
        readsConnectTarget = since(1, 31, 0)
        refusesAmbiguousLength = since(1, 21, 1)
        refusesControlsInNames = since(1, 21, 1)
        checksHostStrictly = since(1, 29, 4)
        refusesBareLFInChunks = since(1, 29, 4)
        saysCloseWhenShuttingDown = since(1, 21, 6)
        proxiesHTTP11ByDefault = since(1, 29, 7)
        keepsUpstreamsAlive = since(1, 29, 7)
        dropsProxyConnection = since(1, 31, 0)
        sendsHostFirst = since(1, 31, 4)
        readsOverEarlyHints = since(1, 29, 0)
        limitsHeaderLines = since(1, 29, 8)
        splitsCookiesAtSemicolonOnly = since(1, 29, 6)
        knows407 = since(1, 29, 8)
        keepsBytesBeforeHTTP09 = since(1, 31, 0)
        refusesAmbiguousResponses = since(1, 23, 0)
        takesHTTP1BesidePlainHTTP2 = since(1, 25, 1)
        clampsReplacedPrefix = since(1, 29, 4)
    }
}
