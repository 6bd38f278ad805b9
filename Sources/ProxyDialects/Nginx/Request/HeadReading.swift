import HTTPWire
import ProxyModel
import WireBasics

extension RequestProcessing {
    /// Takes bytes of the client, whatever the connection waits for.
    mutating func receive(_ bytes: [UInt8]) {
        connection.input.unread += connection.requests == 0 ? withoutProxyProtocol(bytes) : bytes
        switch connection.state {
        case .idle: break
        case .head: readHead()
        case .body: readBody()
        case .upstream: readUnbufferedBody()
        case .tunnel:
            // Under way already when the tunnel was opened.
            if let upstream = request.exchange?.upstream {
                actions.append(.forward(upstream, connection.input.take()))
            }
        case .delayed, .closed: break
        }
        if case .discarding = connection.stack[0].bodyState, connection.state != .closed { discardMore() }
    }

    /// Takes the PROXY protocol off the first bytes of a connection to a listener that expects it.
    ///
    /// Source: nginx `ngx_http_wait_request_handler`, `ngx_proxy_protocol_read`, which looks at what came first and
    /// nothing else.
    private mutating func withoutProxyProtocol(_ bytes: [UInt8]) -> [UInt8] {
        guard configuration.listens[connection.listen].usesProxyProtocol, connection.proxyProtocol == nil else {
            return bytes
        }
        var start = ProxyProtocolStart()
        for (index, byte) in bytes.enumerated() {
            switch start.receive(byte) {
            case .undecided: continue
            case .absent: return bytes
            case .complete:
                connection.proxyProtocol = ProxyProtocolHeader(whole: start.bytes)
                return Array(bytes[(index + 1)...])
            }
        }
        return bytes
    }

    /// Waits for the first request of a connection.
    mutating func waitForFirstByte() {
        armClientTimer(server.clientHeaderTimeout.value)
    }

    /// Goes on with requests that the client sent ahead.
    mutating func goOn() {
        while connection.state == .idle, connection.input.hasMore {
            beginRequest()
            readHead()
        }
    }

    /// Starts reading a request: the first byte of it is there.
    private mutating func beginRequest() {
        connection.requests += 1
        connection.state = .head
        connection.hasLine = false
        connection.lineParser = RequestLineParser(behaviour)
        connection.headerParser = RequestHeaderParser(behaviour)
        connection.variables = configuration.variables.definitions.map { _ in .unknown }
        connection.said = []
        connection.unfinished = 0
        var request = Request()
        let listen = configuration.listens[connection.listen]
        request.server = listen.defaultServer
        request.location = configuration.servers[request.server].root
        request.remoteAddress = connection.client.ipAddress
        request.remotePort = connection.client.port ?? 0
        request.started = now
        connection.stack = [request]
        connection.input.open(size: server.clientHeaderBufferSize.value)
        // For a connection's first request the time runs since it was opened.
        if connection.requests > 1 || connection.timer == nil {
            armClientTimer(server.clientHeaderTimeout.value)
        }
    }

    /// Reads on in the request line and the header lines.
    private mutating func readHead() {
        do throws(RequestRefusal) {
            while connection.state == .head {
                guard let byte = connection.input.next() else {
                    if connection.input.isFull { try enlarge() }
                    if connection.input.fill() { continue }
                    return
                }
                connection.unfinished += 1
                if connection.hasLine {
                    try readHeader(byte)
                } else if try connection.lineParser.take(byte) {
                    connection.countLine()
                    try finishLine()
                } else if connection.lineParser.isAtStart {
                    connection.unfinished = 0
                }
            }
        } catch {
            refuse(error)
        }
    }

    /// Turns to a larger buffer.
    private mutating func enlarge() throws(RequestRefusal) {
        let isLine = !connection.hasLine
        if isLine, connection.lineParser.isAtStart {
            connection.input.rewind()
            return
        }
        let size = server.largeBufferSize.value
        let length = isLine ? connection.lineParser.line.count : connection.headerParser.length
        if connection.input.turnToLarge(size: size, count: server.largeBufferCount.value, lineLength: length) { return }
        let limit = "large_client_header_buffers \(server.largeBufferCount.value) \(size)"
        throw RequestRefusal(
            status: isLine ? 414 : 494,
            reason: isLine
                ? "client sent too long URI (\(limit))" : "client sent too long header line or too many (\(limit))",
            mend: "raise large_client_header_buffers, for example \"large_client_header_buffers 4 32k;\"",
            lingers: !isLine)
    }

