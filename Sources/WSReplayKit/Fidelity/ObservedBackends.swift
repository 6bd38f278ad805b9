import HTTPWire
import ProxyModel
import WireBasics

/// The backends of all observations of one configuration: each answers what was recorded, by address and in order.
struct ObservedBackendPool: BackendPool {
    private let observations: [Observation]
    private let starts: [CaptureInstant]
    /// How many recorded answers of each client and address were given.
    private var given: [Place: Int] = [:]

    private struct Place: Hashable {
        var client: Int
        var address: String
    }

    init(observations: [Observation], starts: [CaptureInstant]) {
        self.observations = observations
        self.starts = starts
    }

    mutating func connect(
        to address: PeerAddress, exchange: ExchangeKey, at instant: CaptureInstant
    ) -> ConnectResult {
        let name = Self.name(address)
        guard let answer = nextAnswer(of: exchange.client, at: name) else {
            let port = name.split(separator: ":").last.map(String.init) ?? ""
            let script = observations[exchange.client].backends[name.hasPrefix("unix:") ? "unix" : port]
            if script == "refuse" { return .failed(.refused, after: .zero) }
            return .accepted(ObservedBackend(answer: nil, start: starts[exchange.client]), after: .zero)
        }
        switch answer.outcome {
        case "refused": return .failed(.refused, after: .zero)
        case "connect-timeout": return .silent
        case "no-answer" where answer.script.isEmpty && answer.closedFirstByBackend: return .closedAtOnce
        default: return .accepted(ObservedBackend(answer: answer, start: starts[exchange.client]), after: .zero)
        }
    }

    mutating func reuse(_ backend: inout any BackendActor, exchange: ExchangeKey, at instant: CaptureInstant) {
        // The address of a kept-alive connection is that of the answer it gave before.
        guard let observed = backend as? ObservedBackend else { return }
        let answer = observed.answer.flatMap { nextAnswer(of: exchange.client, at: $0.address) }
        backend = ObservedBackend(answer: answer, start: starts[exchange.client])
    }

    private mutating func nextAnswer(of client: Int, at address: String) -> Observation.RecordedAnswer? {
        let place = Place(client: client, address: address)
        let answers = observations[client].upstream.filter { $0.address == address }
        let index = given[place, default: 0]
        given[place] = index + 1
        return answers.indices.contains(index) ? answers[index] : nil
    }

    private static func name(_ address: PeerAddress) -> String {
        if case .name("localhost", let port) = address { return "127.0.0.1:\(port)" }
        return address.description
    }
}

/// One connection to a recorded backend.
struct ObservedBackend: BackendActor {
    /// What was recorded; nil for an attempt that the real proxy did not make: a conformant server answers.
    let answer: Observation.RecordedAnswer?
    /// When the session began.
    let start: CaptureInstant
    private var hasAnswered = false

    init(answer: Observation.RecordedAnswer?, start: CaptureInstant) {
        self.answer = answer
        self.start = start
    }

    mutating func received(
        _ bytes: [UInt8], request: OutgoingRequest?, at instant: CaptureInstant
    ) -> [BackendCommand] {
        guard let request, !hasAnswered else { return [] }
        hasAnswered = true
        guard let answer else {
            let answer = ConformantServer.answer(to: request.head)
            return [.send(answer, at: instant)]
        }
        return Self.commands(answer, start: start, now: instant)
    }

    mutating func closed(_ how: Closing, at instant: CaptureInstant) -> [BackendCommand] {
        []
    }

    private static func commands(
        _ answer: Observation.RecordedAnswer, start: CaptureInstant, now: CaptureInstant
    ) -> [BackendCommand] {
        var commands: [BackendCommand] = []
        var sent = 0
        var last = now
        for pair in answer.times where pair.count == 2 {
            let end = min(answer.bytes.count, sent + max(0, pair[1]))
            last = max(last, start + .milliseconds(Int64(pair[0])))
            commands.append(.send(Array(answer.bytes[sent..<end]), at: last))
            sent = end
        }
        guard answer.closedFirstByBackend else { return commands }
        // `ws-close-after:500` closes that long after its first answer; others close when they have said all.
        let parts = answer.script.split(separator: ":")
        if parts.count == 2, parts[0].hasSuffix("-after"), let delay = Int64(parts[1]) {
            last = max(last, now + .milliseconds(delay))
        }
        let how: Closing =
            parts.first?.contains("rst") == true ? .reset : parts.first?.contains("half") == true ? .half : .full
        return commands + [.close(how, at: last)]
    }
}
