public import WireBasics

/// Where bytes of a stream came from.
public struct PacketMark: Hashable, Sendable, Codable {
    /// The packet's 1-based number in its capture: Wireshark's `frame.number`.
    ///
    /// In a series of files it runs on from file to file, as in the file that `mergecap` makes of them.
    public var packet: Int
    /// When it was captured.
    public var instant: CaptureInstant

    /// The mark of that packet.
    public init(packet: Int, instant: CaptureInstant) {
        self.packet = packet
        self.instant = instant
    }
}

/// How a TCP connection, or one direction of it, ended.
public enum StreamEnding: String, Codable, Hashable, Sendable {
    /// A FIN, in order.
    case fin
    /// A RST.
    case rst
    /// Nothing: the capture ends, or forgets the connection, while it is open.
    case open
}

/// What reads the two byte streams of one connection.
///
/// Calls come in the order of the packets, except that what waited for missing bytes comes late, with the mark of its own
/// packet. Bytes are in order and never overlap; a hole is announced, never glued over.
/// A class, because the connection table calls it once a segment and must not copy it.
package protocol StreamReader: AnyObject {
    /// Bytes that `party` sent, valid during the call only.
    func receive(_ bytes: RawSpan, from party: Party, at mark: PacketMark)

    /// Bytes that `party` sent are not in the capture: how many, or nil when that cannot be known. What follows is not
    /// glued to what came before.
    func skip(_ length: Int?, from party: Party, at mark: PacketMark)

    /// `party` sent a FIN after all its bytes, or a RST.
    ///
    /// A RST may follow the FIN of the same end. After a RST, bytes may still come: the other end's that were under
    /// way, or, where the RST was forged, those of the same end.
    func close(_ ending: StreamEnding, by party: Party, at mark: PacketMark)

    /// Bytes that `party` sent came again and were not the same; the first copy is the one that `receive` gets.
    func conflict(_ conflict: OverlapConflict, from party: Party)

    /// Too many connections are open, and this one was silent longest: what follows of it is not read as part of it.
    ///
    /// `finish` comes next.
    func giveUp(at mark: PacketMark)

    /// The connection is over, or the capture is. Called once, last.
    func finish()
}

extension StreamReader {
    package func conflict(_ conflict: OverlapConflict, from party: Party) {}
    /// Nothing to say about it.
    package func giveUp(at mark: PacketMark) {}
}

/// What is known of a connection when it appears.
public struct ConnectionStart: Hashable, Sendable {
    /// How much of the three-way handshake the capture holds.
    public enum Evidence: String, Codable, Sendable {
        /// SYN or SYN+ACK: who is the client is certain.
        case handshake
        /// The first bytes are those of a request or a response: who is the client is as good as certain.
        case http
        /// Neither: the end with the lower port is taken for the server.
        case ports
    }

    /// 0-based number in order of first packet: Wireshark's `tcp.stream`, in a series of files that of the merged file.
    public var tcpStream: Int
    /// The end that opened the connection.
    public var client: Endpoint
    /// The end that was listening.
    public var server: Endpoint
    /// The first packet of the connection.
    public var mark: PacketMark
    /// How we know who is the client.
    public var evidence: Evidence

    /// The start of a connection with all its parts.
    public init(tcpStream: Int, client: Endpoint, server: Endpoint, mark: PacketMark, evidence: Evidence) {
        self.tcpStream = tcpStream
        self.client = client
        self.server = server
        self.mark = mark
        self.evidence = evidence
    }
}
