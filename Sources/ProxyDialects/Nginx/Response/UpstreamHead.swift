import HTTPWire
import WireBasics

/// What nginx understood of a backend's response head.
///
/// Source: nginx `ngx_http_upstream_headers_in_t`.
struct UpstreamHead: Hashable, Sendable {
    /// The status code; any three digits.
    var status = 0
    /// Code and reason as the backend sent them, `101 Switching Protocols`: what the client's status line repeats.
    var statusLine = ByteString()
    /// Whether the backend answers in HTTP/1.1 or newer.
    var isHTTP11 = false
    /// The header lines as nginx reads them: spaces around values dropped, tabs kept.
    var headers: [HeaderField] = []
    /// Indices into `headers` of lines that nginx takes note of and then ignores, as repeated `Location` lines since
    /// 1.23.0.
    var ignored: Set<Int> = []
    /// The length that `Content-Length` gives; nil without one, with an invalid one, and with chunks.
    var contentLength: Int64?
    /// Whether `Transfer-Encoding` says `chunked`.
    var isChunked = false
    /// Whether the backend will close the connection: it says so, or answers in HTTP/1.0.
    var closesConnection = false
    /// The bytes from the status line to the empty line, both included.
    var bytes: [UInt8] = []

    /// What stands for the head of a response that has none.
    static let http09: UpstreamHead = {
        var head = UpstreamHead()
        head.closesConnection = true
        return head
    }()

    /// The value of the first line of that name.
    func first(_ name: ByteString) -> ByteString? {
        headers.first { $0.name.equalsIgnoringCase(name) }?.value
    }
}

/// A response that nginx cannot use.
///
/// Source: nginx `ngx_http_upstream_process_header`; both count as `invalid_header` for `proxy_next_upstream`.
struct UpstreamResponseError: Error, Hashable, Sendable {
    /// The kind of fault.
    struct Code: Hashable, Sendable {
        private var name: String
        /// A header line that nginx does not accept.
        static let invalidHeader = Code(name: "invalid header")
        /// A head that does not fit `proxy_buffer_size`.
        static let tooBigHeader = Code(name: "too big header")
        /// Lengths that contradict each other, refused since 1.23.0.
        static let ambiguousLength = Code(name: "ambiguous length")
    }

    /// The kind of fault.
    var code: Code
    /// Where in the response, in bytes from its first one.
    var offset: Int
    /// What is wrong and why nginx refuses it, in one sentence.
    var message: String
    /// How to mend it.
    var mend: String
}
