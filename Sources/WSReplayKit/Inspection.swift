public import ReportWriters
public import Verdicts
import WebSocketWire

/// Lists what captures hold.
public struct Inspection: Sendable {
    /// Captures, folders of captures, or transcripts as NDJSON.
    ///
    /// Captures are read in order of time, whatever their order here.
    public var captures: [String]
    /// Whether every frame and message is listed, with SHA-256.
    public var frames: Bool
    /// Which sessions are listed; nil for all.
    public var filter: SessionFilter?
    /// How much is kept while the captures are read.
    public var limits: CaptureLimits
    /// Whether the transcripts are kept and replayed elsewhere: then the totals of each direction have a CRC-32, and bytes
    /// that came twice are compared.
    public var checksums: Bool
    /// How many threads read the connections of a large capture; nil for one on each core.
    ///
    /// The report does not depend on it.
    public var jobs: Int?

    /// An inspection of these captures.
    public init(
        captures: [String], frames: Bool = false, filter: SessionFilter? = nil, limits: CaptureLimits = CaptureLimits(),
        checksums: Bool = true, jobs: Int? = nil
    ) {
        self.captures = captures
        self.frames = frames
        self.filter = filter
        self.limits = limits
        self.checksums = checksums
        self.jobs = jobs
    }

    /// Reads the captures.
    ///
    /// - Throws: `UserError` when there is none, or none that can be read, or when the filter chooses none of what there
    ///   is.
    public func run() throws(UserError) -> InspectReport {
        var detail = frames ? limits.frameDetail : .totals
        detail.checksums = checksums
        let reading = CaptureReading(
            paths: captures, detail: detail, limits: limits, comparesRepeatedBytes: frames || checksums,
            division: ConnectionDivision(jobs: jobs))
        let report = try reading.read()
        guard let filter else { return report }
        return try report.choosing(filter)
    }
}
