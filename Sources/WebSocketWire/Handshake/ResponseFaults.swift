public import HTTPWire
import WireBasics

extension OpeningHandshake {
    /// What a client that follows RFC 6455 §4.1 finds wrong with a 101, in the order of that section; nothing for any
    /// other status, which is a refusal and no handshake.
    public static func faults(in response: ResponseHead, to request: RequestHead) -> [HandshakeFault] {
        guard response.status == 101 else { return [] }
        let headers = response.headers
        var faults: [HandshakeFault] = []
        if response.version == "HTTP/1.0" {
            faults.append(HandshakeFault(.responseHTTPVersion, by: .server))
        }
        if !headers.hasToken(webSocket, in: FieldName.upgrade) || headers.listMembers(FieldName.upgrade).count != 1 {
            faults.append(
                HandshakeFault(
                    .responseUpgrade, by: .server, header: FieldName.upgrade,
                    seen(headers, FieldName.upgrade, "and must be \"websocket\"")))
        }
        if !headers.hasToken(FieldName.upgrade, in: FieldName.connection) {
            faults.append(
                HandshakeFault(
                    .responseConnection, by: .server, header: FieldName.connection,
                    seen(headers, FieldName.connection, "and must hold \"Upgrade\"")))
        }
        faults += acceptFaults(headers, key: request.headers.first(FieldName.secWebSocketKey))
        faults += extensionFaults(headers, offered: request.headers)
        faults += subprotocolFaults(headers, offered: request.headers.listMembers(FieldName.secWebSocketProtocol))
        return faults
    }

    private static func acceptFaults(_ headers: HeaderFields, key: ByteString?) -> [HandshakeFault] {
        let name = FieldName.secWebSocketAccept
        let values = headers.values(name)
        guard let value = values.first else { return [HandshakeFault(.acceptMissing, by: .server, header: name)] }
        guard values.count == 1 else { return [HandshakeFault(.acceptRepeated, by: .server, header: name)] }
        guard let key else { return [] }
        let expected = accept(forKey: key)
        guard value != expected else { return [] }
        return [
            HandshakeFault(
                .acceptWrong, by: .server, header: name,
                "Sec-WebSocket-Accept is \"\(value)\"; the key \"\(key)\" asks for \"\(expected)\"")
        ]
    }

    private static func extensionFaults(_ headers: HeaderFields, offered request: HeaderFields) -> [HandshakeFault] {
        let name = FieldName.secWebSocketExtensions
        let parsed = ExtensionOffer.all(in: headers)
        var faults: [HandshakeFault] = []
        if let error = parsed.lazy.compactMap(\.error).first {
            faults.append(
                HandshakeFault(.responseExtensions, by: .server, header: name, "\(name) cannot be read: \(error)"))
        }
        let accepted = parsed.compactMap(\.offer)
        let offers = ExtensionOffer.all(in: request).compactMap(\.offer)
        for (index, answer) in accepted.enumerated() {
            if !offers.contains(where: { $0.name == answer.name }) {
                faults.append(
                    HandshakeFault(
                        .extensionNotOffered, by: .server, header: name,
                        "the server accepts the extension \"\(answer.name)\", which the client did not offer"))
            } else if accepted[..<index].contains(where: { $0.name == answer.name }) {
                faults.append(
                    HandshakeFault(
                        .extensionRepeated, by: .server, header: name,
                        "the server accepts the extension \"\(answer.name)\" twice"))
            } else if answer.name == PerMessageDeflate.name,
                let reason = PerMessageDeflate.objection(to: answer, offers: offers)
            {
                faults.append(HandshakeFault(.deflateParameters, by: .server, header: name, reason))
            }
        }
        return faults
    }

    private static func subprotocolFaults(_ headers: HeaderFields, offered: [ByteString]) -> [HandshakeFault] {
        let name = FieldName.secWebSocketProtocol
        let values = headers.values(name)
        guard let value = values.first else { return [] }
        guard values.count == 1 else { return [HandshakeFault(.subprotocolRepeated, by: .server, header: name)] }
        // Subprotocol names are compared byte by byte: RFC 6455 §4.1 item 6 asks for one "present in the handshake".
        guard !offered.contains(value) else { return [] }
        return [
            HandshakeFault(
                .subprotocolNotOffered, by: .server, header: name,
                "the server chose the subprotocol \"\(value)\", which the client did not offer")
        ]
    }
}
