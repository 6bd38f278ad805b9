extension NginxDirectiveTable {
    /// `ngx_http_grpc_module`.
    static let grpc: [NginxDirectiveRow] = [
        .init("grpc_pass", [.location, .locationIf], .take1, .otherPass, .notModelled, "another handler answers"),
        .init("grpc_bind", .httpServerLocation, .take12, .bind, .harmless),
        .init("grpc_socket_keepalive", .httpServerLocation, .flag, .flag, .harmless),
        .init("grpc_socket_rcvbuf", .httpServerLocation, .take1, .size, .harmless, since: NginxVersion(1, 31, 3)),
        .init("grpc_socket_sndbuf", .httpServerLocation, .take1, .size, .harmless, since: NginxVersion(1, 31, 3)),
        .init("grpc_connect_timeout", .httpServerLocation, .take1, .milliseconds, .harmless),
        .init("grpc_send_timeout", .httpServerLocation, .take1, .milliseconds, .harmless),
        .init("grpc_intercept_errors", .httpServerLocation, .flag, .flag, .harmless),
        .init("grpc_buffer_size", .httpServerLocation, .take1, .size, .harmless),
        .init("grpc_read_timeout", .httpServerLocation, .take1, .milliseconds, .harmless),
        .init(
            "grpc_next_upstream", .httpServerLocation, .oneMore,
            .anyOf([
                "error", "timeout", "invalid_header", "non_idempotent", "http_500", "http_502", "http_503", "http_504",
                "http_403", "http_404", "http_429", "off",
            ]), .harmless),
        .init("grpc_next_upstream_tries", .httpServerLocation, .take1, .number, .harmless),
        .init("grpc_next_upstream_timeout", .httpServerLocation, .take1, .milliseconds, .harmless),
        .init("grpc_set_header", .httpServerLocation, .take2, .header, .harmless),
        .init("grpc_pass_header", .httpServerLocation, .take1, .unchecked, .harmless),
        .init("grpc_hide_header", .httpServerLocation, .take1, .unchecked, .harmless),
        .init(
            "grpc_ignore_headers", .httpServerLocation, .oneMore,
            .anyOf([
                "X-Accel-Redirect", "X-Accel-Expires", "X-Accel-Limit-Rate", "X-Accel-Buffering", "X-Accel-Charset",
                "Expires", "Cache-Control", "Set-Cookie", "Vary",
            ]), .harmless),
        .init("grpc_ssl_session_reuse", .httpServerLocation, .flag, .flag, .harmless),
        .init(
            "grpc_ssl_protocols", .httpServerLocation, .oneMore,
            .anyOf(["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]), .harmless),
        .init("grpc_ssl_ciphers", .httpServerLocation, .take1, .string, .harmless),
        .init("grpc_ssl_name", .httpServerLocation, .take1, .complex, .harmless),
        .init("grpc_ssl_server_name", .httpServerLocation, .flag, .flag, .harmless),
        .init("grpc_ssl_verify", .httpServerLocation, .flag, .flag, .harmless),
        .init("grpc_ssl_verify_depth", .httpServerLocation, .take1, .number, .harmless),
        .init("grpc_ssl_trusted_certificate", .httpServerLocation, .take1, .string, .harmless),
        .init("grpc_ssl_crl", .httpServerLocation, .take1, .string, .harmless),
        .init("grpc_ssl_certificate", .httpServerLocation, .take1, .string, .harmless, before: NginxVersion(1, 21, 0)),
        .init("grpc_ssl_certificate", .httpServerLocation, .take1, .complex, .harmless, since: NginxVersion(1, 21, 0)),
        .init(
            "grpc_ssl_certificate_key", .httpServerLocation, .take1, .string, .harmless, before: NginxVersion(1, 21, 0)),
        .init(
            "grpc_ssl_certificate_key", .httpServerLocation, .take1, .complex, .harmless, since: NginxVersion(1, 21, 0)),
        .init(
            "grpc_ssl_certificate_cache", .httpServerLocation, .take123, .unchecked, .harmless,
            since: NginxVersion(1, 27, 4)),
        .init("grpc_ssl_password_file", .httpServerLocation, .take1, .unchecked, .harmless),
        .init(
            "grpc_ssl_conf_command", .httpServerLocation, .take2, .unchecked, .harmless, since: NginxVersion(1, 19, 4)),
    ]
}
