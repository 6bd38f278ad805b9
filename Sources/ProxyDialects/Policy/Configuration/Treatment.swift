import WireBasics

/// What is done to the exchanges of a route.
///
/// A route takes each key that it does not have from the policy's `defaults`, whole.
struct Treatment: Sendable {
    /// What becomes of a request to switch the protocol (RFC 9110 §7.8).
    enum Upgrade: String, CaseIterable {
        /// Passed on where it asks for WebSocket, else removed.
        case websocket
        /// Passed on, whatever it asks for.
        case forward
        /// Removed.
        case never
        /// `Upgrade: websocket` is sent, asked for or not.
        case always
    }

    /// What becomes of fields that concern one connection only (RFC 9110 §7.6.1).
    enum HopByHop: String, CaseIterable {
        /// Removed, with what `Connection` names: what an intermediary must do.
        case remove
        /// Passed on as they are.
        case pass
    }

    /// How field names are written.
    enum NameCase: String, CaseIterable {
        case asReceived, lower
    }

    /// The protocol version towards the upstream.
    enum Version: String, CaseIterable {
        case http11 = "HTTP/1.1"
        case http10 = "HTTP/1.0"
    }

    var upgrade = Setting(Upgrade.websocket)
    var hopByHop = Setting(HopByHop.remove)
    var nameCase = Setting(NameCase.asReceived)
    var version = Setting(Version.http11)
    var rewrite: Setting<PathRewrite>?
    /// What is done to the request's header lines, in order.
    var request: [HeaderRule] = []
    /// What is done to the response's header lines, in order.
    var response: [HeaderRule] = []
    /// The subprotocols that may be offered; nil for all.
    var subprotocols: Setting<[ByteString]>?
    /// The extensions that may be offered; nil for all.
    var extensions: Setting<[ByteString]>?
    var origins: OriginRule?
    /// What a client gets in the place of an answer to its handshake that is no 101; nil for that answer.
    var refusal: PolicyAnswer?
    /// How long a connection to a server may take.
    var connectTimeout: Setting<TimeSpan>?
    /// How long a server may take to answer.
    var answerTimeout: Setting<TimeSpan>?
    /// How long a tunnel may be silent in both directions.
    var idleTimeout: Setting<TimeSpan>?
}

/// What becomes of the path of the request target; the query stays.
enum PathRewrite: Sendable, Hashable {
    /// A prefix is replaced; a path without it stays.
    case prefix(from: ByteString, to: ByteString)
    /// The path is this.
    case set(PolicyTemplate)
}

/// Which origins may open a WebSocket (RFC 6454, RFC 6455 §10.2).
struct OriginRule: Sendable {
    /// Those that may: `https://chat.example.test`, or `https://*.example.test`.
    var allowed: [Glob]
    /// Whether a request without `Origin` is refused, too.
    var isRequired: Bool
    var source: ConfigLocation
}
