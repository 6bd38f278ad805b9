import CaptureFiles
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

    /// Whether the first bytes of a file are those of transcripts: they open a JSON object.
    static func recognises(_ start: [UInt8]) -> Bool {
        start.first == UInt8(ascii: "{")
    }

    /// Reads transcripts.
    ///
    /// - Throws: `UserError` with the line when one is no transcript.
    static func read(_ bytes: CaptureBytes) throws(UserError) -> [InspectedCapture] {
        let path = bytes.path
        var captures: [InspectedCapture] = []
        var lines = LineReader(bytes)
        while let text = lines.next() {
            do {
                let line = try JSONDecoder().decode(Line.self, from: Data(text))
                guard line.schema == schema else { throw WrongSchema(found: line.schema) }
                if let summary = line.capture {
                    guard summary.countsArePossible else { throw ImpossibleCount() }
                    captures.append(Self.empty(summary))
                } else if let id = line.id, let transcript = line.transcript {
                    guard transcript.countsArePossible else { throw ImpossibleCount() }
                    if captures.isEmpty { captures.append(Self.empty(Self.unnamed(path))) }
                    captures[captures.count - 1].sessions.append(InspectedSession(id: id, transcript: transcript))
                } else {
                    throw EmptyLine()
                }
            } catch {
                throw UserError(
                    message: "this line is no transcript", location: ConfigLocation(file: path, line: lines.number),
                    why:
                        "\((error as? WrongSchema)?.text ?? (error as? ImpossibleCount)?.text ?? "the object lacks what \(schema) holds")",
                    mend: "write transcripts with `wsreplay inspect CAPTURE --transcripts FILE`")
            }
        }
        if let failure = lines.failure {
            throw UserError(
                message: "\(VisibleText.escape(path)): the transcripts cannot be read to their end: \(failure)",
                location: ConfigLocation(file: path, line: lines.number + 1), mend: "copy or write the file again")
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

    private struct ImpossibleCount: Error {
        let text = "a count in it is negative or larger than any capture"
    }

    private struct WrongSchema: Error {
        let found: String
        var text: String { "its schema is \(VisibleText.escape(found)), not \(schema)" }
    }
}

extension CaptureSummary {
    /// Whether the counts can come from captures: packets are numbered by them later.
    fileprivate var countsArePossible: Bool {
        [packets, connections, continuation?.packetsBefore ?? 0].allSatisfy { (0...1 << 53).contains($0) }
    }
}

extension SessionTranscript {
    /// Whether the counts can come from a capture: sums of them are taken later.
    fileprivate var countsArePossible: Bool {
        let bodies = [requestBody, responseBody].flatMap { [$0.wireLength, $0.length] }
        let frames = [tunnel?.client, tunnel?.server].compactMap(\.self).flatMap(\.framesByOpcode)
        return (bodies + frames).allSatisfy { (0...1 << 53).contains($0) }
    }
}
