/// A change between releases of nginx that shows in these exchanges: each is one switch of `NginxBehaviour`.
///
/// Source: nginx's change log, `docs/xml/nginx/changes.xml`; the release is the first with the new behaviour. The
/// releases that brought or took directives and variables stand in their tables.
enum NginxChange: CaseIterable, Sendable {
    case extraDataDropped
    case emptyPathBeforeQuery
    case downServersUncounted
    case thousandKeepaliveRequests
    case slashRedirectEscaped
    case rfc3986Escapes
    case connectRefused
    case ambiguousLengthRefused
    case controlsInNamesRefused
    case transferEncodingInHTTP10Refused
    case closeWhenShuttingDown
    case repeatedHeadersJoined
    case everyChallengePassed
    case ambiguousResponsesRefused
    case http1BesidePlainHTTP2
    case earlyHintsReadOver
    case connectTargetRead
    case hostCheckedStrictly
    case bareLFInChunksRefused
    case replacedPrefixClamped
    case cookiesSplitAtSemicolon
    case http11ToUpstreams
    case upstreamsKeptAlive
    case proxyAuthenticationKnown
    case headerLinesLimited
    case connectPortRequired
    case proxyConnectionDropped
    case bytesBeforeHTTP09Kept
    case hostFirst

    /// The first release that has it.
    var release: NginxVersion { row.release }

    /// What is different since, in one sentence.
    var what: String { row.what }

    private var row: (release: NginxVersion, what: String) {
        switch self {
        case .extraDataDropped:
            (
                NginxVersion(1, 19, 1),
                "What a backend sends beyond its `Content-Length` is dropped; before, it went on to the client."
            )
        case .emptyPathBeforeQuery:
            (
                NginxVersion(1, 19, 6),
                "`GET http://example.com?args` is taken, with the path `/`; before, it was answered 400."
            )
        case .downServersUncounted:
            (
                NginxVersion(1, 19, 6),
                "Servers that are `down` are no tries of `proxy_next_upstream`; before, running out of the others ended in \"no live upstreams\"."
            )
        case .thousandKeepaliveRequests:
            (NginxVersion(1, 19, 10), "Connections serve 1000 requests (`keepalive_requests`); before, 100.")
        case .slashRedirectEscaped:
            (NginxVersion(1, 21, 0), "The redirect that adds a slash escapes special characters in `Location`.")
        case .rfc3986Escapes:
            (
                NginxVersion(1, 21, 1),
                "With a changed URI, `\"<>\\^`{|}` go to the backend escaped, and `;` in captures put into arguments; before, as they are."
            )
        case .connectRefused: (NginxVersion(1, 21, 1), "`CONNECT` is answered 405; before, it was passed on.")
        case .ambiguousLengthRefused:
            (
                NginxVersion(1, 21, 1),
                "`Content-Length` beside `Transfer-Encoding` is answered 400; before, `Content-Length` was dropped."
            )
        case .controlsInNamesRefused:
            (
                NginxVersion(1, 21, 1),
                "Blanks and control characters in the request line, header names and `Host` are answered 400."
            )
        case .transferEncodingInHTTP10Refused:
            (NginxVersion(1, 21, 2), "`Transfer-Encoding` in an HTTP/1.0 request is answered 400.")
        case .closeWhenShuttingDown:
            (
                NginxVersion(1, 21, 6),
                "After a reload, old workers say `Connection: close`; before, they said keep-alive and closed."
            )
        case .repeatedHeadersJoined:
            (
                NginxVersion(1, 23, 0),
                "Lines of one name are one value in `$http_…`, `$sent_http_…` and `$upstream_http_…`, joined by `, `; before, the first."
            )
        case .everyChallengePassed:
            (
                NginxVersion(1, 23, 0),
                "A 401 of a backend that is intercepted, or comes from behind `auth_request`, keeps all its `WWW-Authenticate` lines; before, the first."
            )
        case .ambiguousResponsesRefused:
            (
                NginxVersion(1, 23, 0),
                "A backend that repeats `Content-Length`, `Transfer-Encoding` or the like, or sends both, gets the client a 502."
            )
        case .http1BesidePlainHTTP2:
            (
                NginxVersion(1, 25, 1),
                "A listener with `http2` and without TLS takes HTTP/1 as well; before, HTTP/2 alone."
            )
        case .earlyHintsReadOver:
            (
                NginxVersion(1, 29, 0),
                "Responses 103 of a backend are read over, and passed on where `early_hints` says so; before, a 103 was the answer."
            )
        case .connectTargetRead:
            (
                NginxVersion(1, 29, 3),
                "The target of `CONNECT` is read as host and port, so that a well-formed one is answered 405; before, 400."
            )
        case .hostCheckedStrictly:
            (NginxVersion(1, 29, 4), "Host and port in request line and `Host` must be as RFC 3986 says.")
        case .bareLFInChunksRefused: (NginxVersion(1, 29, 4), "A lone LF ends no line in a chunked body.")
        case .replacedPrefixClamped:
            (
                NginxVersion(1, 29, 4),
                "With `try_files` and a URI in `proxy_pass`, a URI shorter than the location's prefix is replaced whole; before, the worker crashed."
            )
        case .cookiesSplitAtSemicolon: (NginxVersion(1, 29, 6), "`$cookie_…` ends at `;` alone; before, at `,` too.")
        case .http11ToUpstreams:
            (
                NginxVersion(1, 29, 7),
                "`proxy_http_version` is 1.1 unless set, and nginx sends no `Connection: close` of its own; before, 1.0 and `close`."
            )
        case .upstreamsKeptAlive:
            (
                NginxVersion(1, 29, 7),
                "An `upstream` block keeps connections unless told otherwise: `keepalive 32 local`."
            )
        case .proxyAuthenticationKnown:
            (
                NginxVersion(1, 29, 7),
                "407 has a page and a reason of its own, and a second `Proxy-Authorization` is answered 400."
            )
        case .headerLinesLimited: (NginxVersion(1, 29, 8), "More header lines than `max_headers` (1000) are refused.")
        case .connectPortRequired:
            (NginxVersion(1, 31, 0), "`CONNECT host:` without a number behind the colon is answered 400; before, 405.")
        case .proxyConnectionDropped: (NginxVersion(1, 31, 0), "`Proxy-Connection` of the client is not passed on.")
        case .bytesBeforeHTTP09Kept:
            (
                NginxVersion(1, 31, 0),
                "An answer without a status line is passed on whole, also when its first line came in parts."
            )
        case .hostFirst:
            (
                NginxVersion(1, 31, 4),
                "`Host` is always sent, and first: where it came out empty, HTTP/1.1 requests get `$proxy_host`."
            )
        }
    }
}
