import WireBasics

/// Every directive that is known, by family of nginx modules.
///
/// Source: the `ngx_command_t` tables of nginx 1.18.0 to 1.31.4. Modules that no package builds (degradation,
/// google_perftools) and third-party modules are left out.
enum NginxDirectiveTable {
    /// All rows, family by family.
    static let all: [NginxDirectiveRow] = families.flatMap(\.rows)

    /// The families, in the order of the documentation.
    static let families: [Family] = [
        Family("Core and events", core),
        Family("HTTP", httpCore),
        Family("Proxying", proxy),
        Family("Upstreams", upstream),
        Family("Access, limits, client addresses", access),
        Family("Rewriting, variables, headers", rewrite),
        Family("Content and filters", content),
        Family(
            "TLS", ssl,
            "Captures are read behind TLS: what is said here is about who gets in, not about what is said inside."),
        Family("HTTP/2 and HTTP/3", http2AndHTTP3, "Clients of the model speak HTTP/1."),
        Family("FastCGI", fastCGI, handler("fastcgi_pass")),
        Family("uwsgi", uwsgi, handler("uwsgi_pass")),
        Family("SCGI", scgi, handler("scgi_pass")),
        Family("gRPC", grpc, handler("grpc_pass")),
        Family("memcached and tunnel", memcachedAndTunnel, handler("memcached_pass` and `tunnel_pass")),
        Family("Stream", stream, "Read and checked, and no part of what happens in `http`."),
        Family("Mail", mail, "Read and checked, and no part of what happens in `http`."),
    ]

    /// The directives of some modules that belong together.
    struct Family: Sendable {
        /// What they are about.
        let title: String
        /// The directives.
        let rows: [NginxDirectiveRow]
        /// What holds for all of them.
        let remark: String

        fileprivate init(_ title: String, _ rows: [NginxDirectiveRow], _ remark: String = "") {
            self.title = title
            self.rows = rows
            self.remark = remark
        }
    }

    private static func handler(_ pass: String) -> String {
        "The others say more about `\(pass)`: where that answers, the verdict is inconclusive anyway."
    }

    /// The rows of that name that a release has.
    static func rows(_ name: ByteString, in version: NginxVersion) -> [NginxDirectiveRow] {
        (byName[name] ?? []).filter { $0.exists(in: version) }
    }

    /// The rows of that name in any release.
    static func rows(_ name: ByteString) -> [NginxDirectiveRow] {
        byName[name] ?? []
    }

    /// The module of a directive that every package builds as a file of its own; nil for what is built in.
    ///
    /// `stream` and `mail` are built in by nginx.org's packages and are files in Debian's: taken as built in.
    static func separateModule(of name: ByteString) -> String? {
        let modules: [(ByteString, String)] = [
            ("geoip_", "ngx_http_geoip_module"), ("image_filter", "ngx_http_image_filter_module"),
            ("perl", "ngx_http_perl_module"), ("xslt_", "ngx_http_xslt_filter_module"),
            ("xml_", "ngx_http_xslt_filter_module"),
        ]
        return modules.first { name.hasPrefix($0.0) }?.1
    }

    private static let byName = Dictionary(grouping: all) { ByteString($0.name) }
}
