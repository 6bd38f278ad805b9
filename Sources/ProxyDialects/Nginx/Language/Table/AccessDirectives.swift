extension NginxDirectiveTable {
    /// Who may: access, auth_basic, auth_request, limit_conn, limit_req, realip, referer, secure_link.
    static let access: [NginxDirectiveRow] = [
        .init("allow", [.http, .server, .location, .limitExcept], .take1, .accessRule, .modelled),
        .init("deny", [.http, .server, .location, .limitExcept], .take1, .accessRule, .modelled),
        .init("auth_basic", [.http, .server, .location, .limitExcept], .take1, .complex, .modelled),
        .init("auth_basic_user_file", [.http, .server, .location, .limitExcept], .take1, .complex, .modelled),
        .init("auth_request", .httpServerLocation, .take1, .string, .modelled),
        .init("auth_request_set", .httpServerLocation, .take2, .setVariable, .modelled),
        .init("limit_conn_zone", .http, .take2, .limitConnZone, .modelled),
        .init("limit_conn", .httpServerLocation, .take2, .limitConn, .modelled),
        .init(
            "limit_conn_log_level", .httpServerLocation, .take1, .oneOf(["info", "notice", "warn", "error"]), .harmless),
        .init("limit_conn_status", .httpServerLocation, .take1, .numberBetween(400, 599), .modelled),
        .init("limit_conn_dry_run", .httpServerLocation, .flag, .flag, .modelled),
        .init("limit_req_zone", .http, .take3, .limitReqZone, .modelled),
        .init("limit_req", .httpServerLocation, .take123, .limitReq, .modelled),
        .init(
            "limit_req_log_level", .httpServerLocation, .take1, .oneOf(["info", "notice", "warn", "error"]), .harmless),
        .init("limit_req_status", .httpServerLocation, .take1, .numberBetween(400, 599), .modelled),
        .init("limit_req_dry_run", .httpServerLocation, .flag, .flag, .modelled),
        .init("set_real_ip_from", .httpServerLocation, .take1, .realIPFrom, .modelled),
        .init("real_ip_header", .httpServerLocation, .take1, .string, .modelled),
        .init("real_ip_recursive", .httpServerLocation, .flag, .flag, .modelled),
        .init("valid_referers", [.server, .location], .oneMore, .validReferers, .notModelled, "sets $invalid_referer"),
        .init("referer_hash_max_size", [.server, .location], .take1, .number, .harmless),
        .init("referer_hash_bucket_size", [.server, .location], .take1, .number, .harmless),
        .init("secure_link", .httpServerLocation, .take1, .complex, .notModelled, "variables from a link"),
        .init("secure_link_md5", .httpServerLocation, .take1, .complex, .notModelled, "variables from a link"),
        .init("secure_link_secret", .httpServerLocation, .take1, .string, .notModelled, "variables from a link"),
    ]
}
