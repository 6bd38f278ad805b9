import WireBasics

/// The variables that nginx's own modules make.
///
/// Source: the `ngx_http_variable_t` tables of nginx 1.18.0 to 1.31.4.
enum NginxBuiltInVariables {
    /// All variables of a release; true for those that `set` and `map` may define again.
    static func names(in version: NginxVersion) -> [ByteString: Bool] {
        var names: [ByteString: Bool] = [:]
        for name in fixed { names[ByteString(name)] = false }
        for name in changeable { names[ByteString(name)] = true }
        for (name, since) in since where version < since { names[ByteString(name)] = nil }
        return names
    }

    /// Variables whose names end as one likes: `$http_upgrade`.
    static let prefixes: [ByteString] = [
        "arg_",
        "cookie_",
        "http_",
        "proxy_protocol_tlv_",
        "sent_http_",
        "sent_trailer_",
        "upstream_cookie_",
        "upstream_http_",
        "upstream_trailer_",
    ]

    /// Variables that no directive may define.
    private static let fixed: [String] = [
        "binary_remote_addr", "body_bytes_sent", "bytes_sent", "connection", "connection_requests",
        "connection_time", "connections_active", "connections_reading", "connections_waiting", "connections_writing",
        "content_length", "content_type", "date_gmt", "date_local", "document_root", "document_uri",
        "fastcgi_path_info", "fastcgi_script_name", "grpc_internal_trailers", "gzip_ratio", "host", "hostname",
        "http2", "http3", "http_cookie", "http_host", "http_referer", "http_user_agent", "http_via",
        "http_x_forwarded_for", "https", "is_args", "is_request_port", "limit_conn_status", "limit_req_status",
        "msec", "nginx_version", "pid", "pipe", "proxy_add_x_forwarded_for",
        "proxy_internal_body_length", "proxy_internal_chunked", "proxy_protocol_addr", "proxy_protocol_port",
        "proxy_protocol_server_addr", "proxy_protocol_server_port", "query_string", "realip_remote_addr",
        "realip_remote_port", "realpath_root", "remote_addr", "remote_port", "remote_user", "request",
        "request_body", "request_body_file", "request_completion", "request_filename", "request_id",
        "request_length", "request_method", "request_port", "request_time", "request_uri", "scheme", "secure_link",
        "secure_link_expires", "sent_http_cache_control", "sent_http_connection", "sent_http_content_length",
        "sent_http_content_type", "sent_http_keep_alive", "sent_http_last_modified", "sent_http_link",
        "sent_http_location", "sent_http_transfer_encoding", "server_addr", "server_name", "server_port",
        "server_protocol", "slice_range", "status", "tcpinfo_rcv_space", "tcpinfo_rtt", "tcpinfo_rttvar",
        "tcpinfo_snd_cwnd", "time_iso8601", "time_local", "uid_got", "uid_set", "upstream_addr",
        "upstream_bytes_received", "upstream_bytes_sent", "upstream_cache_etag", "upstream_cache_last_modified",
        "upstream_cache_status", "upstream_connect_time", "upstream_header_time", "upstream_response_length",
        "upstream_response_time", "upstream_status", "uri",
    ]

    /// Variables that a directive may define again.
    private static let changeable: [String] = [
        "ancient_browser", "args", "invalid_referer", "limit_rate", "modern_browser", "msie", "proxy_host",
        "proxy_port", "ssl_alpn_protocol", "ssl_cipher", "ssl_ciphers", "ssl_client_cert", "ssl_client_escaped_cert",
        "ssl_client_fingerprint", "ssl_client_i_dn", "ssl_client_i_dn_legacy", "ssl_client_raw_cert",
        "ssl_client_s_dn", "ssl_client_s_dn_legacy", "ssl_client_serial", "ssl_client_sigalg", "ssl_client_v_end",
        "ssl_client_v_remain", "ssl_client_v_start", "ssl_client_verify", "ssl_curve", "ssl_curves",
        "ssl_early_data", "ssl_ech_outer_server_name", "ssl_ech_status", "ssl_protocol", "ssl_server_name",
        "ssl_session_id", "ssl_session_reused", "ssl_sigalg", "ssl_sigalgs", "uid_reset",
    ]

    /// Variables that came with a release.
    private static let since: [(String, NginxVersion)] = [
        ("connection_time", NginxVersion(1, 19, 10)),
        ("http3", NginxVersion(1, 25, 0)),
        ("is_request_port", NginxVersion(1, 29, 3)),
        ("request_port", NginxVersion(1, 29, 3)),
        ("ssl_alpn_protocol", NginxVersion(1, 21, 4)),
        ("ssl_client_sigalg", NginxVersion(1, 29, 3)),
        ("ssl_curve", NginxVersion(1, 21, 5)),
        ("ssl_ech_outer_server_name", NginxVersion(1, 29, 4)),
        ("ssl_ech_status", NginxVersion(1, 29, 4)),
        ("ssl_sigalg", NginxVersion(1, 29, 3)),
        ("ssl_sigalgs", NginxVersion(1, 31, 2)),
    ]
}
