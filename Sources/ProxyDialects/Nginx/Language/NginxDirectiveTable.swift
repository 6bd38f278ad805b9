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

    private static let byName = Dictionary(grouping: all) { ByteString($0.name) }
}
