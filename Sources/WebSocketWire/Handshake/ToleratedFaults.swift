import HTTPWire
import WireBasics

extension OpeningHandshake {
    /// What a client must not send and a server need not refuse a handshake for, in the order of RFC 6455 §4.1.
    static func toleratedFaults(in request: RequestHead) -> [HandshakeFault] {
        var faults: [HandshakeFault] = []
        if request.headers.values(FieldName.origin).count > 1 {
            faults.append(HandshakeFault(.originRepeated, by: .client, header: FieldName.origin))
        }
        let offers = ExtensionOffer.all(in: request.headers).compactMap(\.offer)
        if let reason = PerMessageDeflate.objection(toOffers: offers) {
            faults.append(
                HandshakeFault(
                    .deflateOffer, by: .client, header: FieldName.secWebSocketExtensions,
                    "an offer of permessage-deflate must be declined: \(reason)"))
        }
        return faults
    }

    /// What a server must not send and a client need not fail the connection for.
    static func toleratedFaults(in response: ResponseHead, to request: RequestHead) -> [HandshakeFault] {
        var faults: [HandshakeFault] = []
        if response.status == 101, response.headers.values(FieldName.secWebSocketExtensions).count > 1 {
            faults.append(
                HandshakeFault(.responseExtensionLines, by: .server, header: FieldName.secWebSocketExtensions))
        }
        let asksForOther = request.headers.first(FieldName.secWebSocketVersion).map { $0 != "13" } ?? false
        if response.status == 426, asksForOther, !response.headers.contains(FieldName.secWebSocketVersion) {
            faults.append(
                HandshakeFault(.versionNotNamed, by: .server, header: FieldName.secWebSocketVersion))
        }
        return faults
    }
}