    private mutating func finishLine() throws(RequestRefusal) {
        let parser = connection.lineParser
        connection.hasLine = true
        request.line = ByteString(parser.line[..<parser.end])
        request.method = ByteString(parser.line[..<parser.methodEnd])
        if let start = parser.protocolStart {
            request.protocolText = ByteString(parser.line[start..<max(start, parser.end)])
        }
        guard let target = RequestTarget(parser, mergingSlashes: server.mergeSlashes) else {
            throw RequestRefusal(status: 400, reason: "client sent invalid request")
        }
        request.version = parser.version
        request.uri = target.uri
        request.arguments = target.arguments
        request.unparsedURI = target.unparsed
        request.canPassUnparsed = target.canPassUnparsed
        request.isQuoted = target.isQuoted
        request.hasPlus = target.hasPlus
        if let range = parser.hostRange {
            guard
                let host = RequestHost.normalized(
                    ByteString(parser.line[range]), strictly: behaviour.checksHostStrictly)
            else { throw RequestRefusal(status: 400, reason: "client sent invalid host in request line") }
            request.host = host
            selectServer()
        }
        if parser.version < 1000 {
            if request.host.isEmpty { selectServer() }
            process()
        }
    }

    private mutating func readHeader(_ byte: UInt8) throws(RequestRefusal) {
        switch try connection.headerParser.take(byte, allowingUnderscores: server.underscoresInHeaders) {
        case .none: break
        case .line(let name, let value, let isInvalid):
            connection.countLine()
            if isInvalid, server.ignoreInvalidHeaders {
                trace(
                    "post_read",
                    "the header line \(name) is dropped: its name holds characters that nginx does not take")
                return
            }
            if behaviour.limitsHeaderLines, request.headers.count >= server.maxHeaders.value {
                throw RequestRefusal(
                    status: 494, reason: "client sent too many header lines", mend: "raise max_headers", lingers: true)
            }
            request.headers.append(HeaderField(name, value))
            try note(name, value)
        case .end:
            connection.countLine()
            try checkHead()
            process()
        }
    }

    /// What nginx does with certain lines at once.
    ///
    /// Source: nginx `ngx_http_headers_in` and its handlers.
    private mutating func note(_ name: ByteString, _ value: ByteString) throws(RequestRefusal) {
        let key = name.lowercased
        let isRepeated = request.headers.dropLast().contains { $0.name.equalsIgnoringCase(name) }
        switch key {
        case "host":
            if isRepeated { throw RequestRefusal(status: 400, reason: "client sent duplicate host header") }
            guard let host = RequestHost.normalized(value, strictly: behaviour.checksHostStrictly) else {
                throw RequestRefusal(status: 400, reason: "client sent invalid host header")
            }
            if request.host.isEmpty {
                request.host = host
                selectServer()
            }
        case "connection":
            if value.containsIgnoringCase("close") {
                request.connection = .close
            } else if value.containsIgnoringCase("keep-alive") {
                request.connection = .keepAlive
            }
        case "if-modified-since", "if-unmodified-since", "if-match", "if-none-match", "content-length",
            "content-range", "if-range", "transfer-encoding", "expect", "authorization":
            if isRepeated { throw RequestRefusal(status: 400, reason: "client sent duplicate header line: \(name)") }
        case "proxy-authorization" where behaviour.knowsProxyAuthentication:
            if isRepeated { throw RequestRefusal(status: 400, reason: "client sent duplicate header line: \(name)") }
        default: break
        }
    }

