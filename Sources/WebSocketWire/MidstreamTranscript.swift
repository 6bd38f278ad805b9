public import TCPReassembly
public import WireBasics

/// A WebSocket connection whose opening handshake is not in the capture, because the connection is older or its first
/// packets were lost; its frames prove what it is.
///
/// It is no session: there is no request to show or to replay, and what was agreed about extensions is not known.
public struct MidstreamTranscript: Hashable, Sendable, Codable {
    /// The connection: 0-based, Wireshark's `tcp.stream`.
    public var tcpStream: Int
    /// The end whose frames are masked.
    public var client: Endpoint
    /// The end whose frames are not.
    public var server: Endpoint
    /// The first packet of the connection.
    public var first: PacketMark
    /// What proves that these are frames, in one sentence.
    public var evidence: String
    /// What went through; it opened when the first packet was captured, as far as is known.
    public var tunnel: TunnelTranscript
    /// How the connection ended.
    public var ending: ConnectionEnding
    /// What RFC 6455 forbids and the wire shows.
    public var violations: [Violation]
    /// What is not read, and why.
    public var losses: [Loss]

    /// A transcript with all its parts.
    public init(
        tcpStream: Int, client: Endpoint, server: Endpoint, first: PacketMark, evidence: String,
        tunnel: TunnelTranscript, ending: ConnectionEnding, violations: [Violation] = [], losses: [Loss] = []
    ) {
        self.tcpStream = tcpStream
        self.client = client
        self.server = server
        self.first = first
        self.evidence = evidence
        self.tunnel = tunnel
        self.ending = ending
        self.violations = violations
        self.losses = losses
    }
}
