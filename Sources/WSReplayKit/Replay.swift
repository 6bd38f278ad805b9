public import ProxyModel
public import Verdicts
import ReportWriters
import WebSocketWire
public import WireBasics

/// Replays captures through a chain of proxies: the façade of this package.
///
///     let run = try Replay(captures: ["chat.pcap"], proxies: [ProxyChoice(path: "nginx.conf")]).run()
///     for session in run.sessions where session.verdict == .broken {
///         for difference in session.differences { print(session.id, difference.explanation.because) }
///     }
public struct Replay: Sendable {
    /// Captures, folders of captures, or transcripts as NDJSON.
    ///
    /// Captures are read in order of time, whatever their order here.
    public var captures: [String]
    /// The configurations, client side first.
    public var proxies: [ProxyChoice]
    /// How the backends behave.
    public var backends: BackendScripts
    /// The listener that clients come in at; nil for the captured destination.
    public var listener: Endpoint?
    /// When the proxies read their configurations again (`nginx -s reload`), from the first packet of the captures.
    public var reloads: [TimeSpan] = []
    /// Which sessions are reported; nil for all.
    ///
    /// All are replayed in any case.
    public var filter: SessionFilter?
    /// How much is kept while the captures are read.
    public var limits: CaptureLimits
    /// Where configuration files come from.
    public var source: any ConfigSource
    /// How many threads read the connections of a large capture; nil for one on each core.
    public var jobs: Int?

    /// A replay of these captures through these proxies.
    public init(
        captures: [String], proxies: [ProxyChoice], backends: BackendScripts = BackendScripts(),
        listener: Endpoint? = nil, filter: SessionFilter? = nil, limits: CaptureLimits = CaptureLimits(),
        source: any ConfigSource = DiskConfigSource(), jobs: Int? = nil
    ) {
        self.captures = captures
        self.proxies = proxies
        self.backends = backends
        self.listener = listener
        self.filter = filter
        self.limits = limits
        self.source = source
        self.jobs = jobs
    }

    /// Reads, replays and compares.
    ///
    /// - Parameter command: what the report says the user typed.
    /// - Throws: `UserError` when a capture or configuration cannot be used, when there is nothing to replay, or when the
    ///   filter chooses none of what there is.
    public func run(command: String = "") throws(UserError) -> RunResult {
        let read = try read()
        let result = try run(on: read.captures, findings: read.findings, command: command)
        guard let filter else { return result }
        return try result.choosing(filter)
    }

    /// Reads the captures as a replay needs them.
    func read() throws(UserError) -> InspectReport {
        let reading = CaptureReading(
            paths: captures, detail: reloads.isEmpty ? .totals : Self.timedFrames, limits: limits, withDigests: true,
            comparesRepeatedBytes: true, division: ConnectionDivision(jobs: jobs))
        return try reading.read()
    }

    /// Where a reload may cut a tunnel, the times of its frames tell what went through before.
    private static let timedFrames = ReaderDetail(keptRecords: 100_000, previewBytes: 32, digests: false)

    /// Replays what was already read: one reading serves many configurations.
    ///
    /// - Parameter findings: what is worth saying about the reading.
    func run(
        on files: [InspectedCapture], findings: [Finding] = [], command: String
    ) throws(UserError) -> RunResult {
        let sessions = files.flatMap(\.sessions)
        guard !sessions.isEmpty else { throw nothingToReplay(files) }
        var loaded: [LoadedProxy] = []
        for choice in proxies { loaded.append(try choice.load(for: sessions.map(\.transcript), from: source)) }

        if let listener { try listener.mustBeListener(of: loaded.first) }
        var replayer = Replayer(proxies: loaded.map(\.proxy), backends: backends, listener: listener)
        replayer.reloads = reloads.map { Self.begin(of: files) + $0 }
        let exchanges = CapturedExchange.numbered(files)
        let results = replayer.run(exchanges)
        var replayed: [SessionResult] = []
        var others: [NotReplayed] = []
        let places = PacketPlaces(files.map(\.summary))
        var tunnels = RefusedTunnels()
        for ((session, exchange), result) in zip(zip(sessions, exchanges), results) {
            switch result {
            case .replayed(let outcome):
                var judgement = Judgement(
                    of: outcome, against: session.transcript, packets: places.packets(of: session.id))
                tunnels.judge(&judgement, of: session, outcome, onConnection: exchange.connection)
                let transcript =
                    reloads.isEmpty ? session.transcript : session.transcript.withoutFrames(beyond: .totals)
                replayed.append(
                    SessionResult(
                        id: session.id, transcript: transcript, outcome: outcome, verdict: judgement.verdict,
                        differences: judgement.differences, doubts: judgement.doubts))
            case .notForTheProxy:
                let because =
                    "\(session.transcript.server) is no listener of \(loaded.first?.summary.name ?? "the proxy"), and "
                    + "other sessions of this run come in at one"
                others.append(NotReplayed(id: session.id, because: because))
            case .noListener: throw noListener(session.transcript, loaded)
            }
        }
        return RunResult(
            command: command, captures: files.map(\.summary), proxies: loaded.map(\.summary), sessions: replayed,
            notReplayed: others,
            findings: findings + assumptions(replayer.assumedListeners(for: exchanges), loaded))
    }

