import WireBasics

/// Everything that one level of a configuration says about a request: what nginx calls the location configuration.
///
/// An inner level starts as a copy of the outer one and is then overwritten by its own lines, which is what nginx's
/// merge functions come to; `entering()` drops what is not inherited.
struct LocationSettings: Sendable {
    /// Of `ngx_http_core_module`.
    var core = CoreSettings()
    /// Of the rewrite module: the lines of this level in order; never inherited.
    var script: [RewriteInstruction] = []
    /// Of the access phase.
    var access = AccessSettings()
    /// Of `ngx_http_proxy_module`.
    var proxy = ProxySettings()
    /// Of `ngx_http_headers_module`.
    var headers = HeaderSettings()
    /// `index`.
    var index = InheritedLines<ComplexValue>()
    /// `autoindex`.
    var autoindex = Setting(false)
    /// `try_files`; never inherited.
    var tryFiles: Setting<TryFiles>?
    /// What answers here if no other module does: `proxy_pass`, `stub_status`…; never inherited.
    var handler: ContentHandler?
    /// Lines that the model knows of and does not model, of this level and those around it.
    var unmodelled: [UnmodelledLine] = []
    /// What changes the bodies of ordinary answers.
    var bodyFilters = BodyFilters()

    /// The settings that an inner level starts with.
    ///
    /// - Parameter isConditional: whether the level is an `if` or `limit_except`, which takes over the `proxy_pass`
    ///   around it too.
    func entering(isConditional: Bool) -> LocationSettings {
        var inner = self
        inner.script = []
        inner.tryFiles = nil
        inner.handler = nil
        inner.core.enter()
        inner.access.enter()
        inner.proxy.enter(isConditional: isConditional)
        inner.headers.addHeaders = headers.addHeaders.inherited()
        inner.headers.addTrailers = headers.addTrailers.inherited()
        inner.index = index.inherited()
        return inner
    }
}

/// What produces the answer in a location.
enum ContentHandler: Sendable {
    /// `proxy_pass`.
    case proxy
    /// A handler that the model knows by name only: `fastcgi_pass`, `stub_status`.
    case unmodelled(UnmodelledLine)
}

/// A line that the model does not model.
struct UnmodelledLine: Hashable, Sendable {
    /// The directive.
    var name: ByteString
    /// Where it stands.
    var source: ConfigLocation

    /// What the directive does that matters, as the table has it.
    var reason: String { row?.reason ?? "" }

    /// How to keep the line out of a verdict; empty where it cannot be switched off.
    var mend: String {
        let takesOff: Set<ByteString> = [
            "proxy_cache", "proxy_store", "mirror", "userid", "dav_methods", "gzip_static",
        ]
        guard row?.value == .flag || takesOff.contains(name) else { return "" }
        return "where the socket does not need it, write `\(name) off;` in its location: then the verdict is certain"
    }

    private var row: NginxDirectiveRow? {
        NginxDirectiveTable.rows(name).first { $0.treatment == .notModelled }
    }
}

/// The settings of `ngx_http_core_module`.
struct CoreSettings: Sendable {
    /// `root` or `alias`.
    var root: Setting<DocumentRoot> = Setting(DocumentRoot(path: ComplexValue(constant: "html"), aliasLength: nil))
    /// `default_type`.
    var defaultType: ByteString = "text/plain"
    /// `types`: extension to media type.
    var types: [ByteString: ByteString] = [
        "html": "text/html", "gif": "image/gif", "jpg": "image/jpeg",
    ]
    /// `client_max_body_size` in bytes; 0 for no limit.
    var clientMaxBodySize = Setting(1 << 20)
    /// `client_body_timeout`.
    var clientBodyTimeout = Setting(TimeSpan.seconds(60))
    /// `keepalive_timeout`, first value; zero for no keep-alive.
    var keepaliveTimeout = Setting(TimeSpan.seconds(75))
    /// `keepalive_timeout`, second value in seconds: the `Keep-Alive` line; nil for none.
    var keepaliveHeader: Int?
    /// `keepalive_requests`.
    var keepaliveRequests = Setting(1000)
    /// `keepalive_disable`.
    var keepaliveDisable = Setting(KeepaliveDisable())
    /// `keepalive_min_timeout`.
    var keepaliveMinTimeout = Setting(TimeSpan.zero)
    /// `keepalive_time`.
    var keepaliveTime = Setting(TimeSpan.seconds(3600))
    /// `send_timeout`.
    var sendTimeout = Setting(TimeSpan.seconds(60))
    /// `lingering_timeout`.
    var lingeringTimeout = Setting(TimeSpan.seconds(5))
    /// `satisfy any`.
    var satisfiesAny = Setting(false)
    /// `internal`.
    var isInternal: Setting<Bool> = Setting(false)
    /// `error_page`.
    var errorPages = InheritedLines<ErrorPageRule>()
    /// `recursive_error_pages`.
    var recursiveErrorPages = Setting(false)
    /// `server_tokens`: what `Server` and error pages name.
    var serverTokens = Setting(ServerTokens.on)
    /// `absolute_redirect`.
    var absoluteRedirect = Setting(true)
    /// `port_in_redirect`.
    var portInRedirect = Setting(true)
    /// `server_name_in_redirect`.
    var serverNameInRedirect = Setting(false)
    /// `msie_padding`.
    var msiePadding = Setting(true)
    /// `chunked_transfer_encoding`.
    var chunkedTransferEncoding = Setting(true)
    /// `postpone_output` in bytes.
    var postponeOutput = Setting(1460)
    /// `etag`.
    var etag = Setting(true)
    /// `resolver`: whether names in variables can be looked up at run time.
    var resolver: Setting<Bool>?
    /// `limit_rate` and the like can only change when bytes arrive.
    var chargesRate = false

    mutating func enter() {
        errorPages = errorPages.inherited()
    }
}

/// `root` or `alias`.
struct DocumentRoot: Sendable {
    /// The folder, with variables.
    var path: ComplexValue
    /// For an `alias` the length of the location's prefix that it replaces, 0 in a regex location; nil for a `root`.
    var aliasLength: Int?
}

/// A line of `error_page`, one status of it.
struct ErrorPageRule: Sendable {
    /// The status that it is for.
    var status: Int
    /// `=CODE`: the status to send instead; 0 for `=` alone: that of the page; nil without.
    var overwrite: Int?
    /// The URI, named location or address.
    var target: ComplexValue
    /// The line.
    var source: ConfigLocation
}

/// `try_files`.
struct TryFiles: Sendable {
    /// One file or folder to look for.
    struct Candidate: Sendable {
        /// Its path below the root.
        var path: ComplexValue
        /// Whether it must be a folder.
        var isFolder: Bool
    }

    /// What to look for, in order.
    var candidates: [Candidate]
    /// What to do when nothing is there.
    var fallback: Fallback

    /// The last argument.
    enum Fallback: Sendable {
        /// `=404`.
        case status(Int)
        /// A URI or a named location.
        case uri(ComplexValue)
    }
}
