import HTTPWire
import ProxyModel
import WireBasics

/// What the configuration that is in force says about the head of a response, evaluated for the request at hand.
///
/// Variables are resolved by the caller; where a value depends on captures of a regular expression, it is a closure.
struct ResponseSettings: Sendable {
    /// The product with its version: `nginx/1.22.1`.
    var product: String
    /// `server_tokens`.
    var serverTokens = ServerTokens.on
    /// The line of `server_tokens`.
    var serverTokensSource: ConfigLocation?
    /// `proxy_hide_header` lines.
    var hidden: [NamedHeader] = []
    /// `proxy_pass_header` lines.
    var passed: [NamedHeader] = []
    /// `proxy_ignore_headers`, in lower case.
    var ignored: Set<ByteString> = []
    /// `add_header` lines, inheritance applied.
    var added: [AddedHeader] = []
    /// `expires`; nil for `off`.
    var expires: ExpiresRule?
    /// `proxy_redirect` rules, the default one included; nil when there are none (`off`).
    var redirects: [RedirectRule]?
    /// `proxy_cookie_domain`, `proxy_cookie_path`, `proxy_cookie_flags`.
    var cookies = CookieRules()
    /// What makes a `Location` that begins with `/` absolute; nil with `absolute_redirect off`.
    var redirectBase: RedirectBase?
    /// `chunked_transfer_encoding`.
    var allowsChunked = true
    /// The second parameter of `keepalive_timeout`, in seconds: the `Keep-Alive` line; 0 for none.
    var keepaliveHeader: Int64 = 0
    /// The line of `keepalive_timeout`.
    var keepaliveSource: ConfigLocation?
    /// `msie_padding`.
    var padsErrorPages = true
    /// The line that answers: the location, or its handler.
    var source: ConfigLocation?

    /// Settings of nginx's defaults.
    init(product: String) {
        self.product = product
    }
}

/// `server_tokens`.
enum ServerTokens: Hashable, Sendable {
    /// `nginx/1.22.1`.
    case on
    /// `nginx`.
    case off
    /// `nginx/1.22.1 (BUILD)`; the build's name is part of the product then.
    case build(String)

    /// How nginx names itself, in the `Server` line and at the foot of error pages.
    func name(of product: String) -> String {
        switch self {
        case .on: product
        case .off: product.split(separator: "/").first.map(String.init) ?? product
        case .build(let build): "\(product) (\(build))"
        }
    }
}

/// A header name in a directive, `proxy_hide_header X-Powered-By`.
struct NamedHeader: Hashable, Sendable {
    /// The name.
    var name: ByteString
    /// The line.
    var source: ConfigLocation?
}

/// An `add_header` line.
struct AddedHeader: Hashable, Sendable {
    /// The name as written.
    var name: ByteString
    /// The evaluated value; an empty one adds nothing.
    var value: ByteString
    /// `always`: whatever the status.
    var isAlways: Bool
    /// The line.
    var source: ConfigLocation?
}

/// What a client's request decides about the head of its response.
struct ResponseContext: Hashable, Sendable {
    /// What the client speaks.
    enum Version: Hashable, Sendable, Comparable {
        case http09, http10, http11
    }

    /// What the client speaks; when the backend answers in HTTP/0.9, that.
    var version = Version.http11
    /// Whether the method is HEAD.
    var isHEAD = false
    /// Whether the connection stays open after the response, as far as the request and the configuration say.
    var keepsConnection = true
}
