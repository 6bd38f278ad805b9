import CaptureFiles
import WireBasics

/// What stands at a path: a capture, or transcripts that were written earlier.
///
/// Told by the first bytes, not by the name, and opened once: standard input cannot be opened again.
enum CaptureInput: ~Copyable {
    case capture(OpenCapture)
    case transcripts(CaptureBytes)

    /// Opens what stands at a path; `-` is standard input.
    ///
    /// - Throws: `CaptureFileError` when it is neither, or cannot be read.
    init(path: String) throws(CaptureFileError) {
        let bytes = try CaptureBytes(path: path)
        if TranscriptFile.recognises(try bytes.peek(64)) {
            self = .transcripts(bytes)
        } else {
            self = .capture(try OpenCapture(bytes))
        }
    }
}

/// A capture that is open, and its first packet: the instant of that one says which series it may belong to.
struct OpenCapture: ~Copyable {
    private var file: CaptureFile
    private var first: FirstPacket?

    private struct FirstPacket {
        var packet: CapturedPacket
        var bytes: [UInt8]
    }

    init(_ bytes: CaptureBytes) throws(CaptureFileError) {
        file = try CaptureFile(bytes)
        var first: FirstPacket?
        _ = file.next { packet, bytes in
            first = FirstPacket(packet: packet, bytes: bytes.withUnsafeBytes { Array($0) })
        }
        self.first = first
        start = first?.packet.instant
    }

    /// The file as the user named it.
    var path: String { file.path }
    var format: CaptureFile.Format { file.format }
    /// When the first packet was captured; nil when there is none.
    let start: CaptureInstant?
    /// Packets in the file as far as it was read.
    var packets: Int { file.packets }
    /// Why it was read up to some point only.
    var damage: Finding? { file.finding }

    /// Hands the next packet on, the first one included; false when there is none.
    mutating func next(_ body: (CapturedPacket, RawSpan) -> Void) -> Bool {
        guard let held = first else { return file.next(body) }
        first = nil
        body(held.packet, held.bytes.span.bytes)
        return true
    }
}
