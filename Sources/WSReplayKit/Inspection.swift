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

    /// An inspection of these captures.
    public init(captures: [String], frames: Bool = false) {
        self.captures = captures
        self.frames = frames
    }

    /// Reads the captures.
    ///
    /// - Throws: `UserError` when there is none, or none that can be read.
    public func run() throws(UserError) -> InspectReport {
        let detail = frames ? ReaderDetail.frames : .totals
        return try CaptureReading(paths: captures, detail: detail, comparesRepeatedBytes: frames).read()
    }
}
