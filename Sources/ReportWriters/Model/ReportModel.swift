import HTTPWire
import ProxyModel
import Verdicts
import WebSocketWire
import WireBasics

/// A run made ready for readers, once for all formats: grouped by cause, credentials hidden, worst first.
struct ReportModel {
    /// What was found.
    let run: RunResult
    /// How it is to be written.
    let options: ReportOptions
    /// Shows captured bytes.
    let redaction: Redaction
    /// Finds packets in their files.
    let places: PacketPlaces
    /// The causes of all differences, the worst first.
    let groups: [MendGroup]
    /// Those that break sessions, or that an end can see: what to mend.
    var toMend: [MendGroup] { groups.filter { $0.severity > .hint } }
    /// The others: good to know.
    var hints: [MendGroup] { groups.filter { $0.severity == .hint } }
    /// What could not be decided.
    let doubts: [DoubtGroup]
    /// What it comes to.
    let sentence: VerdictSentence
    /// The indices of the sessions, the worst first, otherwise in order of their ids.
    let worstFirst: [Int]

    init(_ run: RunResult, _ options: ReportOptions) {
        self.run = run
        self.options = options
        redaction = Redaction(options.showsSecrets ? SecretCollector() : Self.secrets(of: run), options)
        places = PacketPlaces(run.captures)
        groups = MendGroup.groups(run.sessions)
        doubts = DoubtGroup.groups(run.sessions)
        sentence = VerdictSentence(run)
        worstFirst = run.sessions.indices.sorted {
            (run.sessions[$0].verdict.rank, $0) < (run.sessions[$1].verdict.rank, $1)
        }
    }

    /// The numbers of the groups that touch a session, ascending.
    func groupNumbers(ofSession index: Int) -> [Int] {
        groups.filter { $0.sessions.binarySearchContains(index) }.map(\.number)
    }

    /// A value of a difference, ready to show.
    func show(_ value: DifferenceValue?, path: String) -> String {
        switch value {
        case .number(let number): return String(number)
        case .text(let text):
            guard let name = Self.headerName(inPath: path) else { return redaction.show(text.bytes) }
            return redaction.value(of: HeaderField(ByteString(name), text))
        case nil: return "nothing"
        }
    }

    /// The field name in `upstream.request.header.authorization`.
    private static func headerName(inPath path: String) -> String? {
        guard let range = path.firstRange(of: ".header.") else { return nil }
        return String(path[range.upperBound...])
    }

    // MARK: Secrets

    /// Looks at everything that a report may show, in a fixed order: letters do not depend on the format.
    private static func secrets(of run: RunResult) -> SecretCollector {
        var collector = SecretCollector()
        for session in run.sessions {
            collector.look(at: session.transcript)
            for hop in session.outcome.hops {
                for request in hop.attempts.compactMap(\.request) {
                    collector.look(at: request.head.target.bytes, .captured)
                    for header in request.headers { collector.look(at: header.field) }
                }
                for header in hop.response?.headers ?? [] { collector.look(at: header.field) }
                for header in hop.response?.lost ?? [] { collector.look(at: header.field) }
            }
            for difference in session.differences {
                for value in [difference.expected, difference.actual] {
                    guard case .text(let text) = value else { continue }
                    let name = headerName(inPath: difference.path) ?? ""
                    collector.look(at: HeaderField(ByteString(name), text))
                }
            }
        }
        collector.look(at: Array(run.command.utf8), .captured)
        for file in run.proxies.flatMap(\.files) {
            for line in file.contents.split(separator: 10) { collector.look(at: Array(line), .configuration) }
        }
        return collector
    }
}

extension SecretCollector {
    /// Looks at what a transcript shows of its client and server.
    mutating func look(at transcript: SessionTranscript) {
        look(at: transcript.request.head.target.bytes, .captured)
        for field in transcript.request.head.headers.fields { look(at: field) }
        for field in transcript.response?.head.headers.fields ?? [] { look(at: field) }
        for frame in transcript.tunnel?.frames ?? [] { look(at: frame.preview, .captured) }
        for message in transcript.tunnel?.messages ?? [] { look(at: message.preview, .captured) }
        for close in [transcript.tunnel?.client.close, transcript.tunnel?.server.close] {
            look(at: Array((close?.reason ?? "").utf8), .captured)
        }
    }
}

extension [Int] {
    /// Whether an ascending array holds that number.
    func binarySearchContains(_ number: Int) -> Bool {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < endIndex && self[low] == number
    }
}
