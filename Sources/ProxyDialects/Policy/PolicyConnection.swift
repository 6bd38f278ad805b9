import HTTPWire
import ProxyModel
import WireBasics

/// A client's connection to the proxy.
struct PolicyConnection: Sendable {
    let id: ConnectionID
    let client: PeerAddress
    let listener: Listener
    /// The head that is being read.
    var head: HeadParser
    /// What came and was not read yet: a further request, or bytes of a body whose upstream is not there yet.
    var input: [UInt8] = []
    /// The request under way; nil while the next one is awaited.
    var exchange: PolicyExchange?
}

/// A request under way.
struct PolicyExchange: Sendable {
    /// How far it has come.
    enum State: Sendable {
        case connecting
        /// The request was sent; its response is awaited.
        case asked
        /// The response's body is being passed on.
        case answering
        case tunnel
    }

    var state = State.connecting
    var facts: RequestFacts
    let route: Int
    let upstreamGroup: Int
    /// What is left of the request's body.
    var requestBody: BodyScanner
    /// Servers that were tried, the one in use last.
    var tried: [Int] = []
    var upstream: UpstreamID?
    var timer: TimerID?
    /// The response head that is being read.
    var responseHead: HeadParser
    var responseBody: BodyScanner?
    /// Whether the client's connection ends with this exchange.
    var closesClient: Bool
}
