package import HTTPWire
import TCPReassembly
package import WebSocketWire
package import WireBasics

extension SessionTranscript {
    /// A client waits this long before it leaves: longer than any answer, shorter than any idle timeout.
    private static let stay = TimeSpan.milliseconds(500)

    /// The exchange as it would be if nothing stood between client and server: what the outcome of a request that
    /// nobody captured is compared with.
    ///
    /// - Parameter asksForWebSocket: whether the server is expected to switch, whatever the head says.
    package static func direct(
        _ request: RequestHead, asksForWebSocket: Bool, from client: Endpoint, to server: Endpoint
    ) -> SessionTranscript {
        let mark = PacketMark(packet: 0, instant: .epoch)
        var transcript = SessionTranscript(
            kind: asksForWebSocket ? .websocket : .http, tcpStream: 0, client: client, server: server, connected: mark,
            requestsBefore: 0, request: Captured(request, first: mark, last: mark))
        let response =
            asksForWebSocket
            ? switching(request)
            : ResponseHead(status: 200, reason: "OK", headers: HeaderFields([HeaderField("Content-Length", "0")]))
        transcript.response = Captured(response, first: mark, last: mark)
        if asksForWebSocket { transcript.tunnel = TunnelTranscript(opened: .epoch) }
        transcript.ending = ConnectionEnding(how: .fin, by: .client, at: .epoch + stay)
        return transcript
    }

    /// What a server answers that takes the first subprotocol and no extension.
    private static func switching(_ request: RequestHead) -> ResponseHead {
        var fields = [
            HeaderField("Upgrade", "websocket"), HeaderField("Connection", "Upgrade"),
            HeaderField(
                "Sec-WebSocket-Accept",
                OpeningHandshake.accept(forKey: request.headers.first("Sec-WebSocket-Key") ?? exampleKey)),
        ]
        if let offered = request.headers.listMembers("Sec-WebSocket-Protocol").first {
            fields.append(HeaderField("Sec-WebSocket-Protocol", offered))
        }
        return ResponseHead(status: 101, reason: "Switching Protocols", headers: HeaderFields(fields))
    }

    /// The key of the example in RFC 6455 §1.3: the same in every run, so that outputs can be compared.
    package static let exampleKey: ByteString = "dGhlIHNhbXBsZSBub25jZQ=="
}
