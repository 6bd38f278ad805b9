public import HTTPWire

/// Where a header line that the proxy sends comes from.
public enum HeaderOrigin: String, Hashable, Sendable, Codable {
    /// The peer on the other side sent it: the client's request, the backend's response.
    case client, backend
    /// A line of the configuration sets it.
    case directive
    /// The proxy sends it unless told otherwise.
    case `default`
}

/// A header line that the proxy sends, and why.
public struct OutgoingHeader: Hashable, Sendable, Codable {
    /// The line as it is sent.
    public var field: HeaderField
    /// Where it comes from.
    public var origin: HeaderOrigin
    /// The reason and the line behind it.
    public var explanation: Explanation

    /// A header line with its reason.
    public init(_ field: HeaderField, origin: HeaderOrigin, explanation: Explanation) {
        self.field = field
        self.origin = origin
        self.explanation = explanation
    }
}

/// A header line that a peer sent and the proxy does not pass on as it was, and why.
public struct LostHeader: Hashable, Sendable, Codable {
    /// The line as the peer sent it.
    public var field: HeaderField
    /// The reason, the line behind it, and how to have it passed on.
    public var explanation: Explanation

    /// A lost header line with its reason.
    public init(_ field: HeaderField, explanation: Explanation) {
        self.field = field
        self.explanation = explanation
    }
}

/// A request that the proxy sends to an upstream.
public struct OutgoingRequest: Hashable, Sendable, Codable {
    /// The head as it is sent, byte for byte.
    public var head: RequestHead
    /// The same header lines, each with its origin, in the order they are sent.
    public var headers: [OutgoingHeader]
    /// What the client sent and the upstream will not see.
    public var lost: [LostHeader]
    /// Why the request line is as it is: the protocol version.
    public var version: Explanation
    /// Why the request line is as it is: the target.
    public var target: Explanation
    /// Body bytes that follow the head at once.
    public var body: [UInt8]
    /// Whether the proxy asks on its own account, before it passes the client's request on: nginx's `auth_request`.
    public var isSubrequest: Bool

    /// A request with all its parts.
    public init(
        head: RequestHead, headers: [OutgoingHeader], lost: [LostHeader], version: Explanation, target: Explanation,
        body: [UInt8] = [], isSubrequest: Bool = false
    ) {
        self.isSubrequest = isSubrequest
        self.head = head
        self.headers = headers
        self.lost = lost
        self.version = version
        self.target = target
        self.body = body
    }
}

/// A response head that the proxy sends to its client.
public struct OutgoingResponse: Hashable, Sendable, Codable {
    /// The head as it is sent, byte for byte.
    public var head: ResponseHead
    /// The same header lines, each with its origin, in the order they are sent.
    public var headers: [OutgoingHeader]
    /// What the backend sent and the client will not see.
    public var lost: [LostHeader]
    /// Why the status is what it is, where the proxy decided it: `return`, no location, all upstreams failed; nil when
    /// the backend's status was passed on.
    public var decided: Explanation?

    /// A response with all its parts.
    public init(head: ResponseHead, headers: [OutgoingHeader], lost: [LostHeader], decided: Explanation?) {
        self.head = head
        self.headers = headers
        self.lost = lost
        self.decided = decided
    }
}
