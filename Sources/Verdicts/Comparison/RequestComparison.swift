import HTTPWire
import ProxyModel
import WebSocketWire
import WireBasics

/// The request that the upstream gets against the captured one, as far as it matters to a server: the handshake
/// fields, the target, who the client is, and where it thinks it is.
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

    /// What makes the forwarded request no opening handshake any more.
    private func faults(_ causes: Causes, _ forwarded: OutgoingRequest) -> [Difference] {
        causes.newFaults.map { fault in
            let isVersion = fault.header.isEmpty
            let name = fault.header.lowercased.latin1
            return Difference(
                path: isVersion ? "upstream.request.version" : "upstream.request.header.\(name)",
                expected: isVersion ? .text(sent.version) : text(sent.headers.values(fault.header)),
                actual: isVersion ? .text(forwarded.head.version) : text(forwarded.head.headers.values(fault.header)),
                // A server that is not so strict switches all the same: then it is good to know, not an error.
                severity: outcome.status == 101 ? .hint : .error, explanation: causes.ofFault(fault))
        }
    }

    private func target(_ forwarded: OutgoingRequest) -> [Difference] {
        guard forwarded.head.target != sent.target else { return [] }
        return [
            Difference(
                path: "upstream.request.target", expected: .text(sent.target), actual: .text(forwarded.head.target),
                severity: .warning, explanation: forwarded.target)
        ]
    }

    /// Servers that check the origin compare it with the host (RFC 6455 §10.2): a changed host makes them answer 403.
    private func host(_ causes: Causes, _ forwarded: OutgoingRequest) -> [Difference] {
        let expected = sent.headers.first("Host")
        let actual = forwarded.head.headers.first("Host")
        guard expected != actual, let expected else { return [] }
        let reason = causes.ofHeader("Host")
        let matchedOrigin = originHost.map { $0.equalsIgnoringCase(expected) } ?? false
        let isSameName = actual.map { Self.name($0).equalsIgnoringCase(Self.name(expected)) } ?? false
        let why: String? =
            matchedOrigin
            ? "the upstream gets a Host that is not the one in Origin: servers that compare the two answer 403"
            : isSameName ? nil : "the upstream gets another Host than the client sent"
        return [
            Difference(
                path: "upstream.request.header.host", expected: .text(expected), actual: actual.map { .text($0) },
                severity: why == nil ? .hint : .warning,
                explanation: Explanation(
                    because: (why.map { $0 + ". " } ?? "") + reason.because, source: reason.source, mend: reason.mend))
        ]
    }

    /// Host and port of the Origin header (RFC 6454 §7), without the scheme.
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
                path: "upstream.request.header.\(name.lowercased.latin1)", expected: text(expected),
                actual: text(actual), severity: .warning, explanation: causes.ofHeader(name))
        }
    }

    private func text(_ values: [ByteString]) -> DifferenceValue? {
        values.isEmpty ? nil : .text(ByteString(values.map(\.bytes).joined(separator: [44, 32])))
    }
}
