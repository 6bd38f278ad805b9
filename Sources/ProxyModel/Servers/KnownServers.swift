import HTTPWire
import WireBasics

/// What servers looked for when they were asked, over a socket, with handshakes as proxies leave them behind: without `Upgrade`, as HTTP/1.0,
/// with `Connection: close`, with lines twice; and what the sources of others say.
///
/// Order: of the checks, the server's own. A server that hands other requests to its application is given the answer of an
/// application that has no such route.
extension KnownServer {
    /// Every one that is known, by name.
    public static let all: [KnownServer] = [
        actionCable, aiohttp, daphne, express, gorilla, hypercorn, socketIO, spring, tomcat, tornado, uvicorn,
        uvicornWSProto, websockets, ws,
    ]

    // MARK: observed

    private static let tornado = KnownServer(
        "tornado", "Tornado 6.6", .observed,
        [
            HandshakeCheck(.methodIsGET, 405, "405: Method Not Allowed"),
            HandshakeCheck(.upgradeIsWebSocket, 400, #"Can "Upgrade" only to "WebSocket"."#),
            HandshakeCheck(.connectionHoldsUpgrade, 400, #""Connection" must be "Upgrade"."#),
            // `WebSocketHandler.check_origin`, which applications may override.
            HandshakeCheck(.originIsHost, 403, "Cross origin websockets not allowed"),
            HandshakeCheck(.versionIsOneOf(["7", "8", "13"]), 426, "", [accepts("13")]),
            HandshakeCheck(.hasKey, 400, "Missing/Invalid WebSocket headers"),
        ])

    private static let aiohttp = KnownServer(
        "aiohttp", "aiohttp 3.14", .observed, echoesVersion: true,
        [
            HandshakeCheck(
                .upgradeBeginsWithWebSocket, 400, #"No WebSocket UPGRADE hdr: Can "Upgrade" only to "WebSocket"."#),
            HandshakeCheck(.connectionHoldsUpgrade, 400, "No CONNECTION upgrade hdr"),
            HandshakeCheck(.versionIsOneOf(["13", "8", "7"]), 400, "Unsupported version"),
            HandshakeCheck(.hasKey, 400, "Handshake error: None"),
        ])

    private static let websockets = KnownServer(
        "websockets", "Python's websockets 17", .observed,
        [
            HandshakeCheck(.methodIsGET, nil, ""),
            HandshakeCheck(.isHTTP11, 505, failed("unsupported HTTP version: HTTP/1.0."), [closes]),
            HandshakeCheck(.connectionHoldsUpgrade, 426, failed("invalid Connection header."), [upgrades, closes]),
            HandshakeCheck(.upgradeIsWebSocket, 426, failed("missing or invalid Upgrade header."), [upgrades, closes]),
            HandshakeCheck(.hasKey, 400, failed("missing Sec-WebSocket-Key header."), [closes]),
            HandshakeCheck(.versionIsOneOf(["13"]), 400, failed("invalid Sec-WebSocket-Version header."), [closes]),
        ])

    private static let uvicorn = KnownServer(
        "uvicorn", "uvicorn with websockets", .observed,
        [
            HandshakeCheck(.connectionHoldsUpgrade, 404, otherRoute),
            HandshakeCheck(.upgradeHoldsWebSocket, 404, otherRoute),
            HandshakeCheck(.upgradeIsWebSocket, 426, failed("invalid Upgrade header."), [upgrades, closes]),
            HandshakeCheck(.hasKey, 400, failed("missing Sec-WebSocket-Key header."), [closes]),
            HandshakeCheck(.versionIsOneOf(["13"]), 400, failed("invalid Sec-WebSocket-Version header."), [closes]),
        ])

    private static let uvicornWSProto = KnownServer(
        "uvicorn-wsproto", "uvicorn with wsproto", .observed,
        [
            HandshakeCheck(.connectionHoldsUpgrade, 404, otherRoute),
            HandshakeCheck(.upgradeHoldsWebSocket, 404, otherRoute),
            HandshakeCheck(.hasKey, 400, ""),
            HandshakeCheck(.versionIsOneOf(["13"]), 426, "", [accepts("13")]),
        ])

    private static let hypercorn = KnownServer(
        "hypercorn", "hypercorn", .observed,
        [
            HandshakeCheck(.connectionHoldsUpgrade, 404, otherRoute),
            HandshakeCheck(.upgradeHoldsWebSocket, 404, otherRoute),
            HandshakeCheck(.isHTTP11, 400, ""),
            HandshakeCheck(.hasKey, 400, ""),
            HandshakeCheck(.versionIsOneOf(["13"]), 400, ""),
        ])

    private static let daphne = KnownServer(
        "daphne", "daphne", .observed,
        [
            HandshakeCheck(.upgradeHoldsWebSocket, 404, otherRoute),
            HandshakeCheck(
                .connectionHoldsUpgrade, 400,
                #"HTTP Connection headers do not include "upgrade" value (case-insensitive)"#),
            HandshakeCheck(.hasKey, 400, "HTTP Sec-WebSocket-Key header missing"),
            HandshakeCheck(.versionIsOneOf(["13", "8"]), 400, "WebSocket version not supported", [accepts("13,8")]),
        ])

    // MARK: from the source

    /// Node's HTTP server, which was asked, hands over whatever has `Upgrade` and `Connection: upgrade`; the rest is the
    /// library's `handleUpgrade`.
    private static let ws = KnownServer(
        "ws", "Node's ws on a port of its own", .source,
        [HandshakeCheck(.asksForUpgrade, 426, "Upgrade Required")] + handleUpgrade)

    private static let express = KnownServer(
        "express", "Node's ws beside Express", .source,
        [HandshakeCheck(.asksForUpgrade, 404, "Cannot GET")] + handleUpgrade)

    private static let socketIO = KnownServer(
        "socket.io", "Socket.IO 4", .source,
        // A plain request that names the transport `websocket` in its query.
        [HandshakeCheck(.asksForUpgrade, 400, #"{"code":3,"message":"Bad request"}"#)] + handleUpgrade)

    private static let handleUpgrade = [
        HandshakeCheck(.methodIsGET, 405, "Invalid HTTP method", [closes]),
        HandshakeCheck(.upgradeIsWebSocket, 400, "Invalid Upgrade header", [closes]),
        HandshakeCheck(.hasKey, 400, "Missing or invalid Sec-WebSocket-Key header", [closes]),
        HandshakeCheck(
            .versionIsOneOf(["13", "8"]), 400, "Missing or invalid Sec-WebSocket-Version header", [closes]),
    ]

    /// `Upgrader.Upgrade`, with the `CheckOrigin` that it has where the application names none.
    private static let gorilla = KnownServer(
        "gorilla", "Go's gorilla/websocket", .source,
        [
            HandshakeCheck(.methodIsGET, 405, "Method Not Allowed"),
            HandshakeCheck(.connectionHoldsUpgrade, 400, "Bad Request", [accepts("13")]),
            HandshakeCheck(.upgradeHoldsWebSocket, 400, "Bad Request", [accepts("13")]),
            HandshakeCheck(.versionIsOneOf(["13"]), 400, "Bad Request", [accepts("13")]),
            HandshakeCheck(.originIsHost, 403, "Forbidden", [accepts("13")]),
            HandshakeCheck(.hasKey, 400, "Bad Request", [accepts("13")]),
        ])

    /// `OriginHandshakeInterceptor`, then `AbstractHandshakeHandler.doHandshake`.
    private static let spring = KnownServer(
        "spring", "Spring's WebSocket support", .source,
        [
            HandshakeCheck(.originIsHost, 403, ""),
            HandshakeCheck(.methodIsGET, 405, "", [HeaderField("Allow", "GET")]),
            HandshakeCheck(.upgradeBeginsWithWebSocket, 400, #"Can "Upgrade" only to "WebSocket"."#),
            HandshakeCheck(.connectionHoldsUpgrade, 400, #""Connection" must be "upgrade"."#),
            HandshakeCheck(.versionIsOneOf(["13"]), 426, "", [accepts("13")]),
            HandshakeCheck(.hasKey, 400, ""),
        ])

    /// `UpgradeUtil`: what is no GET with `Upgrade: websocket` goes on to the servlets.
    private static let tomcat = KnownServer(
        "tomcat", "Tomcat's endpoints", .source,
        [
            HandshakeCheck(.methodIsGET, 404, otherRoute),
            HandshakeCheck(.upgradeHoldsWebSocket, 404, otherRoute),
            HandshakeCheck(.connectionHoldsUpgrade, 400, ""),
            HandshakeCheck(.versionIsOneOf(["13"]), 426, "", [accepts("13")]),
            HandshakeCheck(.hasKey, 400, ""),
        ])

    /// `ActionCable::Connection::Base`: one answer to all that it does not like.
    private static let actionCable = KnownServer(
        "actioncable", "Rails' Action Cable", .source,
        [
            HandshakeCheck(.methodIsGET, 404, "Page not found"),
            HandshakeCheck(.connectionHoldsUpgrade, 404, "Page not found"),
            HandshakeCheck(.upgradeIsWebSocket, 404, "Page not found"),
            HandshakeCheck(.originIsOwn, 404, "Page not found"),
        ])

    // MARK: parts of answers

    private static let otherRoute =
        "no WebSocket handshake: the application's HTTP routes answer, here as one that has none"
    private static let closes = HeaderField("Connection", "close")
    private static let upgrades = HeaderField("Upgrade", "websocket")

    private static func accepts(_ versions: ByteString) -> HeaderField {
        HeaderField("Sec-WebSocket-Version", versions)
    }

    private static func failed(_ what: String) -> String {
        "Failed to open a WebSocket connection: \(what)"
    }
}
