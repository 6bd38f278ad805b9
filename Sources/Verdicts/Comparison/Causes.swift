import HTTPWire
import ProxyModel
import WebSocketWire
import WireBasics

/// Finds, in what the proxies recorded, why an outcome is as it is.
struct Causes {
    let outcome: ExchangeOutcome
    let transcript: SessionTranscript

    /// What the last proxy sent to the backend that answered.
    var forwarded: OutgoingRequest? {
        outcome.hops.last.flatMap { Self.passedOn($0).last { $0.request != nil }?.request }
    }

    /// The attempt that the client's request ended with at the last proxy.
    var lastAttempt: Attempt? { outcome.hops.last.flatMap { Self.passedOn($0).last } }

    /// The attempts of a hop at passing the client's request on, without those of its own questions (`auth_request`).
    private static func passedOn(_ hop: HopOutcome) -> [Attempt] {
        hop.attempts.filter { $0.request?.isSubrequest != true }
    }

    /// What makes the forwarded request a worse opening handshake than the captured one (RFC 6455 §4.2.1).
    var newFaults: [HandshakeFault] {
        guard transcript.kind == .websocket, let forwarded else { return [] }
        let known = OpeningHandshake.faults(in: transcript.request.head)
        return OpeningHandshake.faults(in: forwarded.head).filter { fault in
            !known.contains { $0.code == fault.code }
        }
    }

    /// Why the client gets the status that it gets.
    var ofStatus: Explanation {
        if let status = outcome.status {
            if let refusal = ofKnownRefusal(status: status) ?? ofRefusal(status: status) { return refusal }
            // The hop nearest to the backend that decided by itself knows best.
            if let decided = outcome.hops.last(where: { $0.response?.decided != nil })?.response?.decided {
                return decided
            }
            if lastAttempt?.answeredStatus == status {
                return Explanation(because: "the backend answers \(status), and the proxy passes it on")
            }
            return Explanation(because: "the proxy answers \(status)")
        }
        return ofSilence
    }

    /// One of the known servers refuses the handshake: for the one thing that it looks at first.
    private func ofKnownRefusal(status: Int) -> Explanation? {
        guard let attempt = lastAttempt, attempt.answeredStatus == status, let judgement = attempt.judgement,
            let header = judgement.refused, let forwarded
        else { return nil }
        var reason =
            header.isEmpty
            ? forwarded.version : newFaults.first { $0.header == header }.map(ofFault) ?? ofHeader(header)
        let words = attempt.refusal.filter { !$0.isEmpty }.map { ": \($0)" }.joined()
        reason.because += ". \(judgement.server) then answers \(status)\(words)"
        return reason
    }

    /// A backend that refuses the handshake because of what the proxies made of it.
    private func ofRefusal(status: Int) -> Explanation? {
        let faults = newFaults
        guard lastAttempt?.answeredStatus == status, !faults.isEmpty else { return nil }
        // What is wrong at the first hop makes later ones send what they send: only its own faults are causes.
        let first = faults.compactMap(culprit).min()
        let reasons = Self.withoutCovered(unique(faults.filter { culprit($0) == first }.map(ofFault)))
        let because = reasons.map(\.because).joined(separator: "; ")
        let complaints = unique(faults.map(\.message)).joined(separator: "; ")
        return Explanation(
            because: "\(because). A server that follows RFC 6455 then answers \(status): \(complaints)",
            source: reasons.lazy.compactMap(\.source).first,
            mend: reasons.map(\.mend).filter { !$0.isEmpty }.joined(separator: "; "))
    }

