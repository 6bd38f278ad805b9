import HTTPWire
import ProxyModel
import WireBasics

extension RequestProcessing {
    /// The value of a variable that nginx defines by name; nil when there is none.
    ///
    /// Source: nginx `ngx_http_variables.c`, and the modules named at `BuiltInVariable`.
    mutating func builtIn(_ variable: BuiltInVariable) -> ByteString? {
        switch variable {
        case .httpHost: request.header("Host")
        case .httpCookie: joinedLines("Cookie", "; ")
        case .httpXForwardedFor: joinedLines("X-Forwarded-For", ", ")
        case .contentLength: contentLengthText
        case .contentType: request.header("Content-Type")
        case .host: request.host.isEmpty ? server.primaryName : request.host
        case .binaryRemoteAddress: request.remoteAddress.map { ByteString($0.octets) } ?? ""
        case .remoteAddress: remoteAddressText
        case .remotePort: request.remotePort > 0 ? ByteString(String(request.remotePort)) : ""
        case .serverAddress: listenerParts.address
        case .serverPort: listenerParts.port
        case .serverProtocol: request.protocolText
        case .scheme: ByteString(scheme)
        case .https: scheme == "https" ? "on" : ""
        case .requestURI: request.unparsedURI
        case .uri, .documentURI: request.uri
        case .request: request.line
        case .documentRoot: documentRoot
        case .queryString, .arguments: request.arguments
        case .isArguments: request.arguments.isEmpty ? "" : "?"
        case .requestFilename: fileName(of: request.uri)
        case .serverName: server.primaryName
        case .requestMethod: connection.stack[0].method
        case .remoteUser: remoteUser
        case .requestBody: request.bodyState == .read && !request.body.isEmpty ? ByteString(request.body) : nil
        case .requestLength: ByteString(String(request.length))
        case .status: statusText
        case .limitRate: "0"
        case .nginxVersion: ByteString(configuration.version.description)
        case .bytesSent, .bodyBytesSent: ByteString(String(connection.bytesSent))
        case .pipe: "."
        case .requestCompletion: ""
        case .proxyProtocolAddress: text(of: connection.proxyProtocol?.source?.address)
        case .proxyProtocolPort: text(of: connection.proxyProtocol?.source?.port)
        case .proxyProtocolServerAddress: text(of: connection.proxyProtocol?.destination?.address)
        case .proxyProtocolServerPort: text(of: connection.proxyProtocol?.destination?.port)
        case .connectionRequests: ByteString(String(connection.requests))
        default: laterBuiltIn(variable)
        }
    }

    private func text(of value: (some CustomStringConvertible)?) -> ByteString? {
        value.map { ByteString($0.description) }
    }

    private mutating func laterBuiltIn(_ variable: BuiltInVariable) -> ByteString? {
        switch variable {
        case .sentContentType: sentHeader("Content-Type")
        case .sentContentLength: sentHeader("Content-Length")
        case .sentLocation: sentHeader("Location")
        case .sentLastModified: sentHeader("Last-Modified")
        case .sentConnection: sentHeader("Connection")
        case .sentKeepAlive: sentHeader("Keep-Alive")
        case .sentTransferEncoding: sentHeader("Transfer-Encoding")
        case .requestID: requestID
        // Of a worker that does not exist: a number where nginx has one.
        case .processID: "1"
        case .connection: ByteString(String(connection.serial))
        case .requestTime: seconds(now - request.started)
        case .connectionTime: seconds(now - connection.opened)
        case .milliseconds: ByteString(String(now.description.dropLast(6)))
        case .timeISO8601: CalendarTime(now).iso8601
        case .timeLocal: CalendarTime(now).commonLog
        case .upstreamAddress: attemptList { $0.address }
        case .upstreamStatus: attemptList { $0.status.map { ByteString(String($0)) } ?? "-" }
        case .upstreamConnectTime: attemptList { attempt in elapsed(attempt, attempt.connected) }
        case .upstreamHeaderTime: attemptList { attempt in elapsed(attempt, attempt.headed) }
        case .upstreamResponseTime: attemptList { attempt in elapsed(attempt, attempt.ended) }
        case .upstreamResponseLength: attemptList { ByteString(String($0.bodyLength)) }
        case .upstreamBytesReceived: attemptList { ByteString(String($0.bytesReceived)) }
        case .upstreamBytesSent: attemptList { ByteString(String($0.bytesSent)) }
        case .proxyHost: request.exchange?.target.authority ?? settings.proxy.pass?.fixed?.authority
        case .proxyPort: request.exchange?.target.port ?? settings.proxy.pass?.fixed?.port
        case .proxyAddXForwardedFor: addXForwardedFor
        case .proxyInternalBodyLength, .proxyInternalChunked: ""
        case .realIPRemoteAddress: addressText(connection.client)
        case .realIPRemotePort: connection.client.port.map { ByteString(String($0)) } ?? ""
        case .limitConnectionStatus: request.done.contains(.connectionLimit) ? "PASSED" : nil
        case .limitRequestStatus: request.done.contains(.requestLimit) ? "PASSED" : nil
        default: nil
        }
    }

