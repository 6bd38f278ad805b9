import HTTPWire
import ProxyModel
import Verdicts
import WebSocketWire
import WireBasics

// How results are put in a few words, the same in every format.

extension SessionResult {
    /// `101`, or `101 → 426` where it is not what was captured.
    var statusWords: String {
        let captured = transcript.response.map { String($0.head.status) } ?? "—"
        let actual = outcome.status.map(String.init) ?? "no answer"
        return captured == actual ? actual : "\(captured) → \(actual)"
    }

    /// `42 frames`, or `12 of 42 frames` where some are lost; empty without frames.
    var deliveryWords: String {
        let frames = SessionFacts(transcript).frames
        guard frames > 0 else { return "" }
        guard let tunnel = outcome.tunnel else { return "0 of \(Quantity.counted(frames, "frame"))" }
        let delivered = tunnel.client.delivered + tunnel.server.delivered
        let sent = tunnel.client.frames + tunnel.server.frames
        return delivered == sent
            ? Quantity.counted(sent, "frame") : "\(Quantity.grouped(delivered)) of \(Quantity.counted(sent, "frame"))"
    }
}

extension Finding.Blame {
    /// Who has to act.
    var words: String {
        switch self {
        case .client: "the client has to act"
        case .backend: "the backend has to act"
        case .proxyConfig: "the proxy's configuration has to change"
        case .capture: "the capture does not hold enough"
        case .expectation: "the expectation has to change"
        case .wsreplay: "a limit of this program"
        }
    }
}

extension Attempt {
    /// What came of it: `answers 426`.
    var words: String {
        switch result {
        case .answered: "answers" + (answeredStatus.map { " \($0)" } ?? "")
        case .refused: "refuses the connection"
        case .timedOut: "does not answer"
        case .closed: "closes without an answer"
        }
    }
}
