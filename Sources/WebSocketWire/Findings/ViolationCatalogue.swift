import HTTPWire
public import WireBasics

/// A rule of RFC 6455, RFC 7692 or RFC 9112 whose breach can be seen on the wire.
public struct ViolationRule: Hashable, Sendable {
    /// The stable name, for example `ws.frame.reserved-opcode`.
    public let code: String
    /// Which ends can break it.
    public let parties: [Party]
    /// Where it stands.
    public let section: String
    /// What is the case when it is broken, in one sentence.
    public let sentence: String
}

/// All rules, in the order in which a session comes to them; documentation is printed from it.
public enum ViolationCatalogue {
    /// Every rule once.
    public static let rules: [ViolationRule] =
        [
            .requestMethod, .requestHTTPVersion, .requestTarget, .hostMissing, .hostRepeated, .requestUpgrade,
            .requestConnection, .keyMissing, .keyRepeated, .keyInvalid, .versionMissing, .versionRepeated,
            .versionOther, .originRepeated, .requestSubprotocol, .requestExtensions, .deflateOffer,
            .responseHTTPVersion, .responseUpgrade,
            .responseConnection, .acceptMissing, .acceptRepeated, .acceptWrong, .responseExtensions,
            .responseExtensionLines, .versionNotNamed,
            .extensionNotOffered, .extensionRepeated, .deflateParameters, .subprotocolNotOffered,
            .subprotocolRepeated, .unmaskedFrame, .maskedFrame, .reservedOpcode, .rsv1, .rsv2, .rsv3,
            .lengthNotMinimal, .lengthTopBit, .controlTooLong, .controlFragmented, .controlCompressed,
            .strayContinuation, .dataInsideMessage, .compressedContinuation, .textNotUTF8, .deflateInvalid,
            .deflateUnfinished, .deflateWindow, .closeLength, .closeCode, .closeReason, .dataAfterClose,
            .requestHostMissing, .requestHostRepeated, .interimToOldClient, .switchNotOffered, .upgradeNotNamed,
            .bodyForbidden, .lengthAndChunked, .contentLength, .transferCoding, .chunk,
        ] + HeadOddity.allCases.map(ViolationRule.init)

    /// The rule of that name.
    public static func rule(_ code: String) -> ViolationRule? {
        rules.first { $0.code == code }
    }
}

extension ViolationRule {
    /// The rule against an oddity of a message head.
    init(_ oddity: HeadOddity) {
        self.init(
            code: oddity.rawValue, parties: [.client, .server], section: oddity.section, sentence: oddity.sentence)
    }

    private static func rule(_ code: String, _ parties: [Party], _ section: String, _ sentence: String) -> Self {
        Self(code: code, parties: parties, section: section, sentence: sentence)
    }

    private static let both = Party.allCases

    // MARK: the request

    static let requestMethod = rule(
        "ws.request.method", [.client], "RFC 6455 §4.2.1", "the method of an opening handshake must be GET")
    static let requestHTTPVersion = rule(
        "ws.request.http-version", [.client], "RFC 6455 §4.2.1", "an opening handshake must be HTTP/1.1 or higher")
    static let requestTarget = rule(
        "ws.request.target", [.client], "RFC 6455 §3", "the target of an opening handshake must not hold a fragment")
    static let hostMissing = rule(
        "ws.request.host-missing", [.client], "RFC 6455 §4.2.1", "the request has no Host")
    static let hostRepeated = rule(
        "ws.request.host-repeated", [.client], "RFC 9112 §3.2", "the request has more than one Host")
    static let requestUpgrade = rule(
        "ws.request.upgrade", [.client], "RFC 6455 §4.2.1", "Upgrade of the request must hold \"websocket\"")
    static let requestConnection = rule(
        "ws.request.connection", [.client], "RFC 6455 §4.2.1", "Connection of the request must hold \"Upgrade\"")
    static let keyMissing = rule(
        "ws.request.key-missing", [.client], "RFC 6455 §4.2.1", "the request has no Sec-WebSocket-Key")
    static let keyRepeated = rule(
        "ws.request.key-repeated", [.client], "RFC 6455 §11.3.1", "the request has more than one Sec-WebSocket-Key")
    static let keyInvalid = rule(
        "ws.request.key-invalid", [.client], "RFC 6455 §4.2.1", "Sec-WebSocket-Key must be the base64 of 16 bytes")
    static let versionMissing = rule(
        "ws.request.version-missing", [.client], "RFC 6455 §4.2.1", "the request has no Sec-WebSocket-Version")
    static let versionRepeated = rule(
        "ws.request.version-repeated", [.client], "RFC 6455 §11.3.5",
        "the request has more than one Sec-WebSocket-Version")
    static let versionOther = rule(
        "ws.request.version", [.client], "RFC 6455 §4.2.1", "Sec-WebSocket-Version must be 13")
    static let requestSubprotocol = rule(
        "ws.request.subprotocol", [.client], "RFC 6455 §4.1",
        "Sec-WebSocket-Protocol must be a list of different tokens")
    static let requestExtensions = rule(
        "ws.request.extensions", [.client], "RFC 6455 §9.1", "Sec-WebSocket-Extensions of the request cannot be read")

