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

    /// An inspection of these captures.
    public init(
        captures: [String], frames: Bool = false, filter: SessionFilter? = nil, limits: CaptureLimits = CaptureLimits()
    ) {
        self.captures = captures
        self.frames = frames
        self.filter = filter
        self.limits = limits
    }

    /// Reads the captures.
    ///
    /// - Throws: `UserError` when there is none, or none that can be read, or when the filter chooses none of what there
    ///   is.
    public func run() throws(UserError) -> InspectReport {
        let reading = CaptureReading(
            paths: captures, detail: frames ? limits.frameDetail : .totals, limits: limits,
            comparesRepeatedBytes: frames)
        let report = try reading.read()
        guard let filter else { return report }
        return try report.choosing(filter)
    }
}
