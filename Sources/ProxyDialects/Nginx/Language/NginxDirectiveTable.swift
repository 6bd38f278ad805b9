import WireBasics

/// Every directive that is known, by family of nginx modules.
///
/// Source: the `ngx_command_t` tables of nginx 1.18.0 to 1.31.4. Modules that no package builds (degradation,
/// google_perftools) and third-party modules are left out.
enum NginxDirectiveTable {
    /// All rows, family by family.
    static let all: [NginxDirectiveRow] =
        core + httpCore + upstream + proxy + fastCGI + uwsgi + scgi + grpc + memcachedAndTunnel + ssl + http2AndHTTP3
        + access + rewrite + content + stream + mail

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
