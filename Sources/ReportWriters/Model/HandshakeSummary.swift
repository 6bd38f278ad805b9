import HTTPWire
import WebSocketWire
import WireBasics

/// What an opening handshake agreed on, as reports say it.
struct HandshakeSummary {
    /// Whether `Sec-WebSocket-Accept` is what the key asks for (RFC 6455 §4.2.2); nil without a 101.
    let isAcceptValid: Bool?
    /// The subprotocol that the server chose.
    let subprotocol: ByteString?
    /// The names of the extensions in use, without their parameters.
    let extensions: [ByteString]

    init(_ transcript: SessionTranscript) {
        guard transcript.kind == .websocket, let response = transcript.response?.head, response.status == 101 else {
            (isAcceptValid, subprotocol, extensions) = (nil, nil, [])
            return
        }
        let key = transcript.request.head.headers.first("Sec-WebSocket-Key") ?? ""
        let accept = response.headers.values("Sec-WebSocket-Accept")
        isAcceptValid = accept == [OpeningHandshake.accept(forKey: key)]
        subprotocol = response.headers.first("Sec-WebSocket-Protocol")
        extensions = response.headers.listMembers("Sec-WebSocket-Extensions").map { offer in
            (HeaderFields.split(offer, at: UInt8(ascii: ";")).first ?? offer).trimmingWhitespace
        }
    }
}
