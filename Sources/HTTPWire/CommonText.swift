import WireBasics

/// Names and values that nearly every head holds, so that all heads share their bytes.
///
/// A session's transcript keeps its heads; with thousands of sessions, a small array for each `Upgrade` and `GET` would
/// be a quarter of the memory.
enum CommonText {
    /// By length; a text that is spelled otherwise is not shared.
    private static let byLength: [[ByteString]] = {
        let texts: [ByteString] = [
            FieldName.host, FieldName.upgrade, FieldName.connection, FieldName.origin, FieldName.contentLength,
            FieldName.transferEncoding, FieldName.secWebSocketKey, FieldName.secWebSocketVersion,
            FieldName.secWebSocketProtocol, FieldName.secWebSocketExtensions, FieldName.secWebSocketAccept,
            "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Content-Type", "Cookie",
            "Date", "Pragma", "Referer", "Server", "User-Agent", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP",
            "13", "chunked", "close", "GET", "HTTP/1.1", "keep-alive", "no-cache", "OK", "permessage-deflate",
            "permessage-deflate; client_max_window_bits", "POST", "Switching Protocols", "upgrade", "websocket",
        ]
        var byLength = [[ByteString]](repeating: [], count: (texts.map(\.count).max() ?? 0) + 1)
        for text in texts { byLength[text.count].append(text) }
        return byLength
    }()

    /// A text with those bytes, shared where it is a common one.
    static func shared(_ bytes: ArraySlice<UInt8>) -> ByteString {
        guard bytes.count < byLength.count else { return ByteString(bytes) }
        // The last bytes differ most.
        for text in byLength[bytes.count] where text.bytes.last == bytes.last && text.bytes[...] == bytes {
            return text
        }
        return ByteString(bytes)
    }
}
