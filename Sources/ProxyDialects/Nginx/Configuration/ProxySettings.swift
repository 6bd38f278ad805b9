import WireBasics

/// The settings of `ngx_http_proxy_module` at one level.
struct ProxySettings: Sendable {
    /// `proxy_pass`; inherited by `if` and `limit_except` only.
    var pass: ProxyPass?
    /// `proxy_http_version`; nil for the default of the release.
    var httpVersion: Setting<ProxyHTTPVersion>?
    /// `proxy_set_header`.
    var setHeaders = InheritedLines<SetHeader>()
    /// `proxy_set_body`.
    var setBody: Setting<ComplexValue>?
    /// `proxy_method`.
    var method: Setting<ComplexValue>?
    /// `proxy_pass_request_headers`.
    var passRequestHeaders = Setting(true)
    /// `proxy_pass_request_body`.
    var passRequestBody = Setting(true)
    /// `proxy_request_buffering`.
    var requestBuffering = Setting(true)
    /// `proxy_buffering`.
    var buffering = Setting(true)
    /// `proxy_buffer_size`: the room for a response head.
    var bufferSize = Setting(4096)
    /// `proxy_buffers`: how many, and bytes of each.
    var buffers = Setting(BufferSizes(count: 8, size: 4096))
    /// `proxy_busy_buffers_size`; nil for twice the larger of a buffer and `proxy_buffer_size`.
    var busyBuffersSize: Setting<Int>?
    /// `proxy_connect_timeout`.
    var connectTimeout = Setting(TimeSpan.seconds(60))
    /// `proxy_send_timeout`.
    var sendTimeout = Setting(TimeSpan.seconds(60))
    /// `proxy_read_timeout`.
    var readTimeout = Setting(TimeSpan.seconds(60))
    /// `proxy_next_upstream`, words as written.
    var nextUpstream = Setting<[ByteString]>(["error", "timeout"])
    /// `proxy_next_upstream_tries`; 0 for no limit.
    var nextUpstreamTries = Setting(0)
    /// `proxy_next_upstream_timeout`; zero for no limit.
    var nextUpstreamTimeout = Setting(TimeSpan.zero)
    /// `proxy_intercept_errors`.
    var interceptErrors = Setting(false)
    /// `proxy_ignore_client_abort`.
    var ignoreClientAbort = Setting(false)
    /// `proxy_hide_header`.
    var hideHeaders = InheritedLines<Setting<ByteString>>()
    /// `proxy_pass_header`.
    var passHeaders = InheritedLines<Setting<ByteString>>()
    /// `proxy_ignore_headers`.
    var ignoreHeaders = InheritedLines<Setting<ByteString>>()
    /// `proxy_redirect`.
    var redirects = InheritedLines<ProxyRedirect>()
    /// Whether `proxy_redirect off` is in force.
    var isRedirectOff = false
    /// `proxy_cookie_domain`.
    var cookieDomains = InheritedLines<CookieRewrite>()
    /// `proxy_cookie_path`.
    var cookiePaths = InheritedLines<CookieRewrite>()
    /// `proxy_cookie_flags`.
    var cookieFlags = InheritedLines<NginxDirective>()

    mutating func enter(isConditional: Bool) {
        if !isConditional { pass = nil }
        setHeaders = setHeaders.inherited()
        hideHeaders = hideHeaders.inherited()
        passHeaders = passHeaders.inherited()
        ignoreHeaders = ignoreHeaders.inherited()
        redirects = redirects.inherited()
        cookieDomains = cookieDomains.inherited()
        cookiePaths = cookiePaths.inherited()
        cookieFlags = cookieFlags.inherited()
    }
}

/// `proxy_buffers`.
struct BufferSizes: Hashable, Sendable {
    /// How many.
    var count: Int
    /// Bytes of each.
    var size: Int
}

/// `proxy_http_version`.
enum ProxyHTTPVersion: String, Hashable, Sendable {
    case http10 = "1.0"
    case http11 = "1.1"
    case http2 = "2"

    /// How the request line names it.
    var text: ByteString {
        self == .http10 ? "HTTP/1.0" : "HTTP/1.1"
    }
}

/// A line of `proxy_set_header`.
struct SetHeader: Sendable {
    /// The name as written.
    var name: ByteString
    /// The value with variables.
    var value: ComplexValue
    /// The line.
    var source: ConfigLocation
}

/// Where `proxy_pass` leads.
struct ProxyPass: Sendable {
    /// The target that is known when the configuration is read.
    struct Fixed: Sendable {
        /// `http` or `https`.
        var scheme: ByteString
        /// The text between the scheme and the URI: `$proxy_host`.
        var authority: ByteString
        /// The part of the URL that replaces the location's prefix; empty where there is none.
        var uri: ByteString
        /// The group of servers, by its index.
        var group: Int
        /// The port where one is written, or the scheme's.
        var port: ByteString
    }

    /// The URL as written, with variables.
    var url: ComplexValue
    /// The target where the URL has no variables.
    var fixed: Fixed?
    /// The location's prefix, which a URI part replaces; empty in regex and named locations.
    var prefix: ByteString
    /// The line.
    var source: ConfigLocation
}

/// A line of `proxy_redirect`.
struct ProxyRedirect: Sendable {
    /// What it compares with.
    enum Pattern: Sendable {
        /// Text at the start.
        case prefix(ComplexValue)
        /// A regular expression.
        case regex(PCRE2Pattern)
    }

    /// What it compares with.
    var pattern: Pattern
    /// What takes its place.
    var replacement: ComplexValue
    /// The line; for the default that of `proxy_pass`.
    var source: ConfigLocation
    /// Whether nginx made it from `proxy_pass`.
    var isDefault: Bool
}

/// A line of `proxy_cookie_domain` or `proxy_cookie_path`.
struct CookieRewrite: Sendable {
    /// What it compares with; nil for `off`.
    var pattern: ProxyRedirect.Pattern
    /// What takes its place.
    var replacement: ComplexValue
    /// The line.
    var source: ConfigLocation
}
