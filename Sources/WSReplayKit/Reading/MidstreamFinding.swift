import Verdicts
import WebSocketWire
import WireBasics

extension Finding {
    /// What to do about connections that are older than their capture.
    static let captureFromTheStart =
        "capture from the start of the connections: start the capture, then let the clients connect again"

    /// That WebSocket connections have no opening handshake in the capture; nil when all have one.
    init?(midstream tunnels: [MidstreamTranscript], packetsBefore: Int) {
        guard let first = tunnels.first else { return nil }
        self.init(
            code: "capture.handshake-missing", severity: .warning, blame: .capture,
            message: "\(tunnels.words) no opening handshake in the capture: nothing can be said of it, and nothing "
                + "is replayed",
            why: "they began before the capture, or their first packets were lost; what a proxy does with a connection "
                + "follows from its handshake", mend: Self.captureFromTheStart,
            packet: first.first.packet - packetsBefore)
    }
}

extension [MidstreamTranscript] {
    /// How many connections a sentence names.
    private static let named = 3

    /// `2 WebSocket connections (tcp.stream 3, 10.0.0.1:40000 → 10.0.0.2:80; …) have`.
    var words: String {
        let names = prefix(Self.named).map { "tcp.stream \($0.tcpStream), \($0.client) → \($0.server)" }
        let more = count > Self.named ? "; and \(count - Self.named) more" : ""
        let connections = count == 1 ? "1 WebSocket connection" : "\(count) WebSocket connections"
        return "\(connections) (\(names.joined(separator: "; "))\(more)) \(count == 1 ? "has" : "have")"
    }
}
