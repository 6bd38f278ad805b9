import ProxyModel
import Verdicts
import WebSocketWire

/// Knows the CONNECT tunnels of a capture that do not open in the replay: what was said inside them never happens there,
/// and nothing can be said of it.
///
/// Source: RFC 9110 §9.3.6.
struct RefusedTunnels {
    /// The session that asked for the tunnel, by connection.
    private var asking: [Int: SessionID] = [:]

    /// Looks at a session, in the order of its connection; one inside a tunnel that does not open is inconclusive.
    mutating func judge(
        _ judgement: inout Judgement, of session: InspectedSession, _ outcome: ExchangeOutcome,
        onConnection connection: Int
    ) {
        if let connect = asking[connection] {
            judgement.verdict = .inconclusive
            judgement.doubts.append(
                Explanation(because: "it went through the CONNECT tunnel of \(connect), which does not open here"))
        } else if session.transcript.request.head.method == "CONNECT", opens(session.transcript.response?.head.status),
            !opens(outcome.status)
        {
            asking[connection] = session.id
        }
    }

    private func opens(_ status: Int?) -> Bool {
        status.map { (200..<300).contains($0) } ?? false
    }
}
