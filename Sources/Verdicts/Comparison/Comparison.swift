import HTTPWire
public import ProxyModel
import TCPReassembly
public import WebSocketWire
import WireBasics

/// What to think of an outcome, given what was captured.
public struct Judgement: Hashable, Sendable {
    /// The verdict.
    public var verdict: Verdict
    /// Where the outcome differs, worst first.
    public var differences: [Difference]
    /// Why the verdict is inconclusive; empty when it is not.
    public var doubts: [Explanation]

    /// Compares what the model did with what was captured: the captured session itself is the expectation.
    ///
    /// The parts of the comparison, each a file: the response that the client gets (`ResponseComparison`), the request
    /// that the upstream gets (`RequestComparison`), and the tunnel (`TunnelComparison`). Reasons are found by `Causes`.
    ///
    /// - Parameter packets: where the session's packets lie in its files.
    public init(
        of outcome: ExchangeOutcome, against transcript: SessionTranscript,
        packets: PacketPlaces.SessionPackets = PacketPlaces([]).packets(ofCapture: 0)
    ) {
        doubts = Self.doubts(about: outcome, transcript, packets)
        differences = []
        let expected = transcript.response?.head.status
        // Without a captured response there is nothing to compare with; what the model did is still shown.
        if expected != nil {
            differences += ResponseComparison(outcome: outcome, transcript: transcript).differences
            differences += RequestComparison(outcome: outcome, transcript: transcript).differences
            differences += TunnelComparison(outcome: outcome, transcript: transcript).differences
        }
        if transcript.kind == .http, !outcome.unmodelled.isEmpty {
            // What the model made up for want of knowledge is nothing to mend.
            for index in differences.indices { differences[index].severity = .hint }
        }
        differences = Self.worstFirst(differences)
        verdict = Self.verdict(outcome, transcript, differences, doubts)
    }

    private static func verdict(
        _ outcome: ExchangeOutcome, _ transcript: SessionTranscript, _ differences: [Difference],
        _ doubts: [Explanation]
    ) -> Verdict {
        guard let expected = transcript.response?.head.status, outcome.unmodelled.isEmpty else { return .inconclusive }
        let isBroken = differences.contains { $0.severity == .error }
        // A hole in the capture hides frames, not the handshake: a handshake that fails is certain, and so is a tunnel
        // that ends in a silence, because one that a hole may have interrupted is not listed as such.
        if isBroken, expected == 101, !transcript.headsAreAmbiguous,
            outcome.tunnel == nil || (isIdle(outcome) && doubts.count == transcript.losses.count)
        {
            return .broken
        }
        guard doubts.isEmpty else { return .inconclusive }
        if isBroken { return .broken }
        if !works(expected, transcript), works(outcome.status ?? 0, transcript) { return .fixed }
        return differences.contains { $0.severity == .warning } ? .changed : .same
    }

    /// Whether the proxy ended the tunnel in a silence, however lazily its timer is armed.
    private static func isIdle(_ outcome: ExchangeOutcome) -> Bool {
        outcome.tunnel?.idle.map { $0.limit <= $0.silence } ?? false
    }

    /// Whether an exchange of that kind with that status did what the client wanted.
    static func works(_ status: Int, _ transcript: SessionTranscript) -> Bool {
        transcript.kind == .websocket ? status == 101 : (200..<400).contains(status)
    }

    private static func doubts(
        about outcome: ExchangeOutcome, _ transcript: SessionTranscript, _ packets: PacketPlaces.SessionPackets
    ) -> [Explanation] {
        var doubts = outcome.unmodelled
        if transcript.response == nil, transcript.losses.isEmpty {
            doubts.append(Explanation(because: "the capture holds no response to this request"))
        }
        doubts += repeatedUpgrade(outcome, transcript)
        doubts += transcript.losses.filter(\.hidesContent).map { loss in
            Explanation(because: "\(packets.words(of: loss)): \(loss.message)")
        }
        return doubts
    }

    /// Two `Upgrade` lines are one list to RFC 9110, and servers disagree about them all the same.
    private static func repeatedUpgrade(_ outcome: ExchangeOutcome, _ transcript: SessionTranscript) -> [Explanation] {
        guard transcript.kind == .websocket, outcome.status == 101,
            let forwarded = Causes(outcome: outcome, transcript: transcript).forwarded
        else { return [] }
        let lines = forwarded.headers.filter { $0.field.name.equalsIgnoringCase("Upgrade") }
        guard lines.count > 1, transcript.request.head.headers.values("Upgrade").count < lines.count else { return [] }
        let places = lines.compactMap(\.explanation.source?.source).joined(separator: ", ")
        return [
            Explanation(
                because:
                    "Upgrade goes out \(lines.count) times\(places.isEmpty ? "" : " (\(places))"): some servers take "
                    + "that, others refuse it (Tornado with 400, Python's websockets with 426)",
                source: lines.last?.explanation.source,
                mend:
                    "take one of the lines out: each proxy_set_header of a level is sent, whatever stands in included files"
            )
        ]
    }

    /// By severity, then in the order in which they were found: status first, then headers, then frames.
    private static func worstFirst(_ differences: [Difference]) -> [Difference] {
        Finding.Severity.allCases.reversed().flatMap { severity in differences.filter { $0.severity == severity } }
    }
}

extension SessionTranscript {
    /// Whether bytes of the heads came twice and differ: what was asked and answered is not certain.
    fileprivate var headsAreAmbiguous: Bool {
        losses.contains { loss in
            loss.code == "tcp.overlap-conflict"
                && loss.packet <= (loss.party == .server ? response?.last ?? request.last : request.last).packet
        }
    }
}