    /// Why a handshake fault is there: what the first hop says whose request has it.
    func ofFault(_ fault: HandshakeFault) -> Explanation {
        guard let index = culprit(fault) else {
            return Explanation(because: "the proxy passes on what the client sent")
        }
        let culprit = lastRequests[index]
        switch fault.code {
        case "ws.request.host-repeated", "ws.request.key-repeated", "ws.request.version-repeated":
            return Self.explanation(ofRepeated: fault.header, in: culprit)
        case _ where !fault.header.isEmpty: return Self.explanation(of: fault.header, in: culprit)
        case "ws.request.http-version": return culprit.version
        case "ws.request.target": return culprit.target
        default: return Explanation(because: "the proxy sends another request line than the client")
        }
    }

    /// Why a header goes out more than once.
    private static func explanation(ofRepeated name: ByteString, in request: OutgoingRequest) -> Explanation {
        let places = request.headers.filter { $0.field.name.equalsIgnoringCase(name) }
            .compactMap(\.explanation.source)
        guard places.count > 1 else { return explanation(of: name, in: request) }
        return Explanation(
            because:
                "\(name) is set by \(places.count) lines (\(places.map(\.source).joined(separator: ", "))), and each is sent",
            source: places.last, mend: "take all but one of them out")
    }

    /// The first hop whose request has a fault, as an index into `lastRequests`.
    private func culprit(_ fault: HandshakeFault) -> Int? {
        lastRequests.firstIndex { request in
            OpeningHandshake.faults(in: request.head).contains { $0.code == fault.code }
        }
    }

    /// Why a header arrives as it does: what the last hop says that changed it.
    func ofHeader(_ name: ByteString) -> Explanation {
        var values = transcript.request.head.headers.values(name)
        var explanation = Explanation(because: "the proxy passes on what the client sent")
        for request in lastRequests where request.head.headers.values(name) != values {
            values = request.head.headers.values(name)
            explanation = Self.explanation(of: name, in: request)
        }
        return explanation
    }

    /// What a hop says of a header that it lost or set.
    private static func explanation(of name: ByteString, in request: OutgoingRequest) -> Explanation {
        request.lost.first { $0.field.name.equalsIgnoringCase(name) }?.explanation
            ?? request.headers.first { $0.field.name.equalsIgnoringCase(name) && $0.origin != .client }?.explanation
            ?? Explanation(because: "the proxy passes on what the client sent")
    }

    /// Why nothing came back.
    private var ofSilence: Explanation {
        if let because = outcome.closedBecause { return because }
        guard let attempt = lastAttempt else {
            return Explanation(because: "the proxy answers nothing")
        }
        switch attempt.result {
        case .refused: return Explanation(because: "nobody listens at \(attempt.address)")
        case .closed: return Explanation(because: "\(attempt.address) closed the connection without an answer")
        case .timedOut: return Explanation(because: "\(attempt.address) did not answer")
        case .answered:
            return Explanation(
                because: "\(attempt.address) answered, and the proxy has passed nothing on to the client")
        }
    }

    /// The request that each hop sent last, client side first.
    private var lastRequests: [OutgoingRequest] {
        outcome.hops.compactMap { hop in Self.passedOn(hop).last { $0.request != nil }?.request }
    }

    private func unique<Value: Equatable>(_ values: [Value]) -> [Value] {
        values.reduce(into: []) { seen, value in if !seen.contains(value) { seen.append(value) } }
    }

    /// Reasons whose remedy is not part of another one's: who writes the three lines of the recipe has also written
    /// the one that `Connection` lacks.
    private static func withoutCovered(_ reasons: [Explanation]) -> [Explanation] {
        reasons.enumerated().filter { index, reason in
            let lines = quoted(reason.mend)
            return lines.isEmpty
                || !reasons.enumerated().contains { other, larger in
                    let all = quoted(larger.mend)
                    return other != index && all.isSuperset(of: lines) && (all != lines || other < index)
                }
        }.map(\.element)
    }

    /// The lines that a remedy quotes.
    private static func quoted(_ mend: String) -> Set<Substring> {
        let parts = mend.split(separator: "`", omittingEmptySubsequences: false)
        return Set(parts.indices.filter { $0 % 2 == 1 }.map { parts[$0] })
    }
}
