package import WireBasics

/// Names of header fields that are looked up for every message; a literal would be made anew each time.
package enum FieldName {
    /// `Host`.
    package static let host: ByteString = "Host"
    /// `Upgrade`.
    package static let upgrade: ByteString = "Upgrade"
    /// `Connection`.
    package static let connection: ByteString = "Connection"
    /// `Origin`.
    package static let origin: ByteString = "Origin"
    /// `Content-Length`.
    package static let contentLength: ByteString = "Content-Length"
    /// `Transfer-Encoding`.
    package static let transferEncoding: ByteString = "Transfer-Encoding"
    /// `Sec-WebSocket-Key`.
    package static let secWebSocketKey: ByteString = "Sec-WebSocket-Key"
    /// `Sec-WebSocket-Key1`.
    package static let secWebSocketKey1: ByteString = "Sec-WebSocket-Key1"
    /// `Sec-WebSocket-Key2`.
    package static let secWebSocketKey2: ByteString = "Sec-WebSocket-Key2"
    /// `Sec-WebSocket-Version`.
    package static let secWebSocketVersion: ByteString = "Sec-WebSocket-Version"
    /// `Sec-WebSocket-Protocol`.
    package static let secWebSocketProtocol: ByteString = "Sec-WebSocket-Protocol"
    /// `Sec-WebSocket-Extensions`.
    package static let secWebSocketExtensions: ByteString = "Sec-WebSocket-Extensions"
    /// `Sec-WebSocket-Accept`.
    package static let secWebSocketAccept: ByteString = "Sec-WebSocket-Accept"
}
