import HTTPWire
import ProxyModel
import WireBasics

extension RequestProcessing {
    /// Ends the way of a request with a status that nginx answers by itself.
    ///
    /// Source: nginx `ngx_http_finalize_request`, `ngx_http_special_response_handler`.
    mutating func finalize(_ status: Int) {
        switch status {
        case 444, 408, 499:
            if request.isSubrequest {
                endSubrequest(status)
                return
            }
            let explanation =
                request.answer.decided
                ?? Explanation(because: "nginx closes the connection without an answer (\(status))")
            closeClient(.full, explanation)
        default:
            answerSpecially(status)
        }
    }

    private mutating func answerSpecially(_ status: Int) {
        request.errorStatus = status
        if [400, 413, 414, 495, 496, 497, 500, 501].contains(status) { request.keepsAlive = false }
        if [400, 495, 496, 497].contains(status) { request.lingers = false }
        let core = settings.core
        if !request.isErrorPageDone, !core.errorPages.lines.isEmpty, request.uriChangesLeft != 0 {
            if !core.recursiveErrorPages.value { request.isErrorPageDone = true }
            if let rule = core.errorPages.lines.first(where: { $0.status == status }) {
                sendErrorPage(rule, status)
                return
            }
        }
        request.isExpectTested = true
        if discardBody() != nil { request.keepsAlive = false }
        sendOwnPage(status)
    }

    /// Goes where `error_page` leads.
    ///
    /// Source: nginx `ngx_http_send_error_page`.
    private mutating func sendErrorPage(_ rule: ErrorPageRule, _ status: Int) {
        trace("error_page", "error_page answers \(status) with \(rule.target.written)", rule.source)
        if let overwrite = rule.overwrite {
            request.errorStatus = overwrite > 0 ? overwrite : nil
            if overwrite > 0, overwrite != 200 { request.isExpectTested = true }
        }
        request.errorPage = rule.source
        let target = evaluate(rule.target)
        if target.hasPrefix("/") {
            let (uri, arguments) = RequestTarget.split(target)
            if request.method != "HEAD" { request.method = "GET" }
            redirectInternally(to: uri, arguments: arguments, rule.source)
            return
        }
        if target.hasPrefix("@") {
            redirectInternally(toNamed: target, rule.source)
            return
        }
        request.isExpectTested = true
        if discardBody() != nil { request.keepsAlive = false }
        let redirects = [301, 302, 303, 307, 308]
        let code = rule.overwrite.flatMap { redirects.contains($0) ? $0 : nil } ?? 302
        request.errorStatus = code
        request.answer.location = target
        request.answer.decided = Explanation(
            because:
                "error_page turns \(status) into a redirect to \(target); WebSocket clients do not follow redirects",
            source: rule.source, mend: "answer with the status itself where handshakes arrive")
        sendOwnPage(code)
    }

    /// Sends one of nginx's own pages and ends the request.
    private mutating func sendOwnPage(_ code: Int) {
        let settings = responseSettings()
        let page = ErrorPage(
            code, server: settings.serverTokens.name(of: settings.product), knows407: behaviour.knowsProxyAuthentication
        )
        if (494...497).contains(code) { request.errorStatus = 400 }
        let decided =
            request.answer.decided ?? Explanation(because: "nginx answers \(page.status)", source: location.source)
        var out = request.answer.kept ?? HeadersOut(status: page.status)
        if let target = request.answer.location { out.redirect(to: target, decided) }
        for challenge in request.answer.challenges {
            out.append("WWW-Authenticate", challenge, .default, decided)
        }
        let (head, context, body) = page.response(
            into: out, browser: BrowserGuess(userAgent: request.header("User-Agent")), context: responseContext,
            settings: settings, because: decided)
        send(head, context, body)
        finishRequest()
    }

    /// Sends an answer with a text of the configuration: `return 200 text`.
    mutating func sendAnswer(status: Int, body: [UInt8]) {
        var out = request.answer.kept ?? HeadersOut(status: status)
        (out.status, out.decided) = (status, request.answer.decided)
        out.contentType = OutgoingHeader(
            HeaderField("Content-Type", contentType(of: request.uri)), origin: .default,
            explanation: Explanation(because: "by the extension of the URI, else default_type"))
        out.contentLength = Int64(body.count)
        send(out, responseContext, responseContext.isHEAD || status == 204 || status == 304 ? [] : body)
        finishRequest()
    }

    /// The media type of a URI by its extension.
    ///
    /// Source: nginx `ngx_http_set_content_type`.
    private func contentType(of uri: ByteString) -> ByteString {
        let name = uri.bytes.lastIndex(of: UInt8(ascii: "/")).map { uri.bytes[($0 + 1)...] } ?? uri.bytes[...]
        let core = settings.core
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return core.defaultType }
        return core.types[ByteString(name[(dot + 1)...]).lowercased] ?? core.defaultType
    }

    /// Sends a head and a body of nginx's own.
    private mutating func send(_ out: HeadersOut, _ context: ResponseContext, _ body: [UInt8]) {
        let filtered = filter(out, context)
        guard !request.isSubrequest else { return }
        flushPostponed()
        respond(filtered)
        transmit(body)
    }

    /// Runs the header filters: what `add_header` says may look at what is sent before it.
    mutating func filter(_ out: HeadersOut, _ context: ResponseContext) -> FilteredResponse {
        var out = out
        if let status = request.errorStatus {
            if out.decided == nil, out.status != status, let source = request.errorPage {
                out.decided = Explanation(
                    because:
                        "the backend answers \(out.status), but the request came to it by error_page, which keeps the status \(status)",
                    source: source, mend: "write `error_page … = …`: with the `=` the backend's own status goes out")
            }
            out.status = status
            out.statusLine = nil
        }
        request.answer.status = out.status
        let settings = responseSettings()
        let plain = ResponseHeaderFilter(settings, knows407: behaviour.knowsProxyAuthentication)
        request.answer.sent = plain.head(out, context: context, at: now).response?.head.headers.fields ?? []
        var complete = settings
        complete.added = self.settings.headers.addHeaders.lines.map { line in
            AddedHeader(
                name: line.name, value: evaluate(line.value), isAlways: line.isForEveryStatus, source: line.source)
        }
        let filtered = ResponseHeaderFilter(complete, knows407: behaviour.knowsProxyAuthentication).head(
            out, context: context, at: now)
        for note in filtered.notes { trace("header_filter", note.because, note.source) }
        if !request.isSubrequest { request.keepsAlive = filtered.keepsConnection }
        return filtered
    }

    /// Hands a head to the driver.
    mutating func respond(_ filtered: FilteredResponse) {
        request.isHeaderSent = true
        guard let response = filtered.response else { return }
        connection.bytesSent += response.head.bytes.count
        actions.append(.respond(connection.id, response))
    }

    /// Hands bytes for the client to the driver.
    mutating func transmit(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        connection.bytesSent += bytes.count
        actions.append(.send(connection.id, bytes))
    }

    /// What the client's request decides about a head.
    var responseContext: ResponseContext {
        let version: ResponseContext.Version =
            request.version < 1000 ? .http09 : request.version < 1001 ? .http10 : .http11
        // Before 1.21.6 a worker that is shutting down still says keep-alive, and closes.
        let keeps = request.keepsAlive && !(isShuttingDown && behaviour.saysCloseWhenShuttingDown)
        return ResponseContext(version: version, isHEAD: request.method == "HEAD", keepsConnection: keeps)
    }
}
