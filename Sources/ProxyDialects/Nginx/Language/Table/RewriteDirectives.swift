extension NginxDirectiveTable {
    /// Variables and rewriting: rewrite, map, geo, split_clients, browser, headers, userid, geoip, perl.
    static let rewrite: [NginxDirectiveRow] = [
        .init(
            "modern_browser", .httpServerLocation, .take12, .unchecked, .notModelled, "sets variables from User-Agent"),
        .init(
            "ancient_browser", .httpServerLocation, .oneMore, .unchecked, .notModelled, "sets variables from User-Agent"
        ),
        .init(
            "modern_browser_value", .httpServerLocation, .take1, .unchecked, .notModelled,
            "sets variables from User-Agent"),
        .init(
            "ancient_browser_value", .httpServerLocation, .take1, .unchecked, .notModelled,
            "sets variables from User-Agent"),
        .init("geo", .http, .take12, .geo, .modelled, isBlock: true),
        .init("geoip_country", .http, .take12, .unchecked, .notModelled, "variables from a data base"),
        .init("geoip_org", .http, .take12, .unchecked, .notModelled, "variables from a data base"),
        .init("geoip_city", .http, .take12, .unchecked, .notModelled, "variables from a data base"),
        .init("geoip_proxy", .http, .take1, .unchecked, .harmless),
        .init("geoip_proxy_recursive", .http, .flag, .flag, .harmless),
        .init("expires", [.http, .server, .location, .locationIf], .take12, .expires, .modelled),
        .init("add_header", [.http, .server, .location, .locationIf], .take23, .addHeader, .modelled),
        .init(
            "add_trailer", [.http, .server, .location, .locationIf], .take23, .addHeader, .harmless,
            "acts on the end of ordinary answers, and is named where it does"),
        .init(
            "add_header_inherit", [.http, .server, .location, .locationIf], .take1, .oneOf(["off", "on", "merge"]),
            .modelled, since: NginxVersion(1, 29, 3)),
        .init(
            "add_trailer_inherit", [.http, .server, .location, .locationIf], .take1, .oneOf(["off", "on", "merge"]),
            .harmless, since: NginxVersion(1, 29, 3)),
        .init("map", .http, .take2, .map, .modelled, isBlock: true),
        .init("map_hash_max_size", .http, .take1, .number, .harmless),
        .init("map_hash_bucket_size", .http, .take1, .number, .harmless),
        .init("rewrite", [.server, .location, .serverIf, .locationIf], .take23, .rewrite, .modelled),
        .init("return", [.server, .location, .serverIf, .locationIf], .take12, .return, .modelled),
        .init("break", [.server, .location, .serverIf, .locationIf], .noArgs, .unchecked, .modelled),
        .init("if", [.server, .location], .oneMore, .if, .modelled, isBlock: true),
        .init("set", [.server, .location, .serverIf, .locationIf], .take2, .set, .modelled),
        .init("rewrite_log", [.http, .server, .location, .serverIf, .locationIf], .flag, .flag, .harmless),
        .init(
            "uninitialized_variable_warn", [.http, .server, .location, .serverIf, .locationIf], .flag, .flag, .harmless),
        .init("split_clients", .http, .take2, .splitClients, .modelled, isBlock: true),
        .init(
            "userid", .httpServerLocation, .take1, .oneOf(["off", "log", "v1", "on"]), .notModelled,
            "adds a Set-Cookie field"),
        .init("userid_service", .httpServerLocation, .take1, .number, .harmless),
        .init("userid_name", .httpServerLocation, .take1, .string, .harmless),
        .init("userid_domain", .httpServerLocation, .take1, .string, .harmless),
        .init("userid_path", .httpServerLocation, .take1, .string, .harmless),
        .init("userid_expires", .httpServerLocation, .take1, .userid, .harmless),
        .init(
            "userid_flags", .httpServerLocation, .take123,
            .anyOf(["off", "secure", "httponly", "samesite=strict", "samesite=lax", "samesite=none"]), .harmless,
            since: NginxVersion(1, 19, 3)),
        .init("userid_p3p", .httpServerLocation, .take1, .string, .harmless),
        .init("userid_mark", .httpServerLocation, .take1, .userid, .harmless),
        .init("perl_modules", .http, .take1, .unchecked, .harmless),
        .init("perl_require", .http, .take1, .unchecked, .harmless),
        .init("perl", [.location, .limitExcept], .take1, .unchecked, .notModelled, "runs code"),
        .init("perl_set", .http, .take2, .unchecked, .notModelled, "a variable computed by code"),
    ]
}
