import HTTPWire
import WebSocketWire
import WireBasics

/// A WebSocket server as people run it, by how it judges an opening handshake that is not perfect.
///
/// What a proxy loses on the way is fatal with one server and goes unnoticed with another: `Upgrade` in an HTTP/1.0 request gets
/// a 101 from Tornado and a 505 from Python's websockets.
public struct KnownServer: Hashable, Sendable {
    /// The name for `--backend` and for a case's `backends`.
    public let name: String
    /// Product and version, as a sentence names it.
    public let title: String
    /// Where its rules come from.
    public let evidence: Evidence
    /// What it looks at, in its order; the first that a request does not meet answers.
    let checks: [HandshakeCheck]
    /// Whether its 101 repeats the version of the request.
    let echoesVersion: Bool

    /// Where the rules of a server come from.
    public enum Evidence: String, Hashable, Sendable {
        /// The server was asked, over a socket.
        case observed
        /// Its source was read.
        case source
    }

    init(
        _ name: String, _ title: String, _ evidence: Evidence, echoesVersion: Bool = false, _ checks: [HandshakeCheck]
    ) {
        self.name = name
        self.title = title
        self.evidence = evidence
        self.checks = checks
        self.echoesVersion = echoesVersion
    }

    /// The server of that name.
    public static func named(_ name: String) -> KnownServer? {
        all.first { $0.name == name }
    }

    /// What it refuses a request with; nil when it accepts the handshake.
    func refusal(of request: RequestHead) -> HandshakeCheck? {
        checks.first { !$0.rule.isMet(by: request) }
    }
}

/// One thing that a server looks at in an opening handshake, and its answer where it does not like it.
struct HandshakeCheck: Hashable, Sendable {
    /// What must be true.
    let rule: HandshakeRule
    /// The status of the answer; nil for none: the server closes.
    let status: Int?
    /// The text of the answer.
    let words: String
    /// Header lines of the answer beside those about its body.
    let headers: [HeaderField]

    init(_ rule: HandshakeRule, _ status: Int?, _ words: String, _ headers: [HeaderField] = []) {
        self.rule = rule
        self.status = status
        self.words = words
        self.headers = headers
    }

    /// Whether the server closes behind the answer.
    var closes: Bool { headers.contains { $0.name == FieldName.connection } }

    /// The answer, every byte.
    var answer: [UInt8] {
        guard let status else { return [] }
        let body = ByteString(words)
        let head = ResponseHead(
            status: status, reason: ByteString(Self.reason(of: status)),
            headers: HeaderFields(
                headers + [
                    HeaderField("Content-Type", "text/plain; charset=utf-8"),
                    HeaderField("Content-Length", ByteString(String(body.count))),
                ]))
        return head.bytes + body.bytes
    }

    private static func reason(of status: Int) -> String {
        switch status {
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 426: "Upgrade Required"
        case 505: "HTTP Version Not Supported"
        default: "Bad Request"
        }
    }
}

/// What servers ask of an opening handshake, each in the words that tell them apart.
enum HandshakeRule: Hashable, Sendable {
    case methodIsGET
    case isHTTP11
    /// `Upgrade` and `Connection` as a server looks at them before it hands the request to its WebSocket part; another
    /// request goes to the application's own routes.
    case asksForUpgrade
    /// Some line of `Upgrade` holds `websocket`.
    case upgradeHoldsWebSocket
    /// The first line of `Upgrade` is `websocket`.
    case upgradeBeginsWithWebSocket
    /// All lines of `Upgrade`, joined, are `websocket`: two lines are one too many.
    case upgradeIsWebSocket
    case connectionHoldsUpgrade
    case hasKey
    case versionIsOneOf([ByteString])
    /// The authority in `Origin` is that in `Host`; a request without `Origin` comes from no browser and passes.
    case originIsHost
    /// `Origin` is the server's own address, its scheme included, as `X-Forwarded-Proto` and `Host` tell it.
    case originIsOwn

    func isMet(by request: RequestHead) -> Bool {
        let headers = request.headers
        switch self {
        case .methodIsGET: return request.method == "GET"
        case .isHTTP11: return !request.version.isEmpty && request.version != "HTTP/1.0"
        case .asksForUpgrade:
            return headers.contains(FieldName.upgrade) && Self.connectionHoldsUpgrade.isMet(by: request)
        case .upgradeHoldsWebSocket: return headers.hasToken("websocket", in: FieldName.upgrade)
        case .upgradeBeginsWithWebSocket:
            return headers.first(FieldName.upgrade)?.equalsIgnoringCase("websocket") == true
        case .upgradeIsWebSocket:
            return headers.values(FieldName.upgrade).count == 1 && Self.upgradeBeginsWithWebSocket.isMet(by: request)
        case .connectionHoldsUpgrade: return headers.hasToken("upgrade", in: FieldName.connection)
        case .hasKey: return headers.first(FieldName.secWebSocketKey)?.isEmpty == false
        case .versionIsOneOf(let versions):
            return headers.first(FieldName.secWebSocketVersion).map(versions.contains) == true
        case .originIsHost:
            guard headers.contains(FieldName.origin) else { return true }
            return Self.namesHost(headers)
        case .originIsOwn:
            let scheme: ByteString = headers.first("X-Forwarded-Proto") == "https" ? "https://" : "http://"
            return headers.first(FieldName.origin) == scheme + (headers.first(FieldName.host) ?? "")
        }
    }

    /// The header that keeps a request from meeting it; empty for the request line.
    func header(in request: RequestHead) -> ByteString {
        switch self {
        case .methodIsGET, .isHTTP11: ""
        case .asksForUpgrade, .upgradeHoldsWebSocket, .upgradeBeginsWithWebSocket, .upgradeIsWebSocket:
            FieldName.upgrade
        case .connectionHoldsUpgrade: FieldName.connection
        case .hasKey: FieldName.secWebSocketKey
        case .versionIsOneOf: FieldName.secWebSocketVersion
        // It is Host that proxies change, and the scheme that they do not tell.
        case .originIsHost: FieldName.host
        case .originIsOwn: Self.namesHost(request.headers) ? "X-Forwarded-Proto" : FieldName.host
        }
    }

    /// Whether the authority in `Origin` is that in `Host`.
    private static func namesHost(_ headers: HeaderFields) -> Bool {
        let bytes = headers.first(FieldName.origin)?.bytes ?? []
        guard let slashes = bytes.indices.first(where: { bytes[$0...].starts(with: Array("://".utf8)) }) else {
            return false
        }
        let authority = ByteString(bytes[(slashes + 3)...].prefix { $0 != UInt8(ascii: "/") })
        return authority.lowercased == headers.first(FieldName.host)?.lowercased
    }
}
