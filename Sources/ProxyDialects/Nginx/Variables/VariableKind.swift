import WireBasics

/// How the value of a variable comes about.
enum VariableKind: Hashable, Sendable {
    /// One that nginx defines by name.
    case request(BuiltInVariable)
    /// One of a family that nginx defines by prefix, and what follows the prefix.
    case prefixed(VariablePrefix, ByteString)
    /// A `map` of the configuration, by its index.
    case map(Int)
    /// A `geo` of the configuration, by its index.
    case geo(Int)
    /// A `split_clients` of the configuration, by its index.
    case splitClients(Int)
    /// One that `set`, `auth_request_set` or a named group gives a value.
    case assigned
    /// One that nginx has and the model has not.
    case unmodelled
    /// One that nobody defines.
    case unknown

    /// What nginx itself understands by that name.
    static func builtIn(_ name: ByteString) -> VariableKind {
        if let variable = BuiltInVariable(rawValue: name.latin1) { return .request(variable) }
        if unmodelledNames.contains(name.latin1) { return .unmodelled }
        for prefix in VariablePrefix.allCases {
            if let rest = name.dropping(prefix: ByteString(prefix.rawValue)), !rest.isEmpty {
                return .prefixed(prefix, rest)
            }
        }
        return unmodelledPrefixes.contains { name.hasPrefix(ByteString($0)) } ? .unmodelled : .unknown
    }

    /// Whether nginx keeps a value once found (no `NGX_HTTP_VAR_NOCACHEABLE`).
    var isCacheable: Bool {
        switch self {
        case .request(let variable): !variable.changesDuringRequest
        case .prefixed(let prefix, _): prefix.isCacheable
        default: true
        }
    }

    /// Variables of nginx whose value depends on what no capture shows: TLS state, the machine, files.
    private static let unmodelledNames: Set<String> = [
        "request_body_file", "realpath_root", "hostname", "tcpinfo_rtt", "tcpinfo_rttvar", "tcpinfo_snd_cwnd",
        "tcpinfo_rcv_space", "upstream_cache_status", "upstream_cache_last_modified", "upstream_cache_etag",
        "gzip_ratio", "secure_link", "secure_link_expires", "invalid_referer", "slice_range", "modern_browser",
        "ancient_browser", "msie", "uid_got", "uid_set", "uid_reset", "memcached_key", "date_local", "date_gmt",
        "spdy", "spdy_request_priority", "http2", "http3", "quic", "connections_active", "connections_reading",
        "connections_writing", "connections_waiting", "fastcgi_script_name", "fastcgi_path_info", "upstream_last_addr",
        "is_request_port", "request_port",
    ]
    private static let unmodelledPrefixes = ["ssl_", "proxy_protocol_tlv_", "geoip_", "jwt_", "image_"]
}

/// A family of variables: `$http_…`, `$arg_…`.
enum VariablePrefix: String, CaseIterable, Hashable, Sendable {
    /// A header line of the answer to the client.
    case sentHeader = "sent_http_"
    /// A trailer line of that answer.
    case sentTrailer = "sent_trailer_"
    /// A header line of the upstream's answer.
    case upstreamHeader = "upstream_http_"
    /// A trailer line of the upstream's answer.
    case upstreamTrailer = "upstream_trailer_"
    /// A cookie that the upstream sets.
    case upstreamCookie = "upstream_cookie_"
    /// A header line of the request.
    case header = "http_"
    /// A cookie of the request.
    case cookie = "cookie_"
    /// An argument of the request's query.
    case argument = "arg_"

    /// Whether nginx keeps a value once found.
    var isCacheable: Bool {
        switch self {
        case .argument, .upstreamHeader, .upstreamTrailer, .upstreamCookie: false
        case .sentHeader, .sentTrailer, .header, .cookie: true
        }
    }
}

