import HTTPWire
import ProxyModel
import WireBasics

/// The head of a response while nginx puts it together, before it is written.
///
/// Shape: some lines have a place of their own in the head (`Server`, `Date`, `Content-Type`, `Content-Length`, a
/// `Location` that is made absolute); all others stand in `lines`, in their order.
/// Source: nginx `ngx_http_headers_out_t`.
struct HeadersOut: Hashable, Sendable {
    /// A header line in the list, and why it is there.
    struct Line: Hashable, Sendable {
        /// The line.
        var header: OutgoingHeader
        /// Whether it will be written (`hash != 0`).
        var isSent = true
    }

    /// The status code.
    var status: Int
    /// Code and reason as a backend sent them; nil to write nginx's own.
    var statusLine: ByteString?
    /// Why the status is what it is, where nginx decided it.
    var decided: Explanation?
    /// The lines that have no place of their own.
    var lines: [Line] = []
    /// Whether a `Server` line of the backend is passed, or its absence: nginx then writes none of its own.
    var passesServer = false
    /// The same for `Date`.
    var passesDate = false
    /// The `Content-Type` line.
    var contentType: OutgoingHeader?
    /// The `charset` of the last `Content-Type` of a backend that had one: nginx adds it to a later one without.
    var charset = ByteString()
    /// The value of `Content-Length`; nil for none.
    var contentLength: Int64?
    /// Where `contentLength` comes from.
    var contentLengthOrigin = HeaderOrigin.default
    /// The second of the `Last-Modified` line of a file of nginx's own; written in a place of its own.
    var lastModified: Int64?
    /// The line of `lines` that holds a `Location` which nginx made or rewrote.
    var location: Int?
    /// What the backend sent and the client will not see.
    var lost: [LostHeader] = []

    /// A head without lines.
    init(status: Int, statusLine: ByteString? = nil, decided: Explanation? = nil) {
        self.status = status
        self.statusLine = statusLine
        self.decided = decided
    }

    /// Adds a line at the end.
    mutating func append(_ name: ByteString, _ value: ByteString, _ origin: HeaderOrigin, _ explanation: Explanation) {
        let header = OutgoingHeader(HeaderField(name, value), origin: origin, explanation: explanation)
        lines.append(Line(header: header))
    }

    /// Takes over a backend's `Content-Type`.
    ///
    /// Source: nginx `ngx_http_upstream_copy_content_type`.
    mutating func takeContentType(_ header: OutgoingHeader) {
        contentType = header
        if let charset = Self.charset(of: header.field.value) { self.charset = charset }
    }

    /// What stands behind `charset=`, quotes taken off; nil for a type without it.
    static func charset(of type: ByteString) -> ByteString? {
        for part in type.bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).dropFirst() {
            let parameter = ByteString(part.drop { $0 == UInt8(ascii: " ") })
            guard parameter.lowercased.hasPrefix("charset=") else { continue }
            // nginx takes everything to the end of the line, further parameters included.
            let start = type.count - type.bytes.suffix(from: part.startIndex).count + (part.count - parameter.count) + 8
            var value = type.bytes[start...]
            if value.first == UInt8(ascii: "\"") { value = value.dropFirst() }
            if value.last == UInt8(ascii: "\"") { value = value.dropLast() }
            return ByteString(value)
        }
        return nil
    }

    /// Adds the `Location` of a redirect of nginx's own.
    mutating func redirect(to target: ByteString, _ explanation: Explanation) {
        clear("location")
        append("Location", target, .directive, explanation)
        location = lines.indices.last
    }

    /// The indices of the lines of that name that will be written.
    func indices(of name: ByteString) -> [Int] {
        lines.indices.filter { lines[$0].isSent && lines[$0].header.field.name.equalsIgnoringCase(name) }
    }

    /// Takes the lines of that name out.
    mutating func clear(_ name: ByteString) {
        for index in indices(of: name) { lines[index].isSent = false }
    }
}
