import HTTPWire
import ProxyModel
import WebSocketWire
import WireBasics

/// The request that the upstream gets against the captured one, as far as it matters to a server: the handshake
/// fields, the target, who the client is, and where it thinks it is.
///
/// A capture that was made in front of another proxy does not show what the server got then: that it gets something
/// else than the client sent may be as it always was. Such differences are hints there, and warnings where the capture
/// shows client and server talking to each other. A host that contradicts the origin is a warning in either case.
struct RequestComparison {
    let outcome: ExchangeOutcome
    let transcript: SessionTranscript

    /// Fields that servers decide by and that a proxy has no business to change.
    private static let decisive: [ByteString] = [
        "Origin", "Cookie", "Authorization", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol",
        "Sec-WebSocket-Extensions",
    ]

    var differences: [Difference] {
        let causes = Causes(outcome: outcome, transcript: transcript)
        guard let forwarded = causes.forwarded else { return [] }
        return faults(causes, forwarded) + target(forwarded) + host(causes, forwarded) + decisive(causes, forwarded)
    }

    private var sent: RequestHead { transcript.request.head }
    private var worked: Bool { transcript.response?.head.status == 101 }

    /// What makes the forwarded request no opening handshake any more.
    private func faults(_ causes: Causes, _ forwarded: OutgoingRequest) -> [Difference] {
        let costsTheSession = worked && outcome.status != 101
        return causes.newFaults.map { fault in
            let part = Self.part(fault)
            return Difference(
                path: "upstream.request.\(part.path)", expected: part.value(sent), actual: part.value(forwarded.head),
                // It is an error where it costs the session; a server that is not so strict switches all the same, and
                // what was refused in the capture as well is no news.
                severity: costsTheSession ? .error : .hint, explanation: causes.ofFault(fault),
                partOf: costsTheSession ? "response.status" : nil)
        }
    }

    /// The part of a request that a fault is about.
    private static func part(_ fault: HandshakeFault) -> (path: String, value: (RequestHead) -> DifferenceValue?) {
        switch fault.code {
        case _ where !fault.header.isEmpty:
            ("header.\(fault.header.lowercased.latin1)", { text($0.headers.values(fault.header)) })
        case "ws.request.http-version": ("version", { .text($0.version) })
        case "ws.request.target": ("target", { .text($0.target) })
        default: ("method", { .text($0.method) })
        }
    }

    private func target(_ forwarded: OutgoingRequest) -> [Difference] {
        guard forwarded.head.target != sent.target else { return [] }
        return [
            Difference(
                path: "upstream.request.target", expected: .text(sent.target), actual: .text(forwarded.head.target),
                severity: visible, explanation: forwarded.target)
        ]
    }

    /// Servers that check the origin compare it with the host (RFC 6455 §10.2): a changed host makes them answer 403.
    private func host(_ causes: Causes, _ forwarded: OutgoingRequest) -> [Difference] {
        let actual = forwarded.head.headers.first("Host")
        let isFault = causes.newFaults.contains { $0.header.equalsIgnoringCase("Host") }
        guard let expected = sent.headers.first("Host"), expected != actual, !isFault else { return [] }
        let reason = causes.ofHeader("Host")
        let contradictsOrigin = originHost.map { $0.equalsIgnoringCase(expected) } ?? false
        let isSameName = actual.map { Self.name($0).equalsIgnoringCase(Self.name(expected)) } ?? false
        let why =
            contradictsOrigin
            ? "the upstream gets a Host that is not the one in Origin: servers that compare the two answer 403"
            : isSameName
                ? "the upstream gets the Host without the port" : "the upstream gets another Host than the client sent"
        let judgement = causes.lastAttempt?.judgement
        let isAccepted = judgement != nil && judgement?.refused == nil
        let severity: Finding.Severity =
            isAccepted
            ? .hint : contradictsOrigin && !isSameName ? .warning : !contradictsOrigin && isSameName ? .hint : visible
        return [
            Difference(
                path: "upstream.request.header.host", expected: .text(expected), actual: actual.map { .text($0) },
                severity: severity,
                explanation: Explanation(
                    because: "\(why). \(reason.because)", source: reason.source, mend: reason.mend),
                partOf: judgement?.refused == "Host" ? "response.status" : nil)
        ]
    }

    /// How much it matters that the server gets something else than the client sent.
    private var visible: Finding.Severity { transcript.showsAProxy ? .hint : .warning }

    private var originHost: ByteString? {
        guard let origin = sent.headers.first("Origin")?.latin1, let scheme = origin.firstRange(of: "://") else {
            return nil
        }
        return ByteString(latin1: String(origin[scheme.upperBound...]))
    }

    private static func name(_ host: ByteString) -> ByteString {
        let text = host.latin1
        guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") else { return host }
        return ByteString(latin1: String(text[..<colon])) ?? host
    }

    private func decisive(_ causes: Causes, _ forwarded: OutgoingRequest) -> [Difference] {
        let faulty = causes.newFaults.map(\.header)
        return Self.decisive.compactMap { name in
            let expected = sent.headers.values(name)
            let actual = forwarded.head.headers.values(name)
            guard expected != actual, !faulty.contains(where: { $0.equalsIgnoringCase(name) }) else { return nil }
            return Difference(
                path: "upstream.request.header.\(name.lowercased.latin1)", expected: Self.text(expected),
                actual: Self.text(actual), severity: visible, explanation: causes.ofHeader(name))
        }
    }

    private static func text(_ values: [ByteString]) -> DifferenceValue? {
        HeaderFields.combined(values).map { .text($0) }
    }
}
