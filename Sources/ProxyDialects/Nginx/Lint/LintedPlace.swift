import HTTPWire
import ProxyModel
import WebSocketWire
import WireBasics

/// A location, and what becomes of requests to it.
struct LintedPlace: Sendable {
    /// The server, by its index.
    let server: Int
    /// The location that the request is aimed at, by its index.
    let location: Int
    /// The location that serves the handshake in the end, by its index.
    let serving: Int
    /// The path that is asked for.
    let path: ByteString
    /// How a client gets there.
    let door: Door
    /// Why the location is thought to be meant for WebSocket; nil where nothing speaks for it.
    var evidence: WebSocketEvidence?
    /// What becomes of an opening handshake.
    let handshake: ExchangeOutcome
    /// What becomes of a plain request.
    let plain: ExchangeOutcome

    /// The URL of the handshake, safe to show.
    var url: String { "\(door.usesTLS ? "wss" : "ws")://\(authority)\(path)" }

    /// The request's authority, as `Host` has it.
    var authority: ByteString { door.authority }

    /// The listener, by its index.
    var listen: Int { door.listen }

    /// The last attempt at an upstream with the client's own request.
    var attempt: Attempt? { Self.attempt(handshake) }

    /// The handshake as the upstream gets it; nil where it gets none.
    var forwarded: OutgoingRequest? { attempt?.request }

    /// The plain request as the upstream gets it; nil where it gets none.
    var plainForwarded: OutgoingRequest? { Self.attempt(plain)?.request }

    /// Whether the upstream is asked for WebSocket.
    var asksUpstream: Bool { forwarded.map { OpeningHandshake.asksForWebSocket($0.head) } ?? false }

    private static func attempt(_ outcome: ExchangeOutcome) -> Attempt? {
        outcome.hops.last?.attempts.last { $0.request != nil && $0.request?.isSubrequest == false }
    }
}

extension OutgoingRequest {
    /// Why a header does not arrive as it was sent: the model's own words.
    func cause(of name: ByteString) -> Explanation? {
        lost.first { $0.field.name.equalsIgnoringCase(name) }?.explanation
            ?? headers.last { $0.field.name.equalsIgnoringCase(name) && $0.origin != .client }?.explanation
    }

    /// The lines of a header as they are sent.
    func lines(_ name: ByteString) -> [OutgoingHeader] {
        headers.filter { $0.field.name.equalsIgnoringCase(name) }
    }
}