    /// The first packet, or where transcripts have no packets the first connection.
    private static func begin(of files: [InspectedCapture]) -> CaptureInstant {
        files.lazy.compactMap(\.summary.span?.first).min()
            ?? files.lazy.flatMap(\.sessions).map(\.transcript.connected.instant).min() ?? .epoch
    }

    /// What was taken for granted about where clients come in.
    private func assumptions(
        _ places: [(captured: Endpoint, taken: Endpoint)], _ loaded: [LoadedProxy]
    ) -> [Finding] {
        places.map { captured, taken in
            let name = loaded.first?.summary.name ?? "the proxy"
            let isOtherFamily = taken.address.isWildcard && taken.address.isV6 != captured.address.isV6
            return Finding(
                code: "replay.listener-assumed", severity: isOtherFamily ? .warning : .hint, blame: .capture,
                message: "\(captured) is no listener of \(name): its clients are taken to come in at \(taken)",
                why: isOtherFamily && taken.address.isV6
                    ? "a [::] listener takes IPv6 alone unless it says ipv6only=off: clients like these would not get in"
                    : "the capture was made elsewhere, or the configuration listens elsewhere",
                mend: isOtherFamily && taken.address.isV6
                    ? "write `listen \(taken.port);` beside it" : "name another listener with --at")
        }
    }

    private func nothingToReplay(_ files: [InspectedCapture]) -> UserError {
        let packets = files.reduce(0) { $0 + $1.summary.packets }
        let names = captures.map { VisibleText.escape($0) }.joined(separator: ", ")
        return UserError(
            message: "there is nothing to replay in \(names): \(packets) packets, and no HTTP/1 request among them",
            why: files.flatMap(\.summary.findings).map { $0.why.isEmpty ? $0.message : $0.why }.joined(separator: "; "),
            mend: files.allSatisfy(\.tunnels.isEmpty)
                ? "capture the plain-text side of the traffic (behind TLS), from the first packet of the connections"
                : Finding.captureFromTheStart)
    }

    private func noListener(_ transcript: SessionTranscript, _ loaded: [LoadedProxy]) -> UserError {
        let listeners = loaded.first?.proxy.listeners ?? []
        let names = listeners.map(\.address.description).joined(separator: ", ")
        return UserError(
            message: "no session is addressed to a listener of \(loaded.first?.summary.name ?? "the proxy"): the "
                + "captured destination is \(transcript.server), the listeners are \(names.isEmpty ? "none" : names)",
            mend: listeners.lazy.compactMap(\.address.endpoint).first.map {
                "name the listener with --at, for example --at \($0)"
            } ?? "add a listener that clients reach by TCP, for example `listen 127.0.0.1:80;`")
    }
}

extension SessionTranscript {
    /// Without the records of single frames and messages that a run has no further use for.
    fileprivate func withoutFrames(beyond detail: ReaderDetail) -> SessionTranscript {
        guard let tunnel, tunnel.frames.count > detail.keptRecords else { return self }
        var copy = self
        copy.tunnel?.frames.removeSubrange(detail.keptRecords...)
        copy.tunnel?.messages = Array(tunnel.messages.prefix(detail.keptRecords))
        return copy
    }
}

extension Endpoint {
    /// Refuses an address from `--at` that the proxy does not listen at.
    func mustBeListener(of loaded: LoadedProxy?) throws(UserError) {
        let listeners = loaded?.proxy.listeners ?? []
        let isThere = listeners.lazy.compactMap(\.address.endpoint).contains {
            $0 == self || ($0.port == port && $0.address.isWildcard)
        }
        guard !isThere else { return }
        let names = listeners.map(\.address.description).joined(separator: ", ")
        throw UserError(
            message: "\(loaded?.summary.name ?? "the proxy") does not listen at \(self)",
            why: names.isEmpty ? "it has no listener" : "its listeners are \(names)",
            mend: "name one of them with --at, or add the listen line")
    }
}

extension PeerAddress {
    /// The address where it is one of TCP.
    var endpoint: Endpoint? {
        if case .tcp(let endpoint) = self { endpoint } else { nil }
    }
}

extension CapturedExchange {
    /// The exchanges of several captures, with connection numbers that do not repeat from series to series.
    static func numbered(_ files: [InspectedCapture]) -> [CapturedExchange] {
        var numbers: [ConnectionKey: Int] = [:]
        var exchanges: [CapturedExchange] = []
        for series in files.map(\.summary).series {
            for session in files[series].lazy.flatMap(\.sessions) {
                let key = ConnectionKey(series: series.lowerBound, tcpStream: session.transcript.tcpStream)
                let number = numbers[key] ?? numbers.count
                numbers[key] = number
                exchanges.append(CapturedExchange(connection: number, transcript: session.transcript))
            }
        }
        return exchanges
    }

    private struct ConnectionKey: Hashable {
        var series: Int
        var tcpStream: Int
    }
}
