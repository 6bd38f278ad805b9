extension NginxDirectiveTable {
    /// `ngx_http_proxy_module`.
    static let proxy: [NginxDirectiveRow] = [
        .init("proxy_pass", [.location, .locationIf, .limitExcept], .take1, .proxyPass, .modelled),
        .init("proxy_redirect", .httpServerLocation, .take12, .proxyRedirect, .modelled),
        .init("proxy_cookie_domain", .httpServerLocation, .take12, .proxyCookie, .modelled),
        .init("proxy_cookie_path", .httpServerLocation, .take12, .proxyCookie, .modelled),
        .init(
            "proxy_cookie_flags", .httpServerLocation, .take1234, .proxyCookie, .modelled, since: NginxVersion(1, 19, 3)
        ),
        .init(
            "proxy_store", .httpServerLocation, .take1, .store, .notModelled,
            "answers are kept on disk and may be served from there"),
        .init("proxy_store_access", .httpServerLocation, .take123, .access, .harmless),
        .init("proxy_buffering", .httpServerLocation, .flag, .flag, .modelled),
        .init("proxy_request_buffering", .httpServerLocation, .flag, .flag, .modelled),
        .init("proxy_ignore_client_abort", .httpServerLocation, .flag, .flag, .modelled),
        .init("proxy_bind", .httpServerLocation, .take12, .bind, .harmless, "only the source address changes"),
        .init("proxy_socket_keepalive", .httpServerLocation, .flag, .flag, .harmless),
        .init("proxy_socket_rcvbuf", .httpServerLocation, .take1, .size, .harmless, since: NginxVersion(1, 31, 3)),
        .init("proxy_socket_sndbuf", .httpServerLocation, .take1, .size, .harmless, since: NginxVersion(1, 31, 3)),
        .init("proxy_connect_timeout", .httpServerLocation, .take1, .milliseconds, .modelled),
        .init("proxy_send_timeout", .httpServerLocation, .take1, .milliseconds, .modelled),
        .init("proxy_send_lowat", .httpServerLocation, .take1, .size, .harmless),
        .init("proxy_intercept_errors", .httpServerLocation, .flag, .flag, .modelled),
        .init("proxy_set_header", .httpServerLocation, .take2, .header, .modelled),
        .init("proxy_headers_hash_max_size", .httpServerLocation, .take1, .number, .harmless),
        .init("proxy_headers_hash_bucket_size", .httpServerLocation, .take1, .number, .harmless),
        .init("proxy_set_body", .httpServerLocation, .take1, .header, .modelled),
        .init("proxy_method", .httpServerLocation, .take1, .complex, .modelled),
        .init("proxy_pass_request_headers", .httpServerLocation, .flag, .flag, .modelled),
        .init("proxy_pass_request_body", .httpServerLocation, .flag, .flag, .modelled),
        .init(
            "proxy_pass_trailers", .httpServerLocation, .flag, .flag, .harmless,
            "acts on the end of ordinary answers, and is named where it does", since: NginxVersion(1, 27, 2)),
        .init("proxy_buffer_size", .httpServerLocation, .take1, .size, .modelled),
        .init("proxy_read_timeout", .httpServerLocation, .take1, .milliseconds, .modelled),
        .init("proxy_buffers", .httpServerLocation, .take2, .buffers, .modelled),
        .init("proxy_busy_buffers_size", .httpServerLocation, .take1, .size, .modelled),
        .init("proxy_force_ranges", .httpServerLocation, .flag, .flag, .harmless),
        .init("proxy_limit_rate", .httpServerLocation, .take1, .size, .harmless, before: NginxVersion(1, 27, 0)),
        .init("proxy_limit_rate", .httpServerLocation, .take1, .complexSize, .harmless, since: NginxVersion(1, 27, 0)),
        .init(
            "proxy_cache", .httpServerLocation, .take1, .cache, .notModelled,
            "an answer from the cache never reaches a backend"),
        .init("proxy_cache_key", .httpServerLocation, .take1, .complex, .harmless),
        .init("proxy_cache_path", .http, .twoMore, .cachePath, .harmless),
        .init("proxy_cache_bypass", .httpServerLocation, .oneMore, .allComplex, .harmless),
        .init("proxy_no_cache", .httpServerLocation, .oneMore, .allComplex, .harmless),
        .init("proxy_cache_valid", .httpServerLocation, .oneMore, .cacheValid, .harmless),
        .init("proxy_cache_min_uses", .httpServerLocation, .take1, .number, .harmless),
        .init("proxy_cache_max_range_offset", .httpServerLocation, .take1, .offset, .harmless),
        .init(
            "proxy_cache_use_stale", .httpServerLocation, .oneMore,
            .anyOf([
                "error", "timeout", "invalid_header", "non_idempotent", "http_500", "http_502", "http_503", "http_504",
                "http_403", "http_404", "http_429", "updating", "off",
            ]), .harmless),
        .init("proxy_cache_methods", .httpServerLocation, .oneMore, .anyOf(["GET", "HEAD", "POST"]), .harmless),
        .init("proxy_cache_lock", .httpServerLocation, .flag, .flag, .harmless),
        .init("proxy_cache_lock_timeout", .httpServerLocation, .take1, .milliseconds, .harmless),
        .init("proxy_cache_lock_age", .httpServerLocation, .take1, .milliseconds, .harmless),
        .init("proxy_cache_revalidate", .httpServerLocation, .flag, .flag, .harmless),
        .init("proxy_cache_convert_head", .httpServerLocation, .flag, .flag, .harmless),
        .init("proxy_cache_background_update", .httpServerLocation, .flag, .flag, .harmless),
        .init("proxy_temp_path", .httpServerLocation, .take1234, .path, .harmless),
        .init("proxy_max_temp_file_size", .httpServerLocation, .take1, .size, .harmless),
        .init("proxy_temp_file_write_size", .httpServerLocation, .take1, .size, .harmless),
        .init(
            "proxy_next_upstream", .httpServerLocation, .oneMore,
            .anyOf([
                "error", "timeout", "invalid_header", "non_idempotent", "http_500", "http_502", "http_503", "http_504",
                "http_403", "http_404", "http_429", "updating", "off",
            ]), .modelled),
        .init("proxy_next_upstream_tries", .httpServerLocation, .take1, .number, .modelled),
        .init("proxy_next_upstream_timeout", .httpServerLocation, .take1, .milliseconds, .modelled),
        .init("proxy_pass_header", .httpServerLocation, .take1, .unchecked, .modelled),
        .init("proxy_hide_header", .httpServerLocation, .take1, .unchecked, .modelled),
        .init(
            "proxy_ignore_headers", .httpServerLocation, .oneMore,
            .anyOf([
                "X-Accel-Redirect", "X-Accel-Expires", "X-Accel-Limit-Rate", "X-Accel-Buffering", "X-Accel-Charset",
                "Expires", "Cache-Control", "Set-Cookie", "Vary",
            ]), .modelled),
        .init(
            "proxy_http_version", .httpServerLocation, .take1, .oneOf(["1.0", "1.1"]), .modelled,
            before: NginxVersion(1, 29, 4)),
        .init(
            "proxy_http_version", .httpServerLocation, .take1, .oneOf(["1.0", "1.1", "2"]), .modelled,
            since: NginxVersion(1, 29, 4)),
        .init("proxy_ssl_session_reuse", .httpServerLocation, .flag, .flag, .harmless),
        .init(
            "proxy_ssl_protocols", .httpServerLocation, .oneMore,
            .anyOf(["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]), .harmless),
        .init("proxy_ssl_ciphers", .httpServerLocation, .take1, .string, .harmless),
        .init("proxy_ssl_name", .httpServerLocation, .take1, .complex, .harmless),
        .init(
            "proxy_ssl_server_name", .httpServerLocation, .flag, .flag, .harmless,
            "the exchange inside TLS is what is modelled"),
        .init(
            "proxy_ssl_verify", .httpServerLocation, .flag, .flag, .notModelled,
            "depends on a certificate that no capture shows"),
        .init("proxy_ssl_verify_depth", .httpServerLocation, .take1, .number, .harmless),
        .init("proxy_ssl_trusted_certificate", .httpServerLocation, .take1, .string, .harmless),
        .init("proxy_ssl_crl", .httpServerLocation, .take1, .string, .harmless),
        .init(
            "proxy_ssl_certificate", .httpServerLocation, .take1, .string, .notModelled,
            "depends on what the upstream thinks of a certificate", before: NginxVersion(1, 21, 0)),
        .init(
            "proxy_ssl_certificate", .httpServerLocation, .take1, .complex, .notModelled,
            "depends on what the upstream thinks of a certificate", since: NginxVersion(1, 21, 0)),
        .init(
            "proxy_ssl_certificate_key", .httpServerLocation, .take1, .string, .harmless, before: NginxVersion(1, 21, 0)
        ),
        .init(
            "proxy_ssl_certificate_key", .httpServerLocation, .take1, .complex, .harmless, since: NginxVersion(1, 21, 0)
        ),
        .init(
            "proxy_ssl_certificate_cache", .httpServerLocation, .take123, .unchecked, .harmless,
            since: NginxVersion(1, 27, 4)),
        .init("proxy_ssl_password_file", .httpServerLocation, .take1, .unchecked, .harmless),
        .init(
            "proxy_ssl_conf_command", .httpServerLocation, .take2, .unchecked, .harmless, since: NginxVersion(1, 19, 4)),
    ]
}
