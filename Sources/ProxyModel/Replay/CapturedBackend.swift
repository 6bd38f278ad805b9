import HTTPWire
import TCPReassembly
import WebSocketWire
import WireBasics

/// Puts an upstream server behind every address that a proxy connects to.
struct CapturedBackendPool: BackendPool {
    /// The transcripts of each client, in order.
    let transcripts: [[SessionTranscript]]
    let scripts: BackendScripts

    mutating func connect(
        to address: PeerAddress, exchange: ExchangeKey, at instant: CaptureInstant
    ) -> ConnectResult {
        let script = scripts.script(for: address)
        if script.answer == .refuse { return .failed(.refused, after: script.delay ?? .zero) }
        return .accepted(CapturedBackend(script: script, transcript: transcript(exchange)), after: .zero)
    }

    mutating func reuse(_ backend: inout any BackendActor, exchange: ExchangeKey, at instant: CaptureInstant) {
        guard var captured = backend as? CapturedBackend else { return }
        captured.transcript = transcript(exchange)
        backend = captured
    }

    private func transcript(_ exchange: ExchangeKey) -> SessionTranscript? {
        guard transcripts.indices.contains(exchange.client),
            transcripts[exchange.client].indices.contains(exchange.exchange)
        else { return nil }
        return transcripts[exchange.client][exchange.exchange]
    }
}

/// One connection to an upstream server that answers as in a capture, as far as it can know how it would answer.
struct CapturedBackend: BackendActor {
    let script: BackendScript
    /// The exchange that the request on the connection belongs to.
    var transcript: SessionTranscript?

    mutating func received(
        _ bytes: [UInt8], request: OutgoingRequest?, at instant: CaptureInstant
    ) -> [BackendCommand] {
        // Bodies and frames need no answer of their own: the answer to the head stands for the whole exchange.
        guard let request else { return [] }
        if request.isSubrequest, script.isGuess { return assumed(request, at: instant) }
        let answer = BackendAnswer(to: request.head, script: script.answer, transcript: transcript)
        let due = instant + (script.delay ?? capturedDelay)
        var commands: [BackendCommand] = []
        if let status = answer.status {
            commands.append(.judged(status: status, refusal: answer.refusal, answer.judgement))
        }
        if let doubt = answer.doubt { commands.append(.assumed(doubt)) }
        if !answer.bytes.isEmpty { commands.append(.send(answer.bytes, at: due)) }
        if answer.closes { commands.append(.close(.full, at: due)) }
        return commands
    }

    mutating func closed(_ how: Closing, at instant: CaptureInstant) -> [BackendCommand] {
        []
    }

    /// What the proxy asks on its own account was not captured.
    ///
    /// The answer that lets the client's request pass is taken, so that the rest can be seen; the verdict stays open.
    private func assumed(_ request: OutgoingRequest, at instant: CaptureInstant) -> [BackendCommand] {
        let asksForUpgrade = request.head.headers.contains("Upgrade")
        let question =
            "whether the server asked at \(VisibleText.escape(request.head.target.latin1)) lets the request pass is not in the capture; it is taken to answer 204"
        let explanation = Explanation(
            because: asksForUpgrade
                ? question
                    + ". It is sent Upgrade and Connection too, and many servers answer such a request with 400 or 426"
                : question,
            source: request.target.source,
            mend: asksForUpgrade
                ? "write `proxy_set_header Upgrade \"\";` and `proxy_set_header Connection \"\";` where that server is asked"
                : "say how it answers in a case file, under `backends`")
        return [
            .assumed(explanation), .judged(status: 204, refusal: [], nil),
            .send(Array("HTTP/1.1 204 No Content\r\n\r\n".utf8), at: instant),
        ]
    }

    /// From the last byte of the captured request to the first byte of the captured response.
    private var capturedDelay: TimeSpan {
        guard let transcript, let response = transcript.response else { return .zero }
        return max(.zero, response.first.instant - transcript.request.last.instant)
    }
}
