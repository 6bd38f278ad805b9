public import WireBasics

/// The head of a request as it was sent: start line and header lines (RFC 9112 §2.1, §3).
public struct RequestHead: Hashable, Sendable, Codable {
    /// The method, for example `GET`.
    public var method: ByteString
    /// The request target as sent: origin, absolute, authority or asterisk form.
    public var target: ByteString
    /// The protocol version as sent, for example `HTTP/1.1`; empty for an HTTP/0.9 request line.
    public var version: ByteString
    /// The header lines.
    public var headers: HeaderFields
    /// Every byte from the start line to the empty line, both included.
    @Base64Coded public var bytes: [UInt8]

    /// A head with all its parts; `bytes` are what the others were read from.
    public init(method: ByteString, target: ByteString, version: ByteString, headers: HeaderFields, bytes: [UInt8]) {
        self.method = method
        self.target = target
        self.version = version
        self.headers = headers
        self.bytes = bytes
    }

    /// A head of our own making, written with CRLF and one blank after each colon.
    public init(method: ByteString = "GET", target: ByteString, version: ByteString = "HTTP/1.1", headers: HeaderFields)
    {
        let start = method + " " + target + " " + version
        self.init(
            method: method, target: target, version: version, headers: headers,
            bytes: serialized(startLine: start, headers: headers))
    }
}

/// The head of a response as it was sent: status line and header lines (RFC 9112 §2.1, §4).
public struct ResponseHead: Hashable, Sendable, Codable {
    /// The protocol version as sent, for example `HTTP/1.1`.
    public var version: ByteString
    /// The status code.
    public var status: Int
    /// The reason phrase as sent; may be empty.
    public var reason: ByteString
    /// The header lines.
    public var headers: HeaderFields
    /// Every byte from the status line to the empty line, both included.
    @Base64Coded public var bytes: [UInt8]

    /// A head with all its parts; `bytes` are what the others were read from.
    public init(version: ByteString, status: Int, reason: ByteString, headers: HeaderFields, bytes: [UInt8]) {
        self.version = version
        self.status = status
        self.reason = reason
        self.headers = headers
        self.bytes = bytes
    }

    /// A head of our own making, written with CRLF and one blank after each colon.
    public init(version: ByteString = "HTTP/1.1", status: Int, reason: ByteString, headers: HeaderFields) {
        let start = version + " " + ByteString(String(status)) + " " + reason
        self.init(
            version: version, status: status, reason: reason, headers: headers,
            bytes: serialized(startLine: start, headers: headers))
    }
}

private func serialized(startLine: ByteString, headers: HeaderFields) -> [UInt8] {
    var bytes = startLine.bytes + [13, 10]
    for field in headers.fields {
        bytes += field.name.bytes + [58, 32] + field.value.bytes + [13, 10]
    }
    return bytes + [13, 10]
}