/// The variables that nginx defines by name and the model knows.
///
/// Source: nginx `ngx_http_core_variables`, `ngx_http_upstream_vars`, `ngx_http_proxy_vars`, and those of the realip,
/// limit_conn, limit_req and headers modules.
enum BuiltInVariable: String, CaseIterable, Hashable, Sendable {
    case httpHost = "http_host"
    case httpCookie = "http_cookie"
    case httpXForwardedFor = "http_x_forwarded_for"
    case contentLength = "content_length"
    case contentType = "content_type"
    case host = "host"
    case binaryRemoteAddress = "binary_remote_addr"
    case remoteAddress = "remote_addr"
    case remotePort = "remote_port"
    case serverAddress = "server_addr"
    case serverPort = "server_port"
    case serverProtocol = "server_protocol"
    case scheme = "scheme"
    case https = "https"
    case requestURI = "request_uri"
    case uri = "uri"
    case documentURI = "document_uri"
    case request = "request"
    case documentRoot = "document_root"
    case queryString = "query_string"
    case arguments = "args"
    case isArguments = "is_args"
    case requestFilename = "request_filename"
    case serverName = "server_name"
    case requestMethod = "request_method"
    case remoteUser = "remote_user"
    case bytesSent = "bytes_sent"
    case bodyBytesSent = "body_bytes_sent"
    case pipe = "pipe"
    case requestCompletion = "request_completion"
    case requestBody = "request_body"
    case requestLength = "request_length"
    case requestTime = "request_time"
    case requestID = "request_id"
    case status = "status"
    case sentContentType = "sent_http_content_type"
    case sentContentLength = "sent_http_content_length"
    case sentLocation = "sent_http_location"
    case sentLastModified = "sent_http_last_modified"
    case sentConnection = "sent_http_connection"
    case sentKeepAlive = "sent_http_keep_alive"
    case sentTransferEncoding = "sent_http_transfer_encoding"
    case limitRate = "limit_rate"
    case connection = "connection"
    case connectionRequests = "connection_requests"
    case connectionTime = "connection_time"
    case nginxVersion = "nginx_version"
    case processID = "pid"
    case milliseconds = "msec"
    case timeISO8601 = "time_iso8601"
    case timeLocal = "time_local"
    case upstreamAddress = "upstream_addr"
    case upstreamStatus = "upstream_status"
    case upstreamConnectTime = "upstream_connect_time"
    case upstreamHeaderTime = "upstream_header_time"
    case upstreamResponseTime = "upstream_response_time"
    case upstreamResponseLength = "upstream_response_length"
    case upstreamBytesReceived = "upstream_bytes_received"
    case upstreamBytesSent = "upstream_bytes_sent"
    case proxyHost = "proxy_host"
    case proxyPort = "proxy_port"
    case proxyAddXForwardedFor = "proxy_add_x_forwarded_for"
    case proxyInternalBodyLength = "proxy_internal_body_length"
    case proxyInternalChunked = "proxy_internal_chunked"
    case realIPRemoteAddress = "realip_remote_addr"
    case realIPRemotePort = "realip_remote_port"
    case proxyProtocolAddress = "proxy_protocol_addr"
    case proxyProtocolPort = "proxy_protocol_port"
    case proxyProtocolServerAddress = "proxy_protocol_server_addr"
    case proxyProtocolServerPort = "proxy_protocol_server_port"
    case limitConnectionStatus = "limit_conn_status"
    case limitRequestStatus = "limit_req_status"

    /// Whether nginx asks for the value anew each time (`NGX_HTTP_VAR_NOCACHEABLE`).
    var changesDuringRequest: Bool {
        switch self {
        case .uri, .documentURI, .documentRoot, .queryString, .arguments, .isArguments, .requestFilename,
            .requestMethod, .requestLength, .requestTime, .status, .limitRate, .connectionTime, .milliseconds,
            .timeISO8601, .timeLocal, .upstreamAddress, .upstreamStatus, .upstreamConnectTime, .upstreamHeaderTime,
            .upstreamResponseTime, .upstreamResponseLength, .upstreamBytesReceived, .upstreamBytesSent, .proxyHost,
            .proxyPort, .proxyInternalBodyLength, .proxyInternalChunked:
            true
        default:
            false
        }
    }

    /// Whether the value is different on each run of nginx, so that no prediction of it can be held against a capture.
    var isVolatile: Bool {
        switch self {
        case .requestID, .requestTime, .connectionTime, .milliseconds, .timeISO8601, .timeLocal, .connection,
            .processID, .upstreamConnectTime, .upstreamHeaderTime, .upstreamResponseTime:
            true
        default:
            false
        }
    }
}
