public import HTTPWire
import WireBasics

extension OpeningHandshake {
    /// What a server that follows RFC 6455 §4.2.1 finds wrong with a request, in the order of that section.
    public static func faults(in request: RequestHead) -> [HandshakeFault] {
        startLineFaults(request) + hostFaults(request.headers) + upgradeFaults(request.headers)
            + keyFaults(request.headers) + versionFaults(request.headers) + offerFaults(request.headers)
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
        switch headers.values("Host").count {
        case 0: [HandshakeFault(.hostMissing, by: .client, header: "Host")]
        case 1: []
        default: [HandshakeFault(.hostRepeated, by: .client, header: "Host")]
        }
    }

    private static func upgradeFaults(_ headers: HeaderFields) -> [HandshakeFault] {
        var faults: [HandshakeFault] = []
        if !headers.hasToken("websocket", in: "Upgrade") {
            faults.append(
                HandshakeFault(
                    .requestUpgrade, by: .client, header: "Upgrade",
                    seen(headers, "Upgrade", "and must hold \"websocket\"")))
        }
        if !headers.hasToken("Upgrade", in: "Connection") {
            faults.append(
                HandshakeFault(
                    .requestConnection, by: .client, header: "Connection",
                    seen(headers, "Connection", "and must hold \"Upgrade\"")))
        }
        return faults
    }

    private static func keyFaults(_ headers: HeaderFields) -> [HandshakeFault] {
        let keys = headers.values("Sec-WebSocket-Key")
        guard let key = keys.first else {
            return [HandshakeFault(.keyMissing, by: .client, header: "Sec-WebSocket-Key")]
        }
        guard keys.count == 1 else {
            return [HandshakeFault(.keyRepeated, by: .client, header: "Sec-WebSocket-Key")]
        }
        guard Base64.decode(key)?.count != 16 else { return [] }
        return [
            HandshakeFault(
                .keyInvalid, by: .client, header: "Sec-WebSocket-Key",
                "Sec-WebSocket-Key \"\(key)\" is not the base64 of 16 bytes")
        ]
    }

    private static func versionFaults(_ headers: HeaderFields) -> [HandshakeFault] {
        let versions = headers.values("Sec-WebSocket-Version")
        guard let version = versions.first else {
            return [HandshakeFault(.versionMissing, by: .client, header: "Sec-WebSocket-Version")]
        }
        guard versions.count == 1 else {
            return [HandshakeFault(.versionRepeated, by: .client, header: "Sec-WebSocket-Version")]
        }
        guard version != "13" else { return [] }
        return [
            HandshakeFault(
                .versionOther, by: .client, header: "Sec-WebSocket-Version",
                "Sec-WebSocket-Version is \"\(version)\" and must be 13")
        ]
    }

    private static func offerFaults(_ headers: HeaderFields) -> [HandshakeFault] {
        var faults: [HandshakeFault] = []
        let protocols = headers.listMembers("Sec-WebSocket-Protocol")
        let isEmpty = headers.contains("Sec-WebSocket-Protocol") && protocols.isEmpty
        if isEmpty || !protocols.allSatisfy({ $0.bytes.allSatisfy(\.isTokenCharacter) }) {
            faults.append(
                HandshakeFault(
                    .requestSubprotocol, by: .client, header: "Sec-WebSocket-Protocol",
                    seen(headers, "Sec-WebSocket-Protocol", "and must be a list of tokens")))
        } else if Set(protocols).count != protocols.count {
            faults.append(
                HandshakeFault(
                    .requestSubprotocol, by: .client, header: "Sec-WebSocket-Protocol",
                    seen(headers, "Sec-WebSocket-Protocol", "and names a subprotocol twice")))
        }
        if let error = ExtensionOffer.all(in: headers).lazy.compactMap(\.error).first {
            faults.append(
                HandshakeFault(
                    .requestExtensions, by: .client, header: "Sec-WebSocket-Extensions",
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
