public import Verdicts
public import WebSocketWire
public import WireBasics

/// What captures hold: connections, exchanges, sessions.
public struct InspectReport: Sendable {
    /// The captures, those of a series one behind the other.
    public var captures: [InspectedCapture]
    /// What is worth saying about the reading as a whole.
    public var findings: [Finding]

    /// A report on these captures.
    public init(captures: [InspectedCapture], findings: [Finding] = []) {
        self.captures = captures
        self.findings = findings
    }
}

/// What one capture holds.
public struct InspectedCapture: Sendable {
    /// The file.
    public var summary: CaptureSummary
    /// What became of its packets and bytes.
    public var ledger: CaptureLedger
    /// The exchanges in order of their ids.
    public var sessions: [InspectedSession]
    /// How many of the capture's exchanges `sessions` holds, where a filter chose them.
    public var selection: SessionSelection?
    /// WebSocket connections without an opening handshake, in order of their first packet.
    public var tunnels: [MidstreamTranscript]

    /// A capture with all its parts.
    public init(
        summary: CaptureSummary, ledger: CaptureLedger, sessions: [InspectedSession],
        tunnels: [MidstreamTranscript] = []
    ) {
        self.tunnels = tunnels
        self.summary = summary
        self.ledger = ledger
        self.sessions = sessions
    }
}

/// One exchange of a capture.
public struct InspectedSession: Sendable {
    /// `FILE#N`.
    public var id: SessionID
    /// What was captured.
    public var transcript: SessionTranscript

    /// An exchange and its name.
    public init(id: SessionID, transcript: SessionTranscript) {
        self.id = id
        self.transcript = transcript
    }
}

/// An account of all packets and bytes of a capture: nothing is dropped without a name.
public struct CaptureLedger: Hashable, Sendable, Codable {
    /// Counts of packets by what became of them; `total` is all of them.
    public var packets: [NamedCount]
    /// Counts of bytes by what became of them.
    ///
    /// Where a series goes on, `carriedForward` are those of open connections, to be settled in a later file; they are
    /// the `broughtForward` of the next one, and part of its `total`.
    public var bytes: [NamedCount]

    /// An account with all its entries.
    ///
    /// A name given twice is added up.
    public init(packets: [NamedCount] = [], bytes: [NamedCount] = []) {
        self.packets = packets
        self.bytes = bytes
    }
}

/// A count and what it counts.
public struct NamedCount: Hashable, Sendable, Codable {
    /// A lowerCamelCase name, for example `notTCP`.
    public var name: String
    /// How many.
    public var count: Int

    /// A count of that name.
    public init(_ name: String, _ count: Int) {
        self.name = name
        self.count = count
    }
}
