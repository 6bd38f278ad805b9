import ProxyModel
import WireBasics

extension RequestProcessing {
    /// Reads the body that goes to an upstream; then, or at once if there is none, `startExchange` follows.
    ///
    /// Source: nginx `ngx_http_read_client_request_body`.
    mutating func wantBody() {
        guard !request.isSubrequest, request.bodyState == .unread else {
            startExchange()
            return
        }
        sendContinue()
        guard request.isChunked || request.contentLength != nil else {
            request.bodyState = .read
            startExchange()
            return
        }
        request.bodyState = .reading
        if request.isChunked { connection.chunks = ChunkedBody(behaviour) }
        connection.state = .body
        readBody()
        guard connection.state == .body, request.bodyState == .reading else { return }
        if isUnbuffered {
            startExchange()
        } else {
            armClientTimer(settings.core.clientBodyTimeout.value)
        }
    }

    /// Whether the body goes to the upstream as it comes.
    ///
    /// Source: nginx `ngx_http_proxy_handler`.
    var isUnbuffered: Bool {
        let proxy = settings.proxy
        return !proxy.requestBuffering.value && proxy.setBody == nil && proxy.passRequestBody.value
            && (!request.isChunked || httpVersion.value != .http10)
    }

    /// Reads on in the body.
    mutating func readBody() {
        guard request.bodyState == .reading else { return }
        if request.isChunked { readChunks() } else { readLength() }
        guard connection.state == .body, request.bodyState == .reading, connection.timer != nil else { return }
        armClientTimer(settings.core.clientBodyTimeout.value)
    }

    private mutating func readLength() {
        let rest = Int(clamping: (request.contentLength ?? 0) - Int64(request.body.count))
        let bytes = connection.input.take(rest)
        request.body += bytes
        request.length += bytes.count
        if bytes.count == rest { finishBody() }
    }

    private mutating func readChunks() {
        guard var chunks = connection.chunks else { return }
        let bytes = connection.input.take()
        let used = chunks.take(bytes)
        connection.input.giveBack(Array(bytes[used...]))
        request.length += used
        connection.chunks = chunks
        request.body = chunks.body
        let limit = settings.core.clientMaxBodySize
        if limit.value > 0, chunks.body.count > limit.value {
            request.answer.decided = Explanation(
                because: "the chunked body is larger than client_max_body_size (\(limit.value))", source: limit.source,
                mend: "raise client_max_body_size")
            disarmClientTimer()
            finalize(413)
            return
        }
        switch chunks.state {
        case .invalid:
            request.answer.decided = Explanation(because: "client sent invalid chunked body")
            disarmClientTimer()
            finalize(400)
        case .done:
            request.contentLength = Int64(chunks.body.count)
            finishBody()
        default: break
        }
    }

    private mutating func finishBody() {
        let wasWaiting = request.exchange == nil
        request.bodyState = .read
        disarmClientTimer()
        if wasWaiting { startExchange() }
    }

    /// Passes on what came of a body that is not buffered.
    mutating func readUnbufferedBody() {
        guard request.bodyState == .reading, request.exchange != nil, connection.stack.count == 1 else { return }
        let before = request.body.count
        if request.isChunked { readChunks() } else { readLength() }
        guard connection.state == .upstream else { return }
        forwardBody(from: before)
    }

    /// Answers `Expect: 100-continue`.
    ///
    /// Source: nginx `ngx_http_test_expect`.
    private mutating func sendContinue() {
        guard !request.isExpectTested, request.version >= 1001, let expect = request.header("Expect") else { return }
        request.isExpectTested = true
        guard expect.equalsIgnoringCase("100-continue") else { return }
        trace("content", "Expect: 100-continue is answered by nginx itself")
        transmit(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
    }

    /// Throws away the body of a request that is answered without it.
    ///
    /// - Returns: a status where the body itself is at fault.
    /// Source: nginx `ngx_http_discard_request_body`.
    mutating func discardBody() -> Int? {
        guard !request.isSubrequest, request.bodyState == .unread else { return nil }
        sendContinue()
        guard request.isChunked || (request.contentLength ?? 0) > 0 else { return nil }
        request.bodyState = .discarding(rest: request.contentLength ?? 0)
        if request.isChunked { connection.chunks = ChunkedBody(behaviour) }
        return discardStep() ? nil : 400
    }

    /// Throws away what came; false where the body is at fault.
    private mutating func discardStep() -> Bool {
        guard case .discarding(let rest) = connection.stack[0].bodyState else { return true }
        if connection.stack[0].isChunked {
            guard var chunks = connection.chunks else { return true }
            let bytes = connection.input.take()
            let used = chunks.take(bytes)
            connection.input.giveBack(Array(bytes[used...]))
            connection.chunks = chunks
            if chunks.state == .done {
                connection.stack[0].bodyState = .discarded
                // `$content_length` of a body that was thrown away.
                connection.stack[0].contentLength = 0
            }
            return chunks.state != .invalid
        }
        let left = rest - Int64(connection.input.take(Int(clamping: rest)).count)
        connection.stack[0].bodyState = left > 0 ? .discarding(rest: left) : .discarded
        if left == 0 { connection.stack[0].lingers = false }
        return true
    }

    /// Throws away more, after the answer went out.
    mutating func discardMore() {
        guard discardStep() else {
            closeClient(.full, Explanation(because: "the rest of the body is malformed"))
            return
        }
        if connection.stack[0].bodyState == .discarded, connection.state == .body { finishRequest() }
    }
}
