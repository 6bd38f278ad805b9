import HTTPWire
import WireBasics

/// A protocol that calls itself WebSocket and frames differently from RFC 6455: the drafts before it.
enum Draft: String {
    /// draft-hixie-thewebsocketprotocol-75: no key at all.
    case hixie75 = "Hixie-75"
    /// draft-hixie-thewebsocketprotocol-76, also known as hybi-00: two keys, and eight bytes behind the head.
    case hixie76 = "Hixie-76 (hybi-00)"
    /// draft-ietf-hybi-thewebsocketprotocol-01 to -06.
    case earlyHybi = "hybi-01 to hybi-06"

    /// The draft that a request speaks; nil for RFC 6455 and the drafts from hybi-07 on, which frame like it.
    init?(_ request: RequestHead) {
        let headers = request.headers
        if headers.contains(FieldName.secWebSocketKey1) || headers.contains(FieldName.secWebSocketKey2) {
            self = .hixie76
            return
        }
        guard let version = headers.first(FieldName.secWebSocketVersion) else {
            guard !headers.contains(FieldName.secWebSocketKey), headers.contains(FieldName.origin) else { return nil }
            self = .hixie75
            return
        }
        guard let number = Int(version.latin1), (0...6).contains(number) else { return nil }
        self = .earlyHybi
    }

    /// The draft that a 101 speaks; nil for RFC 6455 and the drafts that frame like it.
    ///
    /// What tells them apart is that the old ones repeat origin and location and prove no key in a header.
    init?(_ response: ResponseHead) {
        let headers = response.headers
        guard response.status == 101, !headers.contains(FieldName.secWebSocketAccept) else { return nil }
        if headers.contains("Sec-WebSocket-Location") || headers.contains("Sec-WebSocket-Origin") {
            self = .hixie76
        } else if headers.contains("WebSocket-Location") || headers.contains("WebSocket-Origin") {
            self = .hixie75
        } else {
            return nil
        }
    }
}