    static let originRepeated = rule(
        "ws.request.origin-repeated", [.client], "RFC 6454 §7.3", "the request has more than one Origin")
    static let deflateOffer = rule(
        "ws.request.deflate-parameters", [.client], "RFC 7692 §7.1",
        "an offer of permessage-deflate has a parameter that is unknown, repeated or badly valued")

    // MARK: the response

    static let responseHTTPVersion = rule(
        "ws.response.http-version", [.server], "RFC 6455 §4.2.2", "a 101 must be HTTP/1.1 or higher")
    static let responseUpgrade = rule(
        "ws.response.upgrade", [.server], "RFC 6455 §4.1", "Upgrade of the 101 must be \"websocket\"")
    static let responseConnection = rule(
        "ws.response.connection", [.server], "RFC 6455 §4.1", "Connection of the 101 must hold \"Upgrade\"")
    static let acceptMissing = rule(
        "ws.response.accept-missing", [.server], "RFC 6455 §4.1", "the 101 has no Sec-WebSocket-Accept")
    static let acceptRepeated = rule(
        "ws.response.accept-repeated", [.server], "RFC 6455 §11.3.3", "the 101 has more than one Sec-WebSocket-Accept")
    static let acceptWrong = rule(
        "ws.response.accept", [.server], "RFC 6455 §4.1", "Sec-WebSocket-Accept does not fit the key")
    static let responseExtensions = rule(
        "ws.response.extensions", [.server], "RFC 6455 §9.1", "Sec-WebSocket-Extensions of the 101 cannot be read")
    static let responseExtensionLines = rule(
        "ws.response.extensions-repeated", [.server], "RFC 6455 §11.3.2",
        "the 101 has more than one Sec-WebSocket-Extensions")
    static let versionNotNamed = rule(
        "ws.response.version-missing", [.server], "RFC 6455 §4.4",
        "a 426 to a handshake of another version does not name the versions in Sec-WebSocket-Version")
    static let extensionNotOffered = rule(
        "ws.response.extension-not-offered", [.server], "RFC 6455 §4.1",
        "the server accepts an extension that the client did not offer")
    static let extensionRepeated = rule(
        "ws.response.extension-repeated", [.server], "RFC 7692 §5.1", "the server accepts one extension twice")
    static let deflateParameters = rule(
        "ws.response.deflate-parameters", [.server], "RFC 7692 §7.1", "the answer to permessage-deflate fits no offer")
    static let subprotocolNotOffered = rule(
        "ws.response.subprotocol-not-offered", [.server], "RFC 6455 §4.1",
        "the server chose a subprotocol that the client did not offer")
    static let subprotocolRepeated = rule(
        "ws.response.subprotocol-repeated", [.server], "RFC 6455 §11.3.4",
        "the 101 has more than one Sec-WebSocket-Protocol")

    // MARK: frames

