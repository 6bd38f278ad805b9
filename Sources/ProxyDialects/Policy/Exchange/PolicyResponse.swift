import HTTPWire
import ProxyModel
import WireBasics

extension PolicyRoute {
    /// What the client gets of a response.
    ///
    /// - Parameters:
    ///   - closes: whether the client's connection ends with it.
    func clientResponse(_ response: ResponseHead, for facts: RequestFacts, closes: Bool) -> OutgoingResponse {
        var lines = HeaderLines(response.headers, from: .backend)
        lines.treatHopByHop(treatment, switches: response.status == 101, of: name)
        if response.status >= 200 { lines.sayWhetherItStaysOpen(facts.head, closes: closes) }
        lines.apply(treatment.response, of: name, for: facts)
        if treatment.nameCase.value == .lower { lines.lowerNames() }
        let head = ResponseHead(
            version: "HTTP/1.1", status: response.status, reason: response.reason, headers: lines.fields)
        return OutgoingResponse(head: head, headers: lines.lines, lost: lines.lost, decided: nil)
    }
}

extension HeaderLines {
    /// Tells the client whether its connection stays open, where that does not go without saying (RFC 9112 §9.3).
    fileprivate mutating func sayWhetherItStaysOpen(_ request: RequestHead, closes: Bool) {
        if closes {
            set(
                FieldName.connection, to: "close", origin: .default,
                Explanation(because: "the connection to the client ends with this response"))
        } else if request.version == "HTTP/1.0" {
            set(
                FieldName.connection, to: "keep-alive", origin: .default,
                Explanation(because: "the HTTP/1.0 client asked for it"))
        }
    }
}

/// A response of the proxy itself.
struct OwnResponse {
    var response: OutgoingResponse
    var body: [UInt8]

    /// The response with that status, because of that.
    init(_ answer: PolicyAnswer, to request: RequestHead?, closes: Bool, because: Explanation) {
        let text = answer.body.isEmpty ? "\(answer.status) \(ReasonPhrase.of(answer.status))\n" : answer.body
        let hasBody = ![204, 304].contains(answer.status)
        body = hasBody && request?.method != "HEAD" ? Array(text.utf8) : []
        var lines: [(ByteString, ByteString)] = []
        if hasBody {
            lines = [
                ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", ByteString(String(text.utf8.count))),
            ]
        }
        if closes { lines.append((FieldName.connection, "close")) }
        let headers = lines.map { OutgoingHeader(HeaderField($0.0, $0.1), origin: .default, explanation: because) }
        let head = ResponseHead(
            status: answer.status, reason: ByteString(ReasonPhrase.of(answer.status)),
            headers: HeaderFields(headers.map(\.field)))
        response = OutgoingResponse(head: head, headers: headers, lost: [], decided: because)
    }
}
