import WireBasics

/// What nginx writes behind the version in a status line of its own.
///
/// Source: nginx `ngx_http_status_lines`.
enum StatusText {
    /// `404 Not Found`; for codes without a reason three digits and a blank.
    ///
    /// - Parameter knows407: since 1.29.7 nginx has a reason for 407.
    static func line(_ status: Int, knows407: Bool = false) -> ByteString {
        if let reason = reasons[status], status != 407 || knows407 { return ByteString("\(status) \(reason)") }
        let digits = String(status)
        return ByteString(String(repeating: "0", count: max(0, 3 - digits.count)) + digits + " ")
    }

    private static let reasons: [Int: String] = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
        301: "Moved Permanently", 302: "Moved Temporarily", 303: "See Other", 304: "Not Modified",
        307: "Temporary Redirect", 308: "Permanent Redirect",
        400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
        405: "Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required", 408: "Request Time-out",
        409: "Conflict", 410: "Gone", 411: "Length Required", 412: "Precondition Failed",
        413: "Request Entity Too Large", 414: "Request-URI Too Large", 415: "Unsupported Media Type",
        416: "Requested Range Not Satisfiable", 421: "Misdirected Request", 429: "Too Many Requests",
        500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
        503: "Service Temporarily Unavailable", 504: "Gateway Time-out", 505: "HTTP Version Not Supported",
        507: "Insufficient Storage",
    ]
}
