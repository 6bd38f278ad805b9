public import Foundation
public import ReportWriters
import Verdicts
import WebSocketWire
import WireBasics

/// Transcripts as a file: one JSON object a line (NDJSON), to be replayed in place of the capture they came from.
///
/// Each capture has a line of its own before those of its sessions: a file that was cut stays one that was cut. Payloads
/// are not in it, beyond the previews and the starts of bodies that a transcript holds.
public enum TranscriptFile {
    private static let schema = "wsreplay.transcript/1"

    /// One line: a capture, or a session of the capture that was named last.
    private struct Line: Codable {
        var schema: String
        var capture: CaptureSummary?
        var id: SessionID?
        var transcript: SessionTranscript?
    }

    /// Whether a file looks like transcripts: its first byte opens a JSON object.
    static func recognises(_ path: String) -> Bool {
        guard path != "-", let file = fopen(path, "rb") else { return false }
        defer { fclose(file) }
        return fgetc(file) == Int32(UInt8(ascii: "{"))
    }

    /// Reads transcripts.
    ///
    /// - Throws: `UserError` with the line when one is no transcript.
    static func read(_ path: String) throws(UserError) -> [InspectedCapture] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw UserError(
                message: "cannot read \(VisibleText.escape(path))", mend: "check the path and its permissions")
        }
        var captures: [InspectedCapture] = []
        for (index, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                let line = try JSONDecoder().decode(Line.self, from: Data(line))
                guard line.schema == schema else { throw WrongSchema(found: line.schema) }
                if let summary = line.capture {
                    captures.append(Self.empty(summary))
                } else if let id = line.id, let transcript = line.transcript {
                    if captures.isEmpty { captures.append(Self.empty(Self.unnamed(path))) }
                    captures[captures.count - 1].sessions.append(InspectedSession(id: id, transcript: transcript))
                } else {
                    throw EmptyLine()
                }
            } catch {
                throw UserError(
                    message: "this line is no transcript", location: ConfigLocation(file: path, line: index + 1),
                    why: "\((error as? WrongSchema)?.text ?? "the object lacks what \(schema) holds")",
                    mend: "write transcripts with `wsreplay inspect CAPTURE --transcripts FILE`")
            }
        }
        return captures
    }

    private static func empty(_ summary: CaptureSummary) -> InspectedCapture {
        InspectedCapture(summary: summary, ledger: CaptureLedger(), sessions: [])
    }

    /// Transcripts whose first lines, which name the capture, were cut off.
    private static func unnamed(_ path: String) -> CaptureSummary {
        CaptureSummary(
            path: path, format: "ndjson", sha256: FileDigest.hex(ofFile: path), packets: 0, connections: 0, span: nil,
            findings: [])
    }

    /// Writes the transcripts of an inspection.
    ///
    /// - Throws: `UserError` when the file cannot be written.
    public static func write(_ report: InspectReport, to path: String) throws(UserError) {
        var lines = Data()
        write(report) { line in lines += line }
        guard FileManager.default.createFile(atPath: path, contents: lines) else {
            throw UserError(
                message: "cannot write \(VisibleText.escape(path))",
                mend: "name a file in a folder that exists and can be written")
        }
    }

    /// Hands the lines of an inspection's transcripts to `sink`, one at a time.
    public static func write(_ report: InspectReport, to sink: (Data) -> Void) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func write(_ line: Line) {
            // Encoding strings and integers cannot fail.
            if let encoded = try? encoder.encode(line) { sink(encoded + Data("\n".utf8)) }
        }
        for capture in report.captures {
            write(Line(schema: schema, capture: capture.summary))
            for session in capture.sessions {
                write(Line(schema: schema, id: session.id, transcript: session.transcript))
            }
        }
    }

    private struct EmptyLine: Error {}

    private struct WrongSchema: Error {
        let found: String
        var text: String { "its schema is \(VisibleText.escape(found)), not \(schema)" }
    }
}
