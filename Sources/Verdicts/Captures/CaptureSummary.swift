public import WireBasics

/// What is said of a capture in a report.
public struct CaptureSummary: Hashable, Sendable, Codable {
    /// The file as the user named it.
    public var path: String
    /// `pcap` or `pcapng`; `ndjson` for transcripts that name no capture, `unknown` for a file that cannot be read.
    public var format: String
    /// SHA-256 of the file, in hex.
    public var sha256: String
    /// Packets in the file.
    public var packets: Int
    /// TCP connections that begin in it.
    public var connections: Int
    /// The first and the last packet; nil when there is none.
    public var span: CaptureSpan?
    /// What is worth saying about the file.
    public var findings: [Finding]
    /// Why the file could be read up to some point only; nil when it was read to its end.
    public var damage: Finding?
    /// Which file it continues; nil for one that is read by itself, and for the first one of a series.
    public var continuation: Continuation?

    /// Whether the file was read to its end.
    public var isWhole: Bool { damage == nil }

    /// A summary with all its parts.
    public init(
        path: String, format: String, sha256: String, packets: Int, connections: Int, span: CaptureSpan?,
        findings: [Finding], damage: Finding? = nil, continuation: Continuation? = nil
    ) {
        self.damage = damage
        self.continuation = continuation
        self.path = path
        self.format = format
        self.sha256 = sha256
        self.packets = packets
        self.connections = connections
        self.span = span
        self.findings = findings
    }
}

extension [CaptureSummary] {
    /// The captures that were read as one stream, as ranges of their indices: one range for each stream.
    public var series: [Range<Int>] {
        var ranges: [Range<Int>] = []
        for index in indices {
            if let last = ranges.last, self[index].continuation?.path == self[index - 1].path {
                ranges[ranges.count - 1] = last.lowerBound..<index + 1
            } else {
                ranges.append(index..<index + 1)
            }
        }
        return ranges
    }
}

/// How a capture continues the one before it: both were read as one stream, connections crossing from one to the other.
public struct Continuation: Hashable, Sendable, Codable {
    /// The file before it, as the user named it.
    public var path: String
    /// Packets in all files of the series before it: in transcripts, numbers run on from file to file.
    public var packetsBefore: Int

    /// The continuation of that file.
    public init(of path: String, packetsBefore: Int) {
        self.path = path
        self.packetsBefore = packetsBefore
    }
}

/// The instants of the first and the last packet of a capture.
public struct CaptureSpan: Hashable, Sendable, Codable {
    /// The earliest packet.
    public var first: CaptureInstant
    /// The latest packet.
    public var last: CaptureInstant

    /// A span between two instants.
    public init(first: CaptureInstant, last: CaptureInstant) {
        self.first = first
        self.last = last
    }
}
