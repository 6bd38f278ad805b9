public import HTTPWire
public import WireBasics

/// A request for a WebSocket connection and its answer (RFC 6455 §4).
public struct OpeningHandshake: Hashable, Sendable {
    /// What is wrong with the request, in the order of RFC 6455 §4.2.1.
    public let requestFaults: [HandshakeFault]
    /// What is wrong with the response, in the order of RFC 6455 §4.1; empty unless the status is 101.
    public let responseFaults: [HandshakeFault]
    /// Whether the accept value fits the key; nil unless the status is 101.
    public let acceptIsValid: Bool?
    /// The subprotocol that the server chose; nil for none.
    public let subprotocol: ByteString?
    /// The extensions that the server chose, in order; those that cannot be read are left out.
    public let extensions: [ExtensionOffer]
    /// What the response says about permessage-deflate; nil when it is not in use or cannot be read.
    public let deflate: PerMessageDeflate?

    /// Judges a request and its response.
    public init(request: RequestHead, response: ResponseHead) {
        requestFaults = Self.faults(in: request)
        guard response.status == 101 else {
            (responseFaults, acceptIsValid, subprotocol, extensions, deflate) = ([], nil, nil, [], nil)
            return
        }
        responseFaults = Self.faults(in: response, to: request)
        acceptIsValid = Self.acceptIsValid(response, to: request)
        subprotocol = response.headers.first(FieldName.secWebSocketProtocol).flatMap { $0.isEmpty ? nil : $0 }
        let accepted = ExtensionOffer.all(in: response.headers)
        extensions = accepted.compactMap(\.offer)
        deflate = extensions.lazy.compactMap { PerMessageDeflate(response: $0) }.first
    }

    /// Whether a request asks for WebSocket, however badly.
    public static func asksForWebSocket(_ request: RequestHead) -> Bool {
        request.headers.hasToken(webSocket, in: FieldName.upgrade)
    }

    /// The `Sec-WebSocket-Accept` that answers a key: base64 of the SHA-1 of the key and a fixed GUID
    /// (RFC 6455 §4.2.2 item 5).
    public static func accept(forKey key: ByteString) -> ByteString {
        Base64.encode(SHA1.digest(of: key.bytes + guid))
    }

    /// What Upgrade names.
    static let webSocket: ByteString = "websocket"
    private static let guid = Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)

    private static func acceptIsValid(_ response: ResponseHead, to request: RequestHead) -> Bool {
        guard let key = request.headers.first(FieldName.secWebSocketKey) else { return false }
        return response.headers.values(FieldName.secWebSocketAccept) == [accept(forKey: key)]
    }
}

/// One thing that is wrong with an opening handshake.
public struct HandshakeFault: Hashable, Sendable {
    /// The stable name, one of `ViolationCatalogue`.
    public var code: String
    /// Who is at fault.
    public var party: Party
    /// The header that is missing or wrong; empty where it is the start line.
    public var header: ByteString
    /// What is the case, in one sentence.
    public var message: String
    /// The rule.
    public var section: String

    /// A breach of that rule.
    init(_ rule: ViolationRule, by party: Party, header: ByteString = "", _ message: String? = nil) {
        code = rule.code
        self.party = party
        self.header = header
        self.message = message ?? rule.sentence
        section = rule.section
    }
}