    static let unmaskedFrame = rule(
        "ws.frame.unmasked", [.client], "RFC 6455 §5.1", "a client must mask every frame")
    static let maskedFrame = rule(
        "ws.frame.masked", [.server], "RFC 6455 §5.1", "a server must not mask any frame")
    static let reservedOpcode = rule(
        "ws.frame.reserved-opcode", both, "RFC 6455 §5.2", "the opcode is reserved")
    static let rsv1 = rule(
        "ws.frame.rsv1", both, "RFC 6455 §5.2", "RSV1 is set and no extension that defines it is in use")
    static let rsv2 = rule(
        "ws.frame.rsv2", both, "RFC 6455 §5.2", "RSV2 is set and no extension that defines it is in use")
    static let rsv3 = rule(
        "ws.frame.rsv3", both, "RFC 6455 §5.2", "RSV3 is set and no extension that defines it is in use")
    static let lengthNotMinimal = rule(
        "ws.frame.length-not-minimal", both, "RFC 6455 §5.2", "the payload length is not written in the fewest bytes")
    static let lengthTopBit = rule(
        "ws.frame.length-top-bit", both, "RFC 6455 §5.2", "the top bit of the 64-bit payload length is set")
    static let controlTooLong = rule(
        "ws.control.too-long", both, "RFC 6455 §5.5", "a control frame has more than 125 bytes of payload")
    static let controlFragmented = rule(
        "ws.control.fragmented", both, "RFC 6455 §5.5", "a control frame is fragmented")
    static let controlCompressed = rule(
        "ws.control.compressed", both, "RFC 7692 §6.1", "RSV1 is set on a control frame")

    // MARK: messages

    static let strayContinuation = rule(
        "ws.message.stray-continuation", both, "RFC 6455 §5.4", "a continuation frame comes where no message is open")
    static let dataInsideMessage = rule(
        "ws.message.interrupted", both, "RFC 6455 §5.4", "a new message starts inside a fragmented one")
    static let compressedContinuation = rule(
        "ws.message.compressed-continuation", both, "RFC 7692 §6.1", "RSV1 is set on a continuation frame")
    static let textNotUTF8 = rule(
        "ws.message.utf8", both, "RFC 6455 §8.1", "a text message is no UTF-8")
    static let deflateInvalid = rule(
        "ws.deflate.invalid", both, "RFC 7692 §7.2.2", "the compressed data of a message cannot be inflated")
    static let deflateUnfinished = rule(
        "ws.deflate.unfinished", both, "RFC 7692 §7.2.1",
        "the compressed data of a message does not end at the boundary of a block")
    static let deflateWindow = rule(
        "ws.deflate.window", both, "RFC 7692 §7.1.2", "compressed data refers further back than the agreed window")

    // MARK: close frames

    static let closeLength = rule(
        "ws.close.length", both, "RFC 6455 §5.5.1", "the body of a close frame has one byte; a status code has two")
    static let closeCode = rule(
        "ws.close.code", both, "RFC 6455 §7.4", "the status code of a close frame must not be sent")
    static let closeReason = rule(
        "ws.close.utf8", both, "RFC 6455 §5.5.1", "the reason of a close frame is no UTF-8")
    static let dataAfterClose = rule(
        "ws.close.data-after", both, "RFC 6455 §5.5.1", "data is sent behind a close frame")

    // MARK: HTTP

    static let requestHostMissing = rule(
        "http.request.host-missing", [.client], "RFC 9112 §3.2", "an HTTP/1.1 request has no Host")
    static let requestHostRepeated = rule(
        "http.request.host-repeated", [.client], "RFC 9112 §3.2", "the request has more than one Host")
    static let interimToOldClient = rule(
        "http.response.interim-to-http-1.0", [.server], "RFC 9110 §15.2", "an interim response answers HTTP/1.0")
    static let switchNotOffered = rule(
        "http.response.upgrade-not-offered", [.server], "RFC 9110 §7.8",
        "the server switches to a protocol that the request does not offer in Upgrade")
    static let upgradeNotNamed = rule(
        "http.response.upgrade-missing", [.server], "RFC 9110 §15.5.22", "a 426 does not name a protocol in Upgrade")
    static let bodyForbidden = rule(
        "http.body.forbidden", [.server], "RFC 9110 §8.6",
        "a 1xx or 204 has a Content-Length or Transfer-Encoding")
    static let lengthAndChunked = rule(
        "http.body.length-and-chunked", both, "RFC 9112 §6.2", "a message has both Content-Length and Transfer-Encoding"
    )
    static let contentLength = rule(
        "http.body.content-length", both, "RFC 9112 §6.3", "Content-Length cannot be read or contradicts itself")
    static let transferCoding = rule(
        "http.body.transfer-coding", both, "RFC 9112 §6.3", "Transfer-Encoding does not say where the body ends")
    static let chunk = rule(
        "http.body.chunk", both, "RFC 9112 §7.1", "the chunks of a body cannot be read")
}
