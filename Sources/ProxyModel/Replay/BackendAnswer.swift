package import HTTPWire
import WebSocketWire
import WireBasics

/// A WebSocket server that follows RFC 6455 §4.2 to the letter.
package enum ConformantServer {
    /// Its answer to a request: every byte up to the frames.
    package static func answer(to request: RequestHead) -> [UInt8] {
        BackendAnswer(to: request, script: .conformant, transcript: nil).bytes
    }
}

/// What an upstream server answers to the request that reached it.
struct BackendAnswer {
    /// The bytes; empty when it says nothing.
    var bytes: [UInt8] = []
    /// The status; nil when it says nothing that we can read.
    var status: Int?
    /// What it finds wrong with the request.
    var refusal: [String] = []
    /// What it makes of the handshake, where it is a server that is known.
    var judgement: KnownJudgement?
    /// Whether it closes the connection after the answer.
    var closes = false
    /// Why the answer is not all that was captured; nil when it is.
    var doubt: Explanation?

    /// More bytes of a body are not made up: a replay holds what a client gets in memory.
    static let longestBody = 8 << 20

    /// The answer of a server with that behaviour; `transcript` is the exchange that the request came from.
    init(to request: RequestHead, script: BackendScript.Answer, transcript: SessionTranscript?) {
        switch script {
        case .refuse, .timeOut: break
        case .close: closes = true
        case .bytes(let bytes):
            self.bytes = bytes
            status = StatusLine(bytes)?.status
        case .conformant: self = Self.conformant(request)
        case .verbatim: self = Self.captured(transcript) ?? Self()
        case .asCaptured: self = Self.asCaptured(request, transcript)
        case .server(let server): self = Self.known(server, request, transcript)
        }
    }

    private init() {}

    /// As in the capture where the request that arrived is no worse than the captured one.
    private static func asCaptured(_ request: RequestHead, _ transcript: SessionTranscript?) -> Self {
        guard let transcript else { return conformant(request) }
        guard transcript.kind == .websocket else { return captured(transcript) ?? Self() }
        let faults = OpeningHandshake.faults(in: request)
        let known = OpeningHandshake.faults(in: transcript.request.head)
        let isMended = faults.isEmpty && refusedTheHandshake(transcript, known)
        guard !isMended, faults.allSatisfy({ fault in known.contains { $0.code == fault.code } }) else {
            return inItsOwnWords(conformant(request), transcript)
        }
        guard var answer = captured(transcript) else { return Self() }
        if let response = transcript.response?.head, response.status == 101 {
            answer.bytes = switching(response, for: request, captured: transcript.request.head).bytes
        }
        answer.refusal = answer.status == 101 ? [] : faults.map(\.message)
        return answer
    }

    /// What a known server says to a handshake; other exchanges, and what follows the 101, are as in the capture.
    private static func known(
        _ server: KnownServer, _ request: RequestHead, _ transcript: SessionTranscript?
    ) -> Self {
        if let transcript, transcript.kind != .websocket { return captured(transcript) ?? Self() }
        guard let check = server.refusal(of: request) else {
            let accepted = transcript?.response.flatMap { $0.head.status == 101 ? $0.head : nil }
            let switched = transcript.flatMap { transcript in
                accepted.map { switching($0, for: request, captured: transcript.request.head) }
            }
            var head = switched ?? accepting(request)
            if server.echoesVersion, request.version == "HTTP/1.0" {
                head = ResponseHead(
                    version: request.version, status: head.status, reason: head.reason, headers: head.headers)
            }
            var answer = Self()
            (answer.status, answer.bytes) = (101, head.bytes)
            answer.judgement = KnownJudgement(server: server.title, refused: nil)
            return answer
        }
        var answer = Self()
        (answer.status, answer.bytes, answer.refusal) = (check.status, check.answer, [check.words])
        answer.closes = check.status == nil || check.closes
        answer.judgement = KnownJudgement(server: server.title, refused: check.rule.header(in: request))
        return answer
    }

    /// Whether the server refused what was wrong with the handshake.
    ///
    /// That is the client's own fault or what a proxy in between made of its request. A request that arrives without these faults is then not refused.
    private static func refusedTheHandshake(_ transcript: SessionTranscript, _ known: [HandshakeFault]) -> Bool {
        guard let status = transcript.response?.head.status, status != 101 else { return false }
        return !known.isEmpty || (transcript.showsAProxy && [400, 426, 505].contains(status))
    }

    /// A refusal with the bytes that the captured server used for one of the same status.
    private static func inItsOwnWords(_ answer: Self, _ transcript: SessionTranscript) -> Self {
        guard answer.status != 101, var own = captured(transcript), own.status == answer.status else { return answer }
        own.refusal = answer.refusal
        return own
    }

