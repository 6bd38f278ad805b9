import Verdicts
import WebSocketWire
import WireBasics

extension Finding {
    /// How many connections a sentence names.
    private static let named = 3

    /// That WebSocket connections have no opening handshake in the capture; nil when all have one.
    init?(midstream tunnels: [MidstreamTranscript], packetsBefore: Int) {
        guard let first = tunnels.first else { return nil }
        let names = tunnels.prefix(Self.named).map { "tcp.stream \($0.tcpStream) (\($0.client) → \($0.server))" }
        let more = tunnels.count > Self.named ? " and \(tunnels.count - Self.named) more" : ""
        let connections =
            tunnels.count == 1 ? "1 WebSocket connection has" : "\(tunnels.count) WebSocket connections have"
        self.init(
            code: "capture.handshake-missing", severity: .warning, blame: .capture,
            message: "\(connections) no opening handshake in the capture, began before it as a rule, and cannot be "
                + "replayed: \(names.joined(separator: ", "))\(more)",
            why: "what a proxy does with a connection follows from its handshake: \(first.evidence)",
            mend: "capture from the start of the connections: start the capture, then let the clients connect again",
            packet: first.first.packet - packetsBefore)
    }
}
