import HTTPWire
import ProxyModel
import TCPReassembly
import WebSocketWire
import WireBasics

/// What went through the tunnel against what was captured.
struct TunnelComparison {
    let outcome: ExchangeOutcome
    let transcript: SessionTranscript

    var differences: [Difference] {
        guard transcript.tunnel != nil, outcome.status == 101 else { return [] }
        guard let tunnel = outcome.tunnel else { return [notSwitched] }
        var differences: [Difference] = []
        let deliveries = [(Party.client, tunnel.client), (.server, tunnel.server)]
        // With frames missing, how many are lost cannot be told.
        for (party, delivery) in deliveries where delivery.lost > 0 && !transcript.lacksFrames {
            differences.append(
                Difference(
                    path: "tunnel.\(party.rawValue).delivered", expected: .number(delivery.frames),
                    actual: .number(delivery.delivered), severity: .error, explanation: ending))
        }
        if let early { differences.append(early) }
        return differences
    }

    /// A capture shows a timeout some milliseconds late: timers and the wire take their time.
    ///
    /// Within this, an end at which no frame is lost is the same end.
    private static let tolerance = TimeSpan.milliseconds(500)

    /// The proxy ended what lived longer in the capture.
    private var early: Difference? {
        guard outcome.closedBy == .proxy, let closedAt = outcome.closedAt, let opened = outcome.tunnel?.opened,
            let captured = transcript.tunnel
        else { return nil }
        let lived = closedAt - opened
        let expected = transcript.ending.at - captured.opened
        guard lived + Self.tolerance < expected || isLossy else { return nil }
        return Difference(
            path: "tunnel.closedAfter", expected: .text(ByteString(expected.description)),
            actual: .text(ByteString(lived.description)), severity: .error, explanation: ending)
    }

    private var isLossy: Bool {
        outcome.tunnel.map { $0.client.lost > 0 || $0.server.lost > 0 } ?? false
    }

    private var ending: Explanation {
        guard var explanation = outcome.closedBecause else {
            return Explanation(because: "the tunnel ended before these frames")
        }
        if let idle = outcome.tunnel?.idle {
            explanation.because += "; the capture has a silence of \(idle.silence)"
        }
        return explanation
    }

    private var notSwitched: Difference {
        Difference(
            path: "tunnel", expected: "open", actual: nil, severity: .error,
            explanation: Explanation(
                because: "the client gets a 101, but the proxy does not switch: frames do not go through",
                source: outcome.hops.first?.route?.source))
    }
}

extension SessionTranscript {
    /// Whether the capture hides frames.
    fileprivate var lacksFrames: Bool {
        losses.contains { ["tcp.gap", "limit.held", "ws.frame.unreadable"].contains($0.code) }
    }
}
