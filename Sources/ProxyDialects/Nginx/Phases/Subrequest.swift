import ProxyModel
import WireBasics

extension RequestProcessing {
    /// Starts the subrequest of `auth_request`: a GET with the client's header lines and no body.
    ///
    /// Source: nginx `ngx_http_subrequest`.
    mutating func startSubrequest(_ target: Setting<ByteString>) {
        let parent = request
        trace("access", "auth_request asks \(target.value)", target.source)
        var sub = Request()
        sub.isSubrequest = true
        sub.isInternal = true
        sub.line = parent.line
        sub.method = "GET"
        sub.version = parent.version
        sub.protocolText = parent.protocolText
        sub.headers = parent.headers
        sub.host = parent.host
        sub.contentLength = parent.contentLength
        sub.isChunked = parent.isChunked
        sub.unparsedURI = parent.unparsedURI
        sub.canPassUnparsed = false
        sub.isQuoted = false
        sub.hasPlus = false
        sub.remoteAddress = parent.remoteAddress
        sub.remotePort = parent.remotePort
        sub.server = parent.server
        sub.location = configuration.servers[parent.server].root
        sub.started = now
        sub.uri = target.value
        sub.arguments = ""
        sub.bodyState = .read
        connection.stack.append(sub)
        runPhases(from: .serverRewrite)
    }

    /// Ends a subrequest and goes on with its parent.
    mutating func endSubrequest(_ status: Int) {
        guard connection.stack.count > 1 else { return }
        let sub = connection.stack.removeLast()
        let head = sub.exchange?.head
        request.subrequestResult = .init(
            status: sub.errorStatus ?? status,
            challenges: sub.answer.challenges.isEmpty ? head.map(challenges) ?? [] : sub.answer.challenges)
        // The attempts of a subrequest are its own, but what it found can be kept in variables.
        let variables = settings.access.subrequestVariables.lines
        if !variables.isEmpty {
            connection.stack.append(sub)
            let values = variables.map { ($0.variable, evaluate($0.value)) }
            connection.stack.removeLast()
            for (variable, value) in values { assign(value, to: variable) }
        }
        if connection.state == .closed { return }
        connection.state = .head
        trace("access", "the subrequest ended with \(request.subrequestResult?.status ?? 0)")
        runPhases(from: .access)
    }
}
