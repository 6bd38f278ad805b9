import HTTPWire
public import ProxyModel
import TCPReassembly
public import Verdicts
import WebSocketWire
public import WireBasics

/// One request without a capture, as curl would make it: what reaches the upstream, why, and what comes back.
public struct Try: Sendable {
    /// What is asked for: `ws://`, or `http://`.
    public var url: String
    /// The configurations, client side first.
    public var proxies: [ProxyChoice]
    /// Header lines: `Name: value` sets, `Name:` removes.
    public var headers: [String]
    /// Where the client comes from.
    public var client: Endpoint
    /// The listener that it comes in at; nil for the one that the URL's port tells.
    public var listener: Endpoint?
    /// How the backends behave; a conformant WebSocket server unless told otherwise.
    public var backends: BackendScripts
    /// Where configuration files come from.
    public var source: any ConfigSource

    /// A request for that URL through these proxies.
    public init(
        url: String, proxies: [ProxyChoice], headers: [String] = [], client: Endpoint? = nil,
        listener: Endpoint? = nil, backends: BackendScripts? = nil, source: any ConfigSource = DiskConfigSource()
    ) {
        self.url = url
        self.proxies = proxies
        self.headers = headers
        self.client = client ?? Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 50_000)
        self.listener = listener
        self.backends = backends ?? BackendScripts()
        self.source = source
    }

    /// Makes the request.
    ///
    /// A `ws://` URL is expected to be upgraded, an `http://` one to be answered.
    ///
    /// - Throws: `UserError` when the URL, a header or a configuration cannot be used.
    public func run(command: String = "") throws(UserError) -> RunResult {
        let request = try TypedRequest(url: url, headers: headers)
        var loaded: [LoadedProxy] = []
        for choice in proxies { loaded.append(try choice.load(for: [], from: source)) }
        let listeners = loaded.first?.proxy.listeners ?? []
        let place: Endpoint
        if let listener {
            try listener.mustBeListener(of: loaded.first)
            place = listener
        } else {
            place = try request.listener(among: listeners, of: loaded.first?.summary.name ?? "the proxy")
        }

        let transcript = request.transcript(from: client, to: place)
        let replayer = Replayer(proxies: loaded.map(\.proxy), backends: backends, listener: place)
        guard
            case .replayed(let outcome)? = replayer.run([CapturedExchange(connection: 0, transcript: transcript)]).first
        else {
            throw UserError(message: "the proxy has no listener", mend: "add a `server` block to \(proxies[0].path)")
        }
        let judgement = judge(outcome, transcript)
        let session = SessionResult(
            id: SessionID(file: url, number: 1), transcript: transcript, outcome: outcome,
            verdict: judgement.verdict, differences: judgement.differences, doubts: judgement.doubts)
        return RunResult(
            command: command, captures: [], proxies: loaded.map(\.summary), sessions: [session], notReplayed: [],
            findings: [])
    }

    /// A plain request is fine when it is answered, whatever the answer is.
    private func judge(_ outcome: ExchangeOutcome, _ transcript: SessionTranscript) -> Judgement {
        var judgement = Judgement(of: outcome, against: transcript)
        if transcript.kind == .http, outcome.status != nil {
            judgement.differences = []
            judgement.verdict = judgement.doubts.isEmpty ? .same : .inconclusive
        }
        return judgement
    }
}
