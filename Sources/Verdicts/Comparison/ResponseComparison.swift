import HTTPWire
import ProxyModel
import WebSocketWire
import WireBasics

/// The response that the client gets against the captured one.
struct ResponseComparison {
    let outcome: ExchangeOutcome
    let transcript: SessionTranscript

    var differences: [Difference] {
        guard let captured = transcript.response?.head else { return [] }
        guard let response = outcome.response, response.head.status == captured.status else {
            return [status(captured)]
        }
        let differences = headerDifferences(captured, response)
        guard captured.status == 101 else { return differences }
        let faults = handshakeFaults(captured, response)
        // One header, one difference: what costs the session says more than that it changed.
        return differences.filter { change in !faults.contains { $0.path == change.path } } + faults
    }

    private func status(_ captured: ResponseHead) -> Difference {
        let worked = Judgement.works(captured.status, transcript)
        let works = outcome.status.map { Judgement.works($0, transcript) } ?? false
        let causes = Causes(outcome: outcome, transcript: transcript)
        return Difference(
            path: "response.status", expected: .number(captured.status), actual: outcome.status.map { .number($0) },
            severity: worked && !works ? .error : .warning, blame: blame, explanation: causes.ofStatus)
    }

    private var blame: Finding.Blame {
        let causes = Causes(outcome: outcome, transcript: transcript)
        guard let last = causes.lastAttempt else { return .proxyConfig }
        let isRefusedForGoodReason = !causes.newFaults.isEmpty
        return isRefusedForGoodReason || last.answeredStatus == nil || last.answeredStatus != outcome.status
            ? .proxyConfig : .backend
    }

    // MARK: headers

    /// Fields that say something about one connection or one instant: different on every hop, and meant to be.
    private static let perHop: [ByteString] = [
        "Connection", "Keep-Alive", "Transfer-Encoding", "Proxy-Connection", "TE", "Trailer", "Date", "Server", "Via",
    ]

    /// Fields of a 101 whose meaning is judged, not their text.
    private static let negotiated: [ByteString] = ["Upgrade", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"]

    private func headerDifferences(_ captured: ResponseHead, _ response: OutgoingResponse) -> [Difference] {
        let isSwitch = captured.status == 101
        var differences: [Difference] = []
        for name in names(captured.headers, response.head.headers) {
            let expected = captured.headers.values(name)
            let actual = response.head.headers.values(name)
            guard expected != actual, !(isSwitch && Self.negotiated.contains { $0.equalsIgnoringCase(name) }) else {
                continue
            }
            differences.append(
                Difference(
                    path: "response.header.\(name.lowercased.latin1)", expected: text(expected), actual: text(actual),
                    severity: .warning, explanation: cause(of: name, response)))
        }
        return differences
    }

    private func cause(of name: ByteString, _ response: OutgoingResponse) -> Explanation {
        if let lost = response.lost.first(where: { $0.field.name.equalsIgnoringCase(name) }) { return lost.explanation }
        let header = response.headers.first { $0.field.name.equalsIgnoringCase(name) && $0.origin != .backend }
        return header?.explanation
            ?? Explanation(because: "the backend answers differently to the request that reached it")
    }

    /// All names of both, without those that are compared nowhere, in order of first appearance.
    private func names(_ left: HeaderFields, _ right: HeaderFields) -> [ByteString] {
        (left.fields + right.fields).map(\.name).reduce(into: []) { names, name in
            let isKnown = (names + Self.perHop).contains { $0.equalsIgnoringCase(name) }
            if !isKnown { names.append(name) }
        }
    }

    private func text(_ values: [ByteString]) -> DifferenceValue? {
        HeaderFields.combined(values).map { .text($0) }
    }

    // MARK: what a client would fail the connection for

    private func handshakeFaults(_ captured: ResponseHead, _ response: OutgoingResponse) -> [Difference] {
        var differences: [Difference] = []
        let sent = transcript.request.head
        let known = OpeningHandshake.faults(in: captured, to: sent)
        for fault in OpeningHandshake.faults(in: response.head, to: sent)
        where !known.contains(where: { $0.code == fault.code }) {
            differences.append(
                Difference(
                    path: "response.header.\(fault.header.lowercased.latin1)",
                    expected: text(captured.headers.values(fault.header)),
                    actual: text(response.head.headers.values(fault.header)), severity: .error,
                    explanation: Explanation(
                        because: "a client fails the connection: \(fault.message). "
                            + cause(of: fault.header, response).because,
                        source: cause(of: fault.header, response).source,
                        mend: cause(of: fault.header, response).mend)))
        }
        let negotiated: [(ByteString, Finding.Severity, String)] = [
            (
                "Sec-WebSocket-Protocol", .error,
                "the subprotocol is part of what both ends speak, and browsers fail a connection that offers some and "
                    + "gets none"
            ),
            ("Sec-WebSocket-Extensions", .warning, "frames go out without the extension"),
        ]
        for (name, severity, why) in negotiated {
            let expected = captured.headers.listMembers(name)
            let actual = response.head.headers.listMembers(name)
            guard expected != actual, !differences.contains(where: { $0.path.hasSuffix(name.lowercased.latin1) }) else {
                continue
            }
            let request = Causes(outcome: outcome, transcript: transcript).ofHeader(name)
            let cause = response.lost.first { $0.field.name.equalsIgnoringCase(name) }?.explanation ?? request
            differences.append(
                Difference(
                    path: "response.header.\(name.lowercased.latin1)", expected: text(expected), actual: text(actual),
                    severity: severity,
                    explanation: Explanation(
                        because: "\(why). \(cause.because)", source: cause.source, mend: cause.mend)))
        }
        return differences
    }
}
