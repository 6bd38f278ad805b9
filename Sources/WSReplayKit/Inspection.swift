public import ReportWriters
import WebSocketWire

/// Lists what captures hold.
public struct Inspection: Sendable {
    /// The captures, in the order to read them.
    public var captures: [String]
    /// Whether every frame and message is listed, with SHA-256.
    public var frames: Bool
    /// Whether the totals of each direction have a CRC-32, as transcripts that are kept should.
    public var checksums: Bool

    /// An inspection of these captures.
    public init(captures: [String], frames: Bool = false, checksums: Bool = true) {
        self.captures = captures
        self.frames = frames
        self.checksums = checksums
    }

    /// Reads the captures.
    ///
    /// - Throws: `UserError` when one cannot be read at all.
    public func run() throws(UserError) -> InspectReport {
        var detail: ReaderDetail = frames ? .frames : .totals
        detail.checksums = checksums
        let reading = CaptureReading(paths: captures, detail: detail)
        return InspectReport(captures: try reading.read())
    }
}
