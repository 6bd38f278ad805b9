extension NginxDirectiveTable {
    /// `ngx_http_ssl_module`.
    static let ssl: [NginxDirectiveRow] = [
        .init("ssl", .httpServer, .flag, .flag, .modelled, before: NginxVersion(1, 25, 1)),
        .init("ssl_certificate", .httpServer, .take1, .unchecked, .harmless),
        .init("ssl_certificate_key", .httpServer, .take1, .unchecked, .harmless),
        .init("ssl_certificate_cache", .httpServer, .take123, .unchecked, .harmless, since: NginxVersion(1, 27, 4)),
        .init("ssl_ech_file", .httpServer, .take1, .unchecked, .harmless, since: NginxVersion(1, 29, 4)),
        .init("ssl_password_file", .httpServer, .take1, .unchecked, .harmless),
        .init("ssl_certificate_compression", .httpServer, .flag, .flag, .harmless, since: NginxVersion(1, 29, 1)),
        .init("ssl_dhparam", .httpServer, .take1, .string, .harmless),
        .init("ssl_ecdh_curve", .httpServer, .take1, .string, .harmless),
        .init(
            "ssl_protocols", .httpServer, .oneMore,
            .anyOf(["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]), .harmless),
        .init("ssl_ciphers", .httpServer, .take1, .string, .harmless),
        .init("ssl_buffer_size", .httpServer, .take1, .size, .harmless),
        .init(
            "ssl_verify_client", .httpServer, .take1, .oneOf(["off", "on", "optional", "optional_no_ca"]), .notModelled,
            "depends on certificates that no capture shows"),
        .init("ssl_verify_depth", .httpServer, .take1, .number, .harmless),
        .init("ssl_client_certificate", .httpServer, .take1, .string, .harmless),
        .init("ssl_trusted_certificate", .httpServer, .take1, .string, .harmless),
        .init("ssl_prefer_server_ciphers", .httpServer, .flag, .flag, .harmless),
        .init("ssl_session_cache", .httpServer, .take12, .sslSessionCache, .harmless),
        .init("ssl_session_tickets", .httpServer, .flag, .flag, .harmless),
        .init("ssl_session_ticket_key", .httpServer, .take1, .unchecked, .harmless),
        .init("ssl_session_timeout", .httpServer, .take1, .seconds, .harmless),
        .init("ssl_crl", .httpServer, .take1, .string, .harmless),
        .init(
            "ssl_ocsp", .httpServer, .take1, .oneOf(["off", "on", "leaf"]), .harmless, since: NginxVersion(1, 19, 0)),
        .init("ssl_ocsp_responder", .httpServer, .take1, .string, .harmless, since: NginxVersion(1, 19, 0)),
        .init("ssl_ocsp_cache", .httpServer, .take1, .unchecked, .harmless, since: NginxVersion(1, 19, 0)),
        .init("ssl_stapling", .httpServer, .flag, .flag, .harmless),
        .init("ssl_stapling_file", .httpServer, .take1, .string, .harmless),
        .init("ssl_stapling_responder", .httpServer, .take1, .string, .harmless),
        .init("ssl_stapling_verify", .httpServer, .flag, .flag, .harmless),
        .init("ssl_early_data", .httpServer, .flag, .flag, .harmless),
        .init("ssl_conf_command", .httpServer, .take2, .unchecked, .harmless, since: NginxVersion(1, 19, 4)),
        .init(
            "ssl_reject_handshake", .httpServer, .flag, .flag, .notModelled, "refuses TLS handshakes by server name",
            since: NginxVersion(1, 19, 4)),
    ]
}
