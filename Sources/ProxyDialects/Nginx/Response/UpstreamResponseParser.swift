import HTTPWire
import WireBasics

/// Reads the head of a backend's response as nginx does, tolerances and all.
///
/// Shape: bytes go in as they arrive (`receive`), events come out (`nextEvent`); after `.head` or `.http09` the parser
/// is done, and `unread` holds what follows.
/// Source: nginx `ngx_http_upstream_process_header`, `ngx_http_proxy_process_status_line`,
/// `ngx_http_proxy_process_header`.
struct UpstreamResponseParser: Hashable, Sendable {
    /// What differs between versions, and the limit that the configuration sets.
    struct Rules: Hashable, Sendable {
        /// `proxy_buffer_size`, in bytes: a head that does not fit is refused.
        var bufferSize = 4096
        /// Since 1.23.0: repeated single-valued lines are ignored, and lengths that contradict each other refused.
        var refusesAmbiguity = false
        /// Since 1.29.0: a 103 is passed on and the next head awaited; before, it is taken for the final head.
        var passesEarlyHints = false
        /// Since 1.31.0, and in distributions' releases with security fixes (Debian's 1.22.1): what turns out to be no
        /// status line is passed on whole; elsewhere, without what had arrived earlier and looked like one.
        var keepsBytesBeforeHTTP09 = true
    }

    /// What a response begins with.
    enum Event: Hashable, Sendable {
        /// A 103: goes to the client, and another head follows.
        case earlyHints(UpstreamHead)
        /// The final head, whatever its status: nginx knows no other interim responses.
        case head(UpstreamHead)
        /// No status line: nginx passes the bytes on as HTTP/0.9, without a head.
        case http09
    }

    private let rules: Rules
    /// Everything that arrived and is not yet behind an event.
    private var buffer: [UInt8] = []
    /// How much of `buffer` the current head has used up.
    private var position = 0
    /// How many bytes of earlier heads are gone from `buffer`.
    private var dropped = 0
    /// How much of `buffer` had arrived before the last `receive`.
    private var earlier = 0
    private var statusLine = StatusLineParser()
    private var headerLine = HeaderLineParser()
    private var head = UpstreamHead()
    private var readsHeaders = false
    private var isDone = false

    /// A parser at the beginning of a response.
    init(rules: Rules = Rules()) {
        self.rules = rules
    }

    /// What arrived behind the head: the beginning of the body, or of a tunnel.
    var unread: [UInt8] { isDone ? Array(buffer[position...]) : [] }

    /// What was understood of the head so far: `$upstream_http_…` shows it even when nginx gives the response up.
    var partialHead: UpstreamHead { head }

    /// How many bytes arrived of a head that is not complete.
    var pending: Int { isDone ? 0 : buffer.count }

    /// Takes bytes from the backend.
    mutating func receive(_ bytes: [UInt8]) {
        earlier = buffer.count
        buffer += bytes
    }

    /// The next event; nil when more bytes are needed.
    ///
    /// - Throws: `UpstreamResponseError` when nginx gives the response up.
    mutating func nextEvent() throws(UpstreamResponseError) -> Event? {
        guard !isDone else { return nil }
        if !readsHeaders {
            switch statusLine.read(buffer.prefix(rules.bufferSize), from: &position) {
            case .needsMore:
                return try noRoom()
            case .notHTTP:
                isDone = true
                position = rules.keepsBytesBeforeHTTP09 ? 0 : min(earlier, rules.bufferSize)
                return .http09
            case .line(let line):
                head.status = line.status
                head.statusLine = line.text
                head.isHTTP11 = line.isHTTP11
                head.closesConnection = !line.isHTTP11
                readsHeaders = true
                if rules.passesEarlyHints, head.status == 103, !line.isHTTP11 {
                    throw fault("an HTTP/1.0 response cannot be 103 Early Hints", mend: "answer in HTTP/1.1")
                }
            }
        }
        while true {
            switch headerLine.read(buffer.prefix(rules.bufferSize), from: &position) {
            case .needsMore:
                return try noRoom()
            case .line(let field):
                if let error = head.take(field, rules: rules) {
                    throw UpstreamResponseError(
                        code: .ambiguousLength, offset: dropped + position, message: error,
                        mend: "the backend must send one Content-Length, or \"Transfer-Encoding: chunked\"")
                }
            case .invalid(let text):
                throw fault(
                    "nginx refuses the header line that begins with \"\(VisibleText.escape(text))\"",
                    mend: "a header name holds no blank, control character or leading colon, a value no NUL")
            case .end:
                return finishHead()
            }
        }
    }

