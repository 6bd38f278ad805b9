extension NginxDirectiveTable {
    /// `ngx_http_upstream_module` and the balancers.
    static let upstream: [NginxDirectiveRow] = [
        .init("hash", .upstream, .take12, .hash, .modelled),
        .init("ip_hash", .upstream, .noArgs, .balancer, .modelled),
        .init("keepalive", .upstream, .take1, .keepalive, .modelled, before: NginxVersion(1, 29, 7)),
        .init("keepalive", .upstream, .take12, .keepalive, .modelled, since: NginxVersion(1, 29, 7)),
        .init("keepalive_time", .upstream, .take1, .milliseconds, .modelled, since: NginxVersion(1, 19, 10)),
        .init("keepalive_timeout", .upstream, .take1, .milliseconds, .modelled),
        .init("keepalive_requests", .upstream, .take1, .number, .modelled),
        .init("least_conn", .upstream, .noArgs, .balancer, .modelled),
        .init(
            "least_time", .upstream, .take12, .balancer, .notModelled, "the server is chosen by measured times",
            since: NginxVersion(1, 31, 0)),
        .init("random", .upstream, [.noArgs, .take12], .random, .modelled),
        .init(
            "sticky", .upstream, .twoMore, .unchecked, .notModelled,
            "the server is chosen by a cookie or a learned value", since: NginxVersion(1, 29, 6)),
        .init(
            "zone", .upstream, .take12, .upstreamZone, .modelled),
        .init("upstream", .http, .take1, .upstream, .modelled, isBlock: true),
        .init("server", .upstream, .oneMore, .upstreamServer, .modelled),
        .init(
            "resolver", .upstream, .oneMore, .resolver, .harmless,
            "matters where a name is looked up at run time, which the model reports there",
            since: NginxVersion(1, 27, 3)),
        .init("resolver_timeout", .upstream, .take1, .milliseconds, .harmless, since: NginxVersion(1, 27, 3)),
    ]
}
