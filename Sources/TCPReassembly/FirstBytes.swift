import WireBasics

/// What the first bytes of a stream say about who sent them.
enum FirstBytes {
    /// The party that sends such bytes first; nil when they say nothing.
    static func sender(of bytes: RawSpan) -> Party? {
        if starts(bytes, with: "HTTP/1.") { return .server }
        return requestStarts.contains { starts(bytes, with: $0) } ? .client : nil
    }

    /// Methods of RFC 9110 §9 and RFC 5789, and the PROXY protocol's two versions that may come before them.
    private static let requestStarts: [StaticString] = [
        "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ", "PROXY ",
        "\r\n\r\n\0\r\nQUIT\n",
    ]

    private static func starts(_ bytes: RawSpan, with text: StaticString) -> Bool {
        guard bytes.byteCount >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { text in text.indices.allSatisfy { bytes.byte(at: $0) == text[$0] } }
    }
}
