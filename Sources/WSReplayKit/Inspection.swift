public import ReportWriters
import WebSocketWire

/// Lists what captures hold.
public struct Inspection: Sendable {
    /// The captures, in the order to read them.
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
    /// - Throws: `UserError` when one cannot be read at all.
    public func run() throws(UserError) -> InspectReport {
        let reading = CaptureReading(
            paths: captures, detail: frames ? .frames : .totals, comparesRepeatedBytes: frames)
        return InspectReport(captures: try reading.read())
    }
}