    /// What nginx checks when all lines are there.
    ///
    /// Source: nginx `ngx_http_process_request_header`.
    private mutating func checkHead() throws(RequestRefusal) {
        if request.host.isEmpty { selectServer() }
        if request.header("Host") == nil, request.version > 1000 {
            throw RequestRefusal(status: 400, reason: "client sent HTTP/1.1 request without \"Host\" header")
        }
        if let text = request.header("Content-Length") {
            guard let length = DirectiveValue.int(text) else {
                throw RequestRefusal(status: 400, reason: "client sent invalid \"Content-Length\" header")
            }
            request.contentLength = length
        }
        if let coding = request.header("Transfer-Encoding") {
            if request.version < 1001, behaviour.refusesTransferEncodingInHTTP10 {
                throw RequestRefusal(
                    status: 400, reason: "client sent HTTP/1.0 request with \"Transfer-Encoding\" header")
            }
            guard coding.equalsIgnoringCase("chunked") else {
                throw RequestRefusal(status: 501, reason: "client sent unknown \"Transfer-Encoding\": \"\(coding)\"")
            }
            if request.contentLength != nil, behaviour.refusesAmbiguousLength {
                throw RequestRefusal(
                    status: 400,
                    reason: "client sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time")
            }
            request.contentLength = nil
            request.isChunked = true
        }
        if request.method == "CONNECT", behaviour.refusesConnectMethod {
            throw RequestRefusal(status: 405, reason: "client sent CONNECT method")
        }
        if request.method == "TRACE" {
            throw RequestRefusal(status: 405, reason: "client sent TRACE method")
        }
    }

    /// Chooses the server for the host that is known now.
    private mutating func selectServer() {
        let selection = ServerSelection(
            listen: configuration.listens[connection.listen], servers: configuration.servers)
        let match = selection.server(for: request.host)
        request.server = match.server
        request.isInDefaultServer = match.isDefault
        request.location = server.root
        take(match.captures)
        trace("server", match.reason, server.source)
    }

    /// Answers a request that nginx refuses while it reads it, and closes.
    private mutating func refuse(_ refusal: RequestRefusal) {
        if request.line.isEmpty, !connection.hasLine {
            let parser = connection.lineParser
            request.line = ByteString(parser.line.prefix { $0 != 13 && $0 != 10 })
            // A method that was read counts: the answer to a HEAD has no body.
            request.method = ByteString(parser.line[..<parser.methodEnd])
        }
        if refusal.isHTTP09 { request.version = 9 }
        request.lingers = refusal.lingers
        request.answer.decided = Explanation(
            because: "nginx refuses the request while it reads it: \(refusal.reason)",
            source: refusal.status == 414 || refusal.status == 494 ? server.largeBufferSize.source : nil,
            mend: refusal.mend)
        finalize(refusal.status)
    }

    /// Sends a complete request through the phases.
    ///
    /// Source: nginx `ngx_http_process_request`, `ngx_http_handler`.
    private mutating func process() {
        disarmClientTimer()
        let listen = configuration.listens[connection.listen]
        if listen.usesHTTP2, !listen.usesTLS, !behaviour.takesHTTP1BesidePlainHTTP2 {
            closeClient(
                .full,
                Explanation(
                    because:
                        "\"listen … http2\" without ssl takes nothing but HTTP/2 before nginx 1.25.1: it answers an HTTP/1 request, and so every handshake, with GOAWAY and closes",
                    source: listen.source, mend: "take `http2` off this listen line, or add `ssl`"))
            return
        }
        if listen.usesProxyProtocol, connection.proxyProtocol == nil {
            unmodelled(
                "this address expects the PROXY protocol, and nginx closes connections that begin otherwise; the model takes it as sent",
                listen.source,
                mend:
                    "see that whatever stands in front (a load balancer) sends it; for a verdict on the rest, take `proxy_protocol` off the listen line"
            )
        }
        if listen.usesTLS, !clientUsesTLS {
            request.answer.decided = Explanation(
                because: "a plain HTTP request came to a port that expects TLS", source: listen.source,
                mend: "take \"ssl\" off the listen line to try the configuration without TLS")
            finalize(497)
            return
        }
        switch request.connection {
        case .none: request.keepsAlive = request.version > 1000
        case .close: request.keepsAlive = false
        case .keepAlive: request.keepsAlive = true
        }
        request.lingers = (request.contentLength ?? 0) > 0 || request.isChunked
        runPhases(from: .postRead)
    }
}
