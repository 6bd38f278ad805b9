import HTTPWire
public import WireBasics

/// What the model did with one exchange: what reached the upstream, what the client got, and why.
public struct ExchangeOutcome: Hashable, Sendable, Codable {
    /// The proxies on the way, client side first.
    public var hops: [HopOutcome]
    /// Everything the client got for this exchange, up to the tunnel or the end of the response.
    public var clientReceives: [UInt8]
    /// The tunnel; nil when the client's connection did not switch.
    public var tunnel: TunnelOutcome?
    /// Who ended the connection under the exchange first, as far as that happened while it was the last one on it.
    public var closedBy: Closer
    /// When; nil when nobody did.
    public var closedAt: CaptureInstant?
    /// Why, where the proxy did it.
    public var closedBecause: Explanation?
    /// What the outcome depends on and the model does not know; not empty makes a verdict inconclusive.
    public var unmodelled: [Explanation]

    /// The response head that the client got: the first hop's.
    public var response: OutgoingResponse? { hops.first?.response }

    /// The status code that the client got.
    public var status: Int? { response?.head.status }

    /// The outcome of an exchange that nothing happened to yet.
    public init(proxies: [String]) {
        hops = proxies.map { HopOutcome(proxy: $0) }
        clientReceives = []
        tunnel = nil
        closedBy = .none
        closedAt = nil
        closedBecause = nil
        unmodelled = []
    }
}

/// Who closed a connection.
public enum Closer: String, Hashable, Sendable, Codable, CaseIterable {
    case client, backend, proxy, none
}

/// What one proxy did with an exchange.
public struct HopOutcome: Hashable, Sendable, Codable {
    /// The proxy's name.
    public var proxy: String
    /// The server and location that served it; nil when none was reached.
    public var route: Route?
    /// The attempts at upstreams, in order, retries and subrequests included.
    public var attempts: [Attempt]
    /// What the hop answered; nil when it said nothing.
    public var response: OutgoingResponse?
    /// The steps of the way.
    public var trace: [TraceStep]

    /// The outcome at a proxy that has done nothing yet.
    public init(proxy: String) {
        self.proxy = proxy
        route = nil
        attempts = []
        response = nil
        trace = []
    }
}

/// One attempt at an upstream.
public struct Attempt: Hashable, Sendable, Codable {
    /// What came of it.
    public enum Result: String, Hashable, Sendable, Codable {
        case answered, refused, timedOut, closed
    }

    /// Where it went: `127.0.0.1:3000`, `unix:/run/app.sock`, `app:3000`.
    public var address: String
    /// Why it went there.
    public var explanation: Explanation
    /// What was sent; nil when no connection came about.
    public var request: OutgoingRequest?
    /// Every byte sent: head, body, and tunnel bytes as far as the run had them.
    public var sent: [UInt8]
    /// What came of it.
    public var result: Result
    /// The status that the upstream answered with; nil when it did not, or when another proxy stands there.
    public var answeredStatus: Int?
    /// What the upstream found wrong with the request, as a server that knows RFC 6455 would say.
    public var refusal: [String]
    /// What the server made of the handshake, where it is one that is known.
    public var judgement: KnownJudgement?

    /// An attempt that just began.
    public init(address: String, explanation: Explanation) {
        self.address = address
        self.explanation = explanation
        request = nil
        sent = []
        result = .timedOut
        answeredStatus = nil
        refusal = []
    }
}

/// What one of the servers that are known makes of an opening handshake.
public struct KnownJudgement: Hashable, Sendable, Codable {
    /// Product and version, as a sentence names it.
    public var server: String
    /// The header that it refuses, empty for the request line; nil when it accepts.
    public var refused: ByteString?

    /// A judgement with all its parts.
    public init(server: String, refused: ByteString?) {
        self.server = server
        self.refused = refused
    }
}

/// What became of a tunnel.
public struct TunnelOutcome: Hashable, Sendable, Codable {
    /// When the client's side switched.
    public var opened: CaptureInstant
    /// The client's frames.
    public var client: FrameDelivery
    /// The server's frames.
    public var server: FrameDelivery
    /// The silence that ended it and the rule that it broke; nil when it ended otherwise.
    public var idle: IdleEnding?

    /// A tunnel that just opened.
    public init(opened: CaptureInstant) {
        self.opened = opened
        client = FrameDelivery()
        server = FrameDelivery()
        idle = nil
    }
}

/// How many frames of one direction came through.
public struct FrameDelivery: Hashable, Sendable, Codable {
    /// Complete frames that were sent.
    public var frames = 0
    /// Those that came through.
    public var delivered = 0
    /// Those that did not.
    public var lost: Int { frames - delivered }

    /// No frames.
    public init() {}
}

/// A tunnel that ended because nobody spoke.
public struct IdleEnding: Hashable, Sendable, Codable {
    /// The proxy that closed it.
    public var proxy: String
    /// How long the silence was allowed to last.
    public var limit: TimeSpan
    /// How long it lasted in the capture.
    public var silence: TimeSpan
    /// When the proxy closed.
    public var at: CaptureInstant

    /// An ending with all its parts.
    public init(proxy: String, limit: TimeSpan, silence: TimeSpan, at: CaptureInstant) {
        self.proxy = proxy
        self.limit = limit
        self.silence = silence
        self.at = at
    }
}

extension PeerAddress: CustomStringConvertible {
    /// `127.0.0.1:3000`, `unix:/run/app.sock`, `app:3000`.
    public var description: String {
        switch self {
        case .tcp(let endpoint): endpoint.description
        case .unix(let path): "unix:\(path)"
        case .name(let host, let port): "\(host):\(port)"
        }
    }
}
