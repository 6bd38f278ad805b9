public import HTTPWire
import WireBasics

extension OpeningHandshake {
    /// What a server that follows RFC 6455 §4.2.1 finds wrong with a request, in the order of that section.
    public static func faults(in request: RequestHead) -> [HandshakeFault] {
        startLineFaults(request) + hostFaults(request.headers) + upgradeFaults(request.headers)
            + keyFaults(request) + versionFaults(request.headers) + offerFaults(request.headers)
    }

    private static func startLineFaults(_ request: RequestHead) -> [HandshakeFault] {
        var faults: [HandshakeFault] = []
        if request.method != "GET" {
            faults.append(
                HandshakeFault(.requestMethod, by: .client, "the method is \"\(request.method)\" and must be GET"))
        }
        // The major version is 1 for all that the head parser takes.
        if request.version.isEmpty || request.version == "HTTP/1.0" {
            let version = request.version.isEmpty ? "HTTP/0.9" : request.version
            faults.append(
                HandshakeFault(
                    .requestHTTPVersion, by: .client, "the request is \(version) and must be HTTP/1.1 or higher"))
        }
        if request.target.bytes.contains(UInt8(ascii: "#")) {
            faults.append(
                HandshakeFault(.requestTarget, by: .client, "the target \"\(request.target)\" holds a fragment"))
        }
        return faults
    }

    private static func hostFaults(_ headers: HeaderFields) -> [HandshakeFault] {
        switch headers.values(FieldName.host).count {
        case 0: [HandshakeFault(.hostMissing, by: .client, header: FieldName.host)]
        case 1: []
        default: [HandshakeFault(.hostRepeated, by: .client, header: FieldName.host)]
        }
    }

    private static func upgradeFaults(_ headers: HeaderFields) -> [HandshakeFault] {
        var faults: [HandshakeFault] = []
        if !headers.hasToken(webSocket, in: FieldName.upgrade) {
            faults.append(
                HandshakeFault(
                    .requestUpgrade, by: .client, header: FieldName.upgrade,
                    seen(headers, FieldName.upgrade, "and must hold \"websocket\"")))
        }
        if !headers.hasToken(FieldName.upgrade, in: FieldName.connection) {
            faults.append(
                HandshakeFault(
                    .requestConnection, by: .client, header: FieldName.connection,
                    seen(headers, FieldName.connection, "and must hold \"Upgrade\"")))
        }
        return faults
    }

    private static func keyFaults(_ request: RequestHead) -> [HandshakeFault] {
        let keys = request.headers.values(FieldName.secWebSocketKey)
        guard let key = keys.first else {
            let message = Draft(request).map {
                "the request has no Sec-WebSocket-Key: it speaks \($0.rawValue), a draft that came before RFC 6455"
            }
            return [HandshakeFault(.keyMissing, by: .client, header: FieldName.secWebSocketKey, message)]
        }
        guard keys.count == 1 else {
            return [HandshakeFault(.keyRepeated, by: .client, header: FieldName.secWebSocketKey)]
        }
        guard Base64.decode(key)?.count != 16 else { return [] }
        return [
            HandshakeFault(
                .keyInvalid, by: .client, header: FieldName.secWebSocketKey,
                "Sec-WebSocket-Key \"\(key)\" is not the base64 of 16 bytes")
        ]
    }

    private static func versionFaults(_ headers: HeaderFields) -> [HandshakeFault] {
        let versions = headers.values(FieldName.secWebSocketVersion)
        guard let version = versions.first else {
            return [HandshakeFault(.versionMissing, by: .client, header: FieldName.secWebSocketVersion)]
        }
        guard versions.count == 1 else {
            return [HandshakeFault(.versionRepeated, by: .client, header: FieldName.secWebSocketVersion)]
        }
        guard version != "13" else { return [] }
        return [
            HandshakeFault(
                .versionOther, by: .client, header: FieldName.secWebSocketVersion,
                "Sec-WebSocket-Version is \"\(version)\" and must be 13")
        ]
    }

    private static func offerFaults(_ headers: HeaderFields) -> [HandshakeFault] {
        var faults: [HandshakeFault] = []
        let protocols = headers.listMembers(FieldName.secWebSocketProtocol)
        let isEmpty = headers.contains(FieldName.secWebSocketProtocol) && protocols.isEmpty
        if isEmpty || !protocols.allSatisfy({ $0.bytes.allSatisfy({ $0.isTokenCharacter }) }) {
            faults.append(
                HandshakeFault(
                    .requestSubprotocol, by: .client, header: FieldName.secWebSocketProtocol,
                    seen(headers, FieldName.secWebSocketProtocol, "and must be a list of tokens")))
        } else if Set(protocols).count != protocols.count {
            faults.append(
                HandshakeFault(
                    .requestSubprotocol, by: .client, header: FieldName.secWebSocketProtocol,
                    seen(headers, FieldName.secWebSocketProtocol, "and names a subprotocol twice")))
        }
        if let error = ExtensionOffer.all(in: headers).lazy.compactMap(\.error).first {
            faults.append(
                HandshakeFault(
                    .requestExtensions, by: .client, header: FieldName.secWebSocketExtensions,
                    "Sec-WebSocket-Extensions cannot be read: \(error)"))
        }
        return faults
    }

    static func seen(_ headers: HeaderFields, _ name: ByteString, _ rule: String) -> String {
        let values = headers.values(name)
        guard !values.isEmpty else { return "\(name) is missing \(rule)" }
        return "\(name) is \"\(values.map(\.description).joined(separator: ", "))\" \(rule)"
    }
}
