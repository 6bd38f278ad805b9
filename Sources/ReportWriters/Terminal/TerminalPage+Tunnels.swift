import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

extension TerminalPage {
    /// WebSocket connections whose opening handshake is not in the capture: a line each, and why they are taken for such.
    mutating func write(
        tunnels: [MidstreamTranscript], _ packets: PacketPlaces.SessionPackets, _ options: ReportOptions,
        _ redaction: Redaction
    ) {
        guard !tunnels.isEmpty else { return }
        gap()
        line(
            Span(
                "  \(Quantity.counted(tunnels.count, "WebSocket connection")) without an opening handshake in the capture",
                .bold))
        guard options.listsFrames else {
            table(tunnels.map(row), indent: 2, flexible: [1], rightAligned: [4])
            for tunnel in tunnels { remarks(tunnel, packets, redaction, indent: 2) }
            return
        }
        for tunnel in tunnels {
            gap()
            table([row(tunnel)], indent: 2, flexible: [1])
            remarks(tunnel, packets, redaction, indent: 4)
            let listing = FrameListing(tunnel.tunnel, since: tunnel.first.instant, packets, isDeflateInUse: true)
            frames(tunnel.tunnel, listing, options, redaction)
        }
    }

    private func row(_ transcript: MidstreamTranscript) -> [Span] {
        let tunnel = transcript.tunnel
        let end = max(tunnel.lastByte, transcript.ending.at)
        return [
            Span(Self.name(transcript), .bold),
            Span("\(transcript.client) → \(transcript.server)"),
            Span("\(Quantity.grouped(tunnel.client.frames))→ ←\(Quantity.grouped(tunnel.server.frames))"),
            Span(Self.closing(tunnel, transcript.ending), .dim),
            Span(max(.zero, end - transcript.first.instant).description, .dim),
        ]
    }

    /// What Wireshark calls the connection.
    private static func name(_ transcript: MidstreamTranscript) -> String { "tcp.stream \(transcript.tcpStream)" }

    private mutating func remarks(
        _ transcript: MidstreamTranscript, _ packets: PacketPlaces.SessionPackets, _ redaction: Redaction, indent: Int
    ) {
        remarks(
            Self.name(transcript), transcript.violations, transcript.losses, packets, redaction, indent: indent)
    }
}