    // MARK: - Parts

    /// `$document_root`: of an `alias` its path as well.
    private var documentRoot: ByteString {
        mutating get {
            let root = settings.core.root
            let folder = evaluate(root.value.path)
            if !folder.hasPrefix("/") {
                unmodelled(
                    "$document_root depends on the folder that nginx was built for, as \"\(folder)\" is no absolute path",
                    root.source ?? location.source, mend: "write root with an absolute path")
            }
            return absolute(folder)
        }
    }

    /// A path of `root` as a Debian package completes it.
    func absolute(_ folder: ByteString) -> ByteString {
        folder.hasPrefix("/") ? folder : "/usr/share/nginx/" + folder
    }

    /// `http` or `https`.
    var scheme: String {
        configuration.listens[connection.listen].usesTLS ? "https" : "http"
    }

    /// Whether the client spoke TLS: what the model is given is what TLS carried, wherever a listener expects it.
    var clientUsesTLS: Bool { true }

    /// The client's address as nginx writes it, after realip.
    var remoteAddressText: ByteString {
        request.remoteAddress.map { ByteString($0.description) } ?? "unix:"
    }

    /// Where the client connected to.
    var listenerParts: (address: ByteString, port: ByteString) {
        switch connection.listener {
        case .tcp(let endpoint):
            (ByteString(endpoint.address.description), ByteString(String(endpoint.port)))
        case .unix(let path): (ByteString("unix:" + path), "")
        case .name(let host, let port): (ByteString(host), ByteString(String(port)))
        }
    }

    private func addressText(_ address: PeerAddress) -> ByteString {
        switch address {
        case .tcp(let endpoint): ByteString(endpoint.address.description)
        case .unix: "unix:"
        case .name(let host, _): ByteString(host)
        }
    }

    private var contentLengthText: ByteString? {
        if let written = request.header("Content-Length") { return written }
        return request.contentLength.map { ByteString(String($0)) }
    }

    private func joinedLines(_ name: ByteString, _ separator: ByteString) -> ByteString? {
        let values = request.headers.filter { $0.name.equalsIgnoringCase(name) }.map(\.value)
        guard let first = values.first else { return nil }
        return values.dropFirst().reduce(first) { $0 + separator + $1 }
    }

    private var addXForwardedFor: ByteString {
        let values = request.headers.filter { $0.name.equalsIgnoringCase("X-Forwarded-For") }.map(\.value)
        return values.reduce(ByteString()) { $0 + $1 + ", " } + remoteAddressText
    }

    private func sentHeader(_ name: ByteString) -> ByteString? {
        request.answer.sent.first { $0.name.equalsIgnoringCase(name) }?.value
    }

    private var statusText: ByteString {
        let status =
            request.errorStatus ?? (request.answer.status > 0 ? request.answer.status : request.version == 9 ? 9 : 0)
        let digits = String(status)
        return ByteString(String(repeating: "0", count: max(0, 3 - digits.count)) + digits)
    }

    /// `Authorization: Basic`, the name in it.
    ///
    /// Source: nginx `ngx_http_auth_basic_user`, `ngx_http_variable_remote_user`.
    private var remoteUser: ByteString? {
        BasicCredentials(request.header("Authorization"))?.user
    }

    /// Something that is different for each request and the same on each run: nginx draws it at random.
    private var requestID: ByteString {
        let seed = "\(connection.serial)/\(connection.requests)"
        var out = ""
        for round in 0..<4 {
            let hash = MurmurHash2.hash(Array("\(round):\(seed)".utf8))
            let digits = String(hash, radix: 16)
            out += String(repeating: "0", count: 8 - digits.count) + digits
        }
        return ByteString(out)
    }

    private func seconds(_ span: TimeSpan) -> ByteString {
        ByteString(String(span.decimal.dropLast(6)))
    }

    private func elapsed(_ attempt: AttemptRecord, _ instant: CaptureInstant?) -> ByteString {
        instant.map { seconds($0 - attempt.started) } ?? "-"
    }

    private func attemptList(_ value: (AttemptRecord) -> ByteString?) -> ByteString? {
        guard !request.attempts.isEmpty else { return nil }
        var out = ByteString()
        var separator: ByteString = ""
        for attempt in request.attempts {
            if attempt.address == nil {
                // The row that an internal redirect leaves behind.
                separator = " : "
                continue
            }
            out += separator + (value(attempt) ?? "")
            separator = ", "
        }
        return out
    }
}

extension PeerAddress {
    /// The TCP port, where there is one.
    var port: UInt16? {
        switch self {
        case .tcp(let endpoint): endpoint.port
        case .name(_, let port): port
        case .unix: nil
        }
    }

    /// The IP address, where there is one.
    var ipAddress: IPAddress? {
        if case .tcp(let endpoint) = self { endpoint.address } else { nil }
    }
}
