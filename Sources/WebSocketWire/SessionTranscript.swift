public import HTTPWire
public import TCPReassembly
public import WireBasics

/// One HTTP/1 exchange of a capture, and what followed it on the connection when it was an upgrade.
///
/// Shape: bounded, however much was sent. It holds what the proxy model needs and what a report shows; payloads appear
/// as counts and digests, with previews and single frames only as far as the reader's limits allow.
public struct SessionTranscript: Hashable, Sendable, Codable {
    /// What the exchange is.
    public enum Kind: String, Hashable, Sendable, Codable {
        /// The request asks for `Upgrade: websocket`, whatever the answer.
        case websocket
        /// Any other exchange.
        case http
    }

    /// What the exchange is.
    public var kind: Kind
    /// The connection: 0-based, Wireshark's `tcp.stream`.
    public var tcpStream: Int
    /// The end that opened the connection.
    public var client: Endpoint
    /// The end that was listening.
    public var server: Endpoint
    /// When the connection was opened: its first packet.
    public var connected: PacketMark
    /// What a load balancer sent in front of the connection's first request; nil when it sent no PROXY protocol.
    public var proxyProtocol: ProxyProtocolHeader?
    /// How many requests came before this one on the connection.
    public var requestsBefore: Int
    /// The request's head.
    public var request: Captured<RequestHead>
    /// The request's body.
    public var requestBody: BodyTranscript
    /// Heads with a status below 200 other than 101 that came before the response (RFC 9110 §15.2).
    public var interimResponses: [Captured<ResponseHead>]
    /// The response's head; nil when the capture holds none.
    public var response: Captured<ResponseHead>?
    /// The response's body.
    public var responseBody: BodyTranscript
    /// What followed a 101; nil when the connection did not switch.
    public var tunnel: TunnelTranscript?
    /// How the connection ended.
    public var ending: ConnectionEnding
    /// What RFC 6455, RFC 7692 and RFC 9112 forbid and the wire shows.
    public var violations: [Violation]
    /// Why the transcript is not the whole story; empty when it is.
    public var losses: [Loss]

    /// Whether the capture holds everything of this exchange.
    public var isComplete: Bool { losses.allSatisfy { !$0.hidesContent } }

    /// A transcript of a request so far; the rest is filled in as the capture is read.
    public init(
        kind: Kind, tcpStream: Int, client: Endpoint, server: Endpoint, connected: PacketMark, requestsBefore: Int,
        request: Captured<RequestHead>
    ) {
        self.kind = kind
        self.tcpStream = tcpStream
        self.client = client
        self.server = server
        self.connected = connected
        self.requestsBefore = requestsBefore
        self.request = request
        requestBody = BodyTranscript()
        interimResponses = []
        response = nil
        responseBody = BodyTranscript()
        tunnel = nil
        ending = ConnectionEnding(how: .open, by: nil, at: request.last.instant)
        violations = []
        losses = []
    }
}

/// A message head and the packets that carried it.
public struct Captured<Head: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
    /// The head.
    public var head: Head
    /// The packet of its first byte.
    public var first: PacketMark
    /// The packet of its last byte.
    public var last: PacketMark

    /// A head between two packets.
    public init(_ head: Head, first: PacketMark, last: PacketMark) {
        self.head = head
        self.first = first
        self.last = last
    }
}

/// A message body.
public struct BodyTranscript: Hashable, Sendable, Codable {
    /// How many bytes it takes on the wire, chunk framing included.
    public var wireLength: Int
    /// How many bytes of content it carries.
    public var length: Int
    /// Whether all of it was seen.
    public var isComplete: Bool
    /// The first bytes on the wire, chunk framing included, up to the reader's limit.
    @Base64Coded public var start: [UInt8]

    /// An empty, complete body.
    public init() {
        (wireLength, length, isComplete, start) = (0, 0, true, [])
    }
}

/// How the TCP connection under a session ended.
public struct ConnectionEnding: Hashable, Sendable, Codable {
    /// FIN, RST, or not in the capture.
    public var how: StreamEnding
    /// Who sent the first FIN or the RST; nil when the connection was left open.
    public var by: Party?
    /// When; the last packet of the connection when it was left open.
    public var at: CaptureInstant

    /// An ending with all its parts.
    public init(how: StreamEnding, by: Party?, at: CaptureInstant) {
        self.how = how
        self.by = by
        self.at = at
    }
}

/// A rule that one end broke.
public struct Violation: Hashable, Sendable, Codable {
    /// A stable name, for example `ws.frame.reserved-opcode`.
    public var code: String
    /// Who broke it.
    public var party: Party
    /// The packet, 1-based.
    public var packet: Int
    /// What was seen, in one sentence.
    public var message: String
    /// The rule, for example `RFC 6455 §5.2`.
    public var section: String
    /// How often it was broken from this packet on: more than 1 only for the last violation of its code and party that
    /// the reader's limit lets it keep.
    public var count = 1

    /// A violation with all its parts.
    public init(code: String, party: Party, packet: Int, message: String, section: String) {
        self.code = code
        self.party = party
        self.packet = packet
        self.message = message
        self.section = section
    }
}

/// Something that the capture does not hold or that the reader gave up on.
public struct Loss: Hashable, Sendable, Codable {
    /// A stable name, for example `tcp.gap`.
    public var code: String
    /// Whose bytes are missing; nil when both or unknown.
    public var party: Party?
    /// The packet where it was noticed, 1-based.
    public var packet: Int
    /// The packet that is at odds with it, where there is one.
    public var otherPacket: Int?
    /// What is missing, in one sentence.
    public var message: String

    /// Whether something of what was sent is not known; false where only a check of it was left out.
    public var hidesContent: Bool { LossCatalogue.rule(code)?.hidesContent ?? true }

    /// A loss with all its parts.
    public init(code: String, party: Party?, packet: Int, otherPacket: Int? = nil, message: String) {
        self.otherPacket = otherPacket
        self.code = code
        self.party = party
        self.packet = packet
        self.message = message
    }
}
