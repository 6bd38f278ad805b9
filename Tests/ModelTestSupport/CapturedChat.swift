import HTTPWire
import TCPReassembly
package import WebSocketWire
package import WireBasics

/// Transcripts for tests: a handshake, its answer, and a tunnel whose silences the test chooses.
package enum CapturedChat {
    package static let client = Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 50_000)
    package static let server = Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 8080)

    package static func instant(_ seconds: Double) -> CaptureInstant {
        CaptureInstant(nanoseconds: Int64(seconds * 1_000_000_000))
    }

    /// A session whose client sends one frame at each of `frames` (seconds since the tunnel opened at 0 s) and closes
    /// at `end`.
    package static func session(
        frames: [Double] = [0.1], end: Double = 1, port: UInt16 = 8080, accept: ByteString? = nil, before: Int = 0,
        endedBy: Party? = .client, more: [(String, String)] = []
    ) -> SessionTranscript {
        let key: ByteString = "dGhlIHNhbXBsZSBub25jZQ=="
        let request = RequestHead(
            target: "/chat",
            headers: HeaderFields(
                [
                    HeaderField("Host", "127.0.0.1:8080"), HeaderField("Upgrade", "websocket"),
                    HeaderField("Connection", "Upgrade"), HeaderField("Sec-WebSocket-Key", key),
                    HeaderField("Sec-WebSocket-Version", "13"), HeaderField("Sec-WebSocket-Protocol", "chat"),
                ] + more.map { HeaderField(ByteString($0.0), ByteString($0.1)) }))
        let response = ResponseHead(
            status: 101, reason: "Switching Protocols",
            headers: HeaderFields([
                HeaderField("Upgrade", "websocket"), HeaderField("Connection", "Upgrade"),
                HeaderField("Sec-WebSocket-Accept", accept ?? OpeningHandshake.accept(forKey: key)),
                HeaderField("Sec-WebSocket-Protocol", "chat"),
            ]))
        let mark = PacketMark(packet: 4, instant: instant(-0.01))
        let answered = PacketMark(packet: 5, instant: instant(0))
        var transcript = SessionTranscript(
            kind: .websocket, tcpStream: 0, client: client,
            server: Endpoint(address: server.address, port: port),
            connected: PacketMark(packet: 1, instant: instant(-0.02)),
            requestsBefore: before, request: Captured(request, first: mark, last: mark))
        transcript.response = Captured(response, first: answered, last: answered)
        var log = SilenceLog(opened: instant(0))
        var tunnel = TunnelTranscript(opened: instant(0))
        for (index, at) in frames.enumerated() {
            log.activity(at: instant(at), clientFrames: index, serverFrames: 0)
            tunnel.client.framesByOpcode[1] += 1
            tunnel.lastByte = instant(at)
        }
        log.activity(at: instant(end), clientFrames: frames.count, serverFrames: 0)
        tunnel.silences = log.silences
        transcript.tunnel = tunnel
        transcript.ending = ConnectionEnding(how: endedBy == nil ? .open : .fin, by: endedBy, at: instant(end))
        return transcript
    }
}
