import Verdicts
import WebSocketWire
import WireBasics

extension TerminalPage {
    /// The frames of a session: when, packet, direction, what, how long, and the start of the payload.
    ///
    /// A message that came in several frames has a line of its own behind the last of them, and one that was compressed
    /// is shown as it was before.
    mutating func frames(
        _ tunnel: TunnelTranscript, _ listing: FrameListing, _ options: ReportOptions, _ redaction: Redaction
    ) {
        var listing = listing
        // In pieces: columns are measured over a piece, and a long session is not laid out as a whole.
        var piece: [FrameListing.Line] = []
        for frame in tunnel.frames {
            piece += listing.lines(for: frame)
            if piece.count >= 500 {
                write(piece, options, redaction)
                piece.removeAll(keepingCapacity: true)
            }
        }
        write(piece, options, redaction)
        let missing = tunnel.client.frames + tunnel.server.frames - tunnel.frames.count
        if missing > 0 { line(Span("    \(Quantity.counted(missing, "further frame")) not listed", .dim)) }
    }

    private mutating func write(_ lines: [FrameListing.Line], _ options: ReportOptions, _ redaction: Redaction) {
        guard !lines.isEmpty else { return }
        let rows = lines.map(Self.cells)
        let fixed = Self.heads.indices.dropLast().reduce(0) { sum, column in
            let widest = rows.map { ColumnText.width($0[column].text) }.max() ?? 0
            return sum + 2 + max(widest, ColumnText.width(Self.heads[column].text))
        }
        let room = max(16, columns - Self.indent - fixed)
        let full = zip(rows, lines).map { row, line in row + [content(line, room: room, options, redaction)] }
        table([Self.heads] + full, indent: Self.indent, rightAligned: [0, 1, 4])
    }

    private static let indent = 4
    private static let heads = ["time", "packet", "", "frame", "bytes", "payload"].map { Span($0, .dim) }

    private static func cells(_ line: FrameListing.Line) -> [Span] {
        let isMessage = line.instant == nil
        return [
            Span(line.instant.map(\.description) ?? "", .dim),
            Span(line.packet, .dim),
            Span(line.party == .client ? "→" : "←", line.party == .client ? .cyan : .green),
            Span(line.what, isMessage ? .bold : .plain),
            Span(line.length),
        ]
    }

    private func content(
        _ line: FrameListing.Line, room: Int, _ options: ReportOptions, _ redaction: Redaction
    ) -> Span {
        let preview = PayloadPreview(
            line.preview, length: line.contentLength, opcode: line.opcode, compressed: line.isCompressed,
            limit: min(options.maximumShownBytes, room - 1), redaction: redaction)
        guard preview.isHex else {
            let isCut = preview.omitted > 0 && !preview.text.hasSuffix("…")
            return Span(preview.text + (isCut ? "…" : ""))
        }
        // What is left of compressed fragments tells nobody anything; their message follows.
        guard !line.isCompressed || line.opcode >= 8 else { return Span("compressed", .dim) }
        return Span(HexDump.line(line.preview, of: line.contentLength, room: room, redaction), .dim)
    }
}
