extension NginxDirectiveTable {
    /// `ngx_http_memcached_module` and `ngx_http_tunnel_module`.
    static let memcachedAndTunnel: [NginxDirectiveRow] = [
        .init("memcached_pass", [.location, .locationIf], .take1, .otherPass, .notModelled, "another handler answers"),
        .init("memcached_bind", .httpServerLocation, .take12, .bind, .harmless),
        .init("memcached_socket_keepalive", .httpServerLocation, .flag, .flag, .harmless),
        .init("memcached_connect_timeout", .httpServerLocation, .take1, .milliseconds, .harmless),
        .init("memcached_send_timeout", .httpServerLocation, .take1, .milliseconds, .harmless),
        .init("memcached_buffer_size", .httpServerLocation, .take1, .size, .harmless),
        .init("memcached_read_timeout", .httpServerLocation, .take1, .milliseconds, .harmless),
        .init(
            "memcached_next_upstream", .httpServerLocation, .oneMore,
            .anyOf(["error", "timeout", "invalid_response", "not_found", "off"]), .harmless),
        .init("memcached_next_upstream_tries", .httpServerLocation, .take1, .number, .harmless),
        .init("memcached_next_upstream_timeout", .httpServerLocation, .take1, .milliseconds, .harmless),
        .init("memcached_gzip_flag", .httpServerLocation, .take1, .number, .harmless),
        .init(
            "tunnel_pass", [.server, .location, .locationIf], [.noArgs, .take1], .otherPass, .notModelled,
            "another handler answers", since: NginxVersion(1, 31, 0)),
        .init("tunnel_bind", .httpServerLocation, .take12, .bind, .harmless, since: NginxVersion(1, 31, 0)),
        .init("tunnel_socket_keepalive", .httpServerLocation, .flag, .flag, .harmless, since: NginxVersion(1, 31, 0)),
        .init("tunnel_socket_rcvbuf", .httpServerLocation, .take1, .size, .harmless, since: NginxVersion(1, 31, 3)),
        .init("tunnel_socket_sndbuf", .httpServerLocation, .take1, .size, .harmless, since: NginxVersion(1, 31, 3)),
        .init(
            "tunnel_connect_timeout", .httpServerLocation, .take1, .milliseconds, .harmless,
            since: NginxVersion(1, 31, 0)),
        .init(
            "tunnel_send_timeout", .httpServerLocation, .take1, .milliseconds, .harmless, since: NginxVersion(1, 31, 0)),
        .init("tunnel_send_lowat", .httpServerLocation, .take1, .size, .harmless, since: NginxVersion(1, 31, 0)),
        .init("tunnel_buffer_size", .httpServerLocation, .take1, .size, .harmless, since: NginxVersion(1, 31, 0)),
        .init(
            "tunnel_read_timeout", .httpServerLocation, .take1, .milliseconds, .harmless, since: NginxVersion(1, 31, 0)),
        .init(
            "tunnel_next_upstream", .httpServerLocation, .oneMore, .anyOf(["error", "timeout", "off"]), .harmless,
            since: NginxVersion(1, 31, 0)),
        .init(
            "tunnel_next_upstream_tries", .httpServerLocation, .take1, .number, .harmless, since: NginxVersion(1, 31, 0)
        ),
        .init(
            "tunnel_next_upstream_timeout", .httpServerLocation, .take1, .milliseconds, .harmless,
            since: NginxVersion(1, 31, 0)),
    ]
}
