public import ReportWriters
import WebSocketWire

/// Lists what captures hold.
public struct Inspection: Sendable {
    /// Captures, folders of captures, or transcripts as NDJSON.
    ///
    /// Captures are read in order of time, whatever their order here.
    public var captures: [String]
    /// Whether every frame and message is listed, with SHA-256.
    public var frames: Bool
    /// Whether the totals of each direction have a CRC-32, as transcripts that are kept should.
    public var checksums: Bool
    /// How many threads read the connections of a large capture; nil for one on each core.
    ///
    /// The report does not depend on it.
    public var jobs: Int?

    /// An inspection of these captures.
    public init(captures: [String], frames: Bool = false, checksums: Bool = true, jobs: Int? = nil) {
        self.captures = captures
        self.frames = frames
        self.checksums = checksums
        self.jobs = jobs
    }

    /// Reads the captures.
    ///
    /// - Throws: `UserError` when there is none, or none that can be read.
    public func run() throws(UserError) -> InspectReport {
        var detail: ReaderDetail = frames ? .frames : .totals
        detail.checksums = checksums
        let reading = CaptureReading(
            paths: captures, detail: detail, comparesRepeatedBytes: frames, division: ConnectionDivision(jobs: jobs))
        return try reading.read()
    }
}