    private mutating func finishHead() -> Event {
        if head.isChunked { head.contentLength = nil }
        head.bytes = Array(buffer[..<position])
        guard rules.passesEarlyHints, head.status == 103 else {
            isDone = true
            return .head(head)
        }
        defer {
            dropped += position
            buffer.removeFirst(position)
            position = 0
            earlier = 0
            statusLine = StatusLineParser()
            head = UpstreamHead()
            readsHeaders = false
        }
        return .earlyHints(head)
    }

    private func noRoom() throws(UpstreamResponseError) -> Event? {
        guard buffer.count < rules.bufferSize else { throw tooBig() }
        return nil
    }

    private func tooBig() -> UpstreamResponseError {
        UpstreamResponseError(
            code: .tooBigHeader, offset: dropped + rules.bufferSize,
            message: "the response head does not fit proxy_buffer_size (\(rules.bufferSize) bytes)",
            mend: "raise proxy_buffer_size")
    }

    private func fault(_ message: String, mend: String) -> UpstreamResponseError {
        UpstreamResponseError(code: .invalidHeader, offset: dropped + position, message: message, mend: mend)
    }
}

extension UpstreamHead {
    /// Takes a header line; the reason when nginx gives the response up because of it.
    ///
    /// Source: the handlers of nginx's `ngx_http_upstream_headers_in`.
    fileprivate mutating func take(_ field: HeaderField, rules: UpstreamResponseParser.Rules) -> String? {
        defer { headers.append(field) }
        // A 103 is not looked into.
        if rules.passesEarlyHints, status == 103 { return nil }
        let name = field.name.lowercased
        let isRepeated = first(name) != nil
        switch name {
        case "content-length":
            if rules.refusesAmbiguity {
                if isRepeated { return "the response has two Content-Length lines" }
                if first("transfer-encoding") != nil {
                    return "the response has both Content-Length and Transfer-Encoding"
                }
            }
            contentLength = Self.length(field.value)
            if rules.refusesAmbiguity, contentLength == nil { return "the Content-Length is no number" }
        case "transfer-encoding":
            if rules.refusesAmbiguity {
                if isRepeated { return "the response has two Transfer-Encoding lines" }
                if first("content-length") != nil {
                    return "the response has both Content-Length and Transfer-Encoding"
                }
                guard field.value.lowercased == "chunked" else { return "nginx knows no Transfer-Encoding but chunked" }
                isChunked = true
            } else if field.value.lowercased.contains("chunked") {
                isChunked = true
            }
        case "connection":
            if field.value.lowercased.contains("close") { closesConnection = true }
        default:
            if rules.refusesAmbiguity, isRepeated, Self.singleValued.contains(name) { ignored.insert(headers.count) }
        }
        return nil
    }

    /// Lines of which the first counts and others vanish, since 1.23.0.
    private static let singleValued: Set<ByteString> = [
        "status", "content-type", "date", "last-modified", "etag", "server", "location", "refresh", "expires",
        "x-accel-expires", "x-accel-redirect", "x-accel-limit-rate",
    ]

    /// Digits only, within 63 bits; `ngx_atoof`.
    private static func length(_ text: ByteString) -> Int64? {
        let isNumber = !text.isEmpty && text.bytes.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return isNumber ? Int64(text.latin1) : nil
    }
}

extension ByteString {
    /// Whether the other bytes occur somewhere in these.
    func contains(_ other: ByteString) -> Bool {
        firstIndex(of: other) != nil
    }

    /// Where the other bytes first occur in these.
    func firstIndex(of other: ByteString) -> Int? {
        guard other.count <= count else { return nil }
        return (0...(count - other.count)).first { bytes[$0..<($0 + other.count)].elementsEqual(other.bytes) }
    }
}
