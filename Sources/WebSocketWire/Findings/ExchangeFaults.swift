import HTTPWire
import TCPReassembly
import WireBasics

extension Exchange {
    /// Notes what a request must not be, whatever it asks for.
    mutating func noteFaults(ofRequest mark: PacketMark) {
        // A handshake's Host has rules of its own.
        guard transcript.kind == .http, !request.version.isEmpty, request.version != "HTTP/1.0" else { return }
        switch request.headers.values(FieldName.host).count {
        case 0: violations.add(.requestHostMissing, by: .client, packet: mark.packet)
        case 1: break
        default: violations.add(.requestHostRepeated, by: .client, packet: mark.packet)
        }
    }

    /// Notes what a response must not be, given the request that it answers.
    mutating func noteFaults(of response: ResponseHead, at mark: PacketMark) {
        let (status, headers) = (response.status, response.headers)
        let isInterim = (100..<200).contains(status)
        // A 101 to such a request is the handshake's own fault.
        if isInterim, status != 101, request.version == "HTTP/1.0" {
            violations.add(
                .interimToOldClient, by: .server, packet: mark.packet,
                "a \(status) answers an HTTP/1.0 request, whose client cannot know it")
        }
        if isInterim || status == 204 {
            for name in [FieldName.contentLength, FieldName.transferEncoding] where headers.contains(name) {
                violations.add(
                    .bodyForbidden, by: .server, packet: mark.packet,
                    "a \(status) has \(name), and no body that it could be about")
            }
        }
        if status == 426, !headers.contains(FieldName.upgrade) {
            violations.add(.upgradeNotNamed, by: .server, packet: mark.packet)
        }
        // Where WebSocket was agreed, what else Upgrade names is a fault of the handshake.
        guard status == 101, transcript.kind == .http || !headers.hasToken("websocket", in: FieldName.upgrade) else {
            return
        }
        let offered = request.headers.listMembers(FieldName.upgrade)
        for name in headers.listMembers(FieldName.upgrade)
        where !offered.contains(where: { $0.equalsIgnoringCase(name) }) {
            violations.add(
                .switchNotOffered, by: .server, packet: mark.packet,
                "the server switches to \"\(name)\", which the request does not offer")
        }
    }
}