    /// The captured answer: interim heads, head and body.
    ///
    /// A body that the transcript holds only in part is filled up to its length, so that the proxy sees the right
    /// number of bytes.
    private static func captured(_ transcript: SessionTranscript?) -> Self? {
        guard let transcript, let response = transcript.response else { return nil }
        var answer = Self()
        answer.status = response.head.status
        answer.bytes = transcript.interimResponses.flatMap(\.head.bytes) + response.head.bytes
        guard response.head.status != 101 else { return answer }
        answer.bytes += body(
            transcript.responseBody, isChunked: response.head.headers.hasToken("chunked", in: "Transfer-Encoding"))
        let isDelimited =
            response.head.headers.contains("Content-Length") || response.head.headers.contains("Transfer-Encoding")
        answer.closes = !isDelimited && ![204, 304].contains(response.head.status)
        if transcript.responseBody.wireLength > longestBody {
            answer.closes = true
            answer.doubt = Explanation(
                because: "the captured body has \(transcript.responseBody.wireLength) bytes, of which a replay sends "
                    + "\(longestBody): how its end comes through is not judged")
        }
        return answer
    }

    private static func body(_ body: BodyTranscript, isChunked: Bool) -> [UInt8] {
        guard body.start.count < body.wireLength else { return body.start }
        guard isChunked else {
            return body.start + Array(repeating: 0, count: max(0, min(body.wireLength, longestBody) - body.start.count))
        }
        let length = max(0, min(body.length, longestBody))
        return Array((String(length, radix: 16) + "\r\n").utf8) + Array(repeating: 0, count: length)
            + Array("\r\n0\r\n\r\n".utf8)
    }

    /// The captured 101, with the parts that depend on the request as they follow from what was forwarded: the accept
    /// value from the key (RFC 6455 §4.2.2), subprotocol and extensions only from what is still offered.
    private static func switching(
        _ response: ResponseHead, for request: RequestHead, captured: RequestHead
    ) -> ResponseHead {
        var fields = response.headers.fields
        let key = request.headers.first("Sec-WebSocket-Key")
        let accept = key.map { OpeningHandshake.accept(forKey: $0) }
        if key != captured.headers.first("Sec-WebSocket-Key"), let accept {
            for index in fields.indices where fields[index].name.equalsIgnoringCase("Sec-WebSocket-Accept") {
                fields[index].value = accept
            }
        }
        let protocols = request.headers.listMembers("Sec-WebSocket-Protocol")
        let extensions = request.headers.listMembers("Sec-WebSocket-Extensions").map(extensionName)
        fields.removeAll { field in
            if field.name.equalsIgnoringCase("Sec-WebSocket-Protocol") { return !protocols.contains(field.value) }
            guard field.name.equalsIgnoringCase("Sec-WebSocket-Extensions") else { return false }
            return !HeaderFields.listMembers(field.value).allSatisfy { extensions.contains(extensionName($0)) }
        }
        guard fields != response.headers.fields else { return response }
        return ResponseHead(
            version: response.version, status: response.status, reason: response.reason, headers: HeaderFields(fields))
    }

    private static func extensionName(_ offer: ByteString) -> ByteString {
        (HeaderFields.split(offer, at: UInt8(ascii: ";")).first ?? offer).trimmingWhitespace.lowercased
    }

    /// A server for nothing but WebSocket that follows RFC 6455 §4.2.2: 101 to a valid opening handshake, 426 to a
    /// request without upgrade or of another version, 400 to other faults.
    private static func conformant(_ request: RequestHead) -> Self {
        let faults = OpeningHandshake.faults(in: request)
        var answer = Self()
        answer.refusal = faults.map(\.message)
        guard !faults.isEmpty else {
            (answer.status, answer.bytes) = (101, accepting(request).bytes)
            return answer
        }
        let asksForUpgrade = request.headers.hasToken("websocket", in: "Upgrade")
        let isOtherVersion = faults.contains { $0.header == "Sec-WebSocket-Version" }
        let status = !asksForUpgrade || isOtherVersion ? 426 : 400
        let body = ByteString(answer.refusal.joined(separator: "\n") + "\n")
        var fields = [
            HeaderField("Content-Type", "text/plain; charset=utf-8"),
            HeaderField("Content-Length", ByteString(String(body.count))),
        ]
        if status == 426 {
            fields =
                [
                    HeaderField("Upgrade", "websocket"), HeaderField("Connection", "Upgrade"),
                    HeaderField("Sec-WebSocket-Version", "13"),
                ] + fields
        }
        let head = ResponseHead(
            status: status, reason: status == 426 ? "Upgrade Required" : "Bad Request", headers: HeaderFields(fields))
        (answer.status, answer.bytes) = (status, head.bytes + body.bytes)
        return answer
    }

    /// The 101 of a server that takes no subprotocol and no extension (RFC 6455 §4.2.2).
    private static func accepting(_ request: RequestHead) -> ResponseHead {
        let key = request.headers.first("Sec-WebSocket-Key") ?? ""
        return ResponseHead(
            status: 101, reason: "Switching Protocols",
            headers: HeaderFields([
                HeaderField("Upgrade", "websocket"), HeaderField("Connection", "Upgrade"),
                HeaderField("Sec-WebSocket-Accept", OpeningHandshake.accept(forKey: key)),
            ]))
    }
}
