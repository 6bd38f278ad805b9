import HTTPWire
import ProxyModel
import WireBasics

/// The request line and header lines that nginx sends to an upstream, each with its reason.
///
/// Order: the lines of `proxy_set_header` in force, then nginx's own that none of them names, then the client's that
/// neither mentions. Since 1.31.4 `Host` comes before all of them.
/// Source: nginx `ngx_http_proxy_create_request`, `ngx_http_proxy_headers`.
extension RequestProcessing {
    /// Puts the request together.
    mutating func makeUpstreamRequest(_ target: UpstreamExchange.Target) -> OutgoingRequest? {
        let proxy = settings.proxy
        let method = proxy.method.map { evaluate($0.value) } ?? request.method
        guard let (uri, whyTarget) = upstreamTarget(target) else { return nil }
        let body = proxy.setBody.map { evaluate($0.value).bytes }
        if proxy.setHeaders.lines.contains(where: { readsCaptures($0.value) }) {
            // The lengths of all lines are found before the first is written.
            for line in proxy.setHeaders.lines { askForVariables(of: line.value) }
        }
        var headers: [OutgoingHeader] = []
        var names: Set<ByteString> = []
        if behaviour.sendsHostFirst { addHost(target, to: &headers, &names) }
        for line in proxy.setHeaders.lines {
            let name = line.name.lowercased
            names.insert(name)
            if behaviour.sendsHostFirst, name == "host" { continue }
            let value = evaluate(line.value)
            guard !value.isEmpty else { continue }
            headers.append(
                OutgoingHeader(
                    HeaderField(line.name, value), origin: .directive,
                    explanation: Explanation(
                        because: "proxy_set_header \(line.name) \(quoted(line.value.written))", source: line.source)))
        }
        for (name, value, because) in defaultHeaders(target, body) where names.insert(name.lowercased).inserted {
            guard let value, !value.isEmpty else { continue }
            headers.append(
                OutgoingHeader(
                    HeaderField(name, value), origin: .default, explanation: Explanation(because: because)))
        }
        var lost: [LostHeader] = []
        for field in request.headers {
            if names.contains(field.name.lowercased) {
                if let explanation = whyLost(field, headers) {
                    lost.append(LostHeader(field, explanation: explanation))
                }
            } else if proxy.passRequestHeaders.value {
                headers.append(
                    OutgoingHeader(
                        field, origin: .client,
                        explanation: Explanation(because: "the client sent it, and nothing in force names it")))
            } else {
                lost.append(
                    LostHeader(
                        field,
                        explanation: Explanation(
                            because: "proxy_pass_request_headers off keeps the client's header lines back",
                            source: proxy.passRequestHeaders.source, mend: "take \"proxy_pass_request_headers off\" out"
                        )))
            }
        }
        return OutgoingRequest(
            head: head(method, uri, headers.map(\.field)), headers: headers, lost: lost, version: whyVersion,
            target: whyTarget, body: body ?? (proxy.passRequestBody.value && !isUnbuffered ? sentBody : []),
            isSubrequest: request.isSubrequest)
    }

    private var sentBody: [UInt8] { request.isSubrequest ? [] : request.body }

    private func head(_ method: ByteString, _ uri: ByteString, _ fields: [HeaderField]) -> RequestHead {
        RequestHead(method: method, target: uri, version: httpVersion.value.text, headers: HeaderFields(fields))
    }

    /// `proxy_http_version`, or the default of the release.
    var httpVersion: Setting<ProxyHTTPVersion> {
        settings.proxy.httpVersion ?? Setting(behaviour.proxiesHTTP11ByDefault ? .http11 : .http10)
    }

    private var whyVersion: Explanation {
        let version = httpVersion
        if let source = version.source {
            return Explanation(
                because: "proxy_http_version \(version.value.rawValue)", source: source,
                mend: version.value == .http10 ? "write `proxy_http_version 1.1;`" : "")
        }
        return Explanation(
            because:
                "nginx \(configuration.version) speaks \(version.value.text) to upstreams unless proxy_http_version says otherwise",
            source: nil,
            mend: version.value == .http10
                ? "write `proxy_http_version 1.1;` inside \(location.title.isEmpty ? "the server" : "location \(location.title)")"
                : "")
    }

    // MARK: - Header lines

    private mutating func addHost(
        _ target: UpstreamExchange.Target, to headers: inout [OutgoingHeader], _ names: inout Set<ByteString>
    ) {
        names.insert("host")
        let line = settings.proxy.setHeaders.lines.last { $0.name.equalsIgnoringCase("Host") }
        if let line {
            let value = evaluate(line.value)
            if !value.isEmpty {
                headers.append(
                    OutgoingHeader(
                        HeaderField("Host", value), origin: .directive,
                        explanation: Explanation(
                            because: "proxy_set_header Host \(quoted(line.value.written))", source: line.source)))
                return
            }
            guard httpVersion.value == .http11 else { return }
        }
        headers.append(
            OutgoingHeader(
                HeaderField("Host", target.authority), origin: .default,
                explanation: Explanation(because: "nginx sends $proxy_host as Host unless told otherwise")))
    }

    private func defaultHeaders(
        _ target: UpstreamExchange.Target, _ setBody: [UInt8]?
    ) -> [(ByteString, ByteString?, String)] {
        var lines: [(ByteString, ByteString?, String)] = []
        if !behaviour.sendsHostFirst {
            lines.append(("Host", target.authority, "nginx sends $proxy_host as Host unless told otherwise"))
        }
        lines.append(
            (
                "Connection", behaviour.proxiesHTTP11ByDefault ? nil : "close",
                "nginx sends \"Connection: close\" to upstreams unless told otherwise"
            ))
        if behaviour.dropsProxyConnection { lines.append(("Proxy-Connection", nil, "")) }
        let streamsChunks = request.isChunked && request.bodyState == .reading
        let length: Int64? =
            setBody.map { Int64($0.count) } ?? (streamsChunks ? nil : request.contentLength)
        lines.append(
            ("Content-Length", length.map { ByteString(String($0)) }, "the length of the body that nginx sends"))
        lines.append(
            (
                "Transfer-Encoding", streamsChunks && setBody == nil ? "chunked" : nil,
                "the body is passed on while it comes (proxy_request_buffering off)"
            ))
        lines += [("TE", nil, ""), ("Keep-Alive", nil, ""), ("Expect", nil, ""), ("Upgrade", nil, "")]
        return lines
    }

    private func quoted(_ text: ByteString) -> String {
        text.isEmpty || text.bytes.contains(32) ? "\"\(text)\"" : "\(text)"
    }

    // MARK: - The target

    /// The target of the upstream request and why it is as it is; nil for one that nginx refuses to send.
    private mutating func upstreamTarget(_ target: UpstreamExchange.Target) -> (ByteString, Explanation)? {
        let source = settings.proxy.pass?.source
        if target.hasVariables, !target.uri.isEmpty {
            return (
                target.uri,
                Explanation(
                    because:
                        "proxy_pass has variables and a URI part: what they come to is the whole target, the rest of the path and the arguments are not added",
                    source: source, mend: "write $is_args$args at the end, or leave the URI part out")
            )
        }
        if target.uri.isEmpty, request.canPassUnparsed {
            return (
                request.unparsedURI,
                Explanation(
                    because: "proxy_pass has no URI part: the client's target goes out as it came", source: source)
            )
        }
        let prefix = request.hasValidLocation && !target.uri.isEmpty ? (settings.proxy.pass?.prefix.count ?? 0) : 0
        guard prefix <= request.uri.count || behaviour.clampsReplacedPrefix else {
            unmodelled("the URI is shorter than the location's prefix that proxy_pass replaces", source)
            return nil
        }
        let rest = ByteString(request.uri.bytes.dropFirst(prefix))
        let escaped = request.isQuoted || request.isInternal ? escaped.path(rest) : rest
        var out = (request.hasValidLocation ? target.uri : "") + escaped
        if !request.arguments.isEmpty { out += "?" + request.arguments }
        guard !out.isEmpty else { return nil }
        let because =
            target.uri.isEmpty || !request.hasValidLocation
            ? "the URI was rewritten, so what it became goes out"
            : "the URI part \(target.uri) of proxy_pass replaces the prefix \(settings.proxy.pass?.prefix ?? "") of \(request.uri)"
        return (out, Explanation(because: because, source: source, mend: slashMend(target, rest)))
    }

    /// What to write where a slash too many or too few comes out.
    private func slashMend(_ target: UpstreamExchange.Target, _ rest: ByteString) -> String {
        guard let pass = settings.proxy.pass, request.hasValidLocation, !target.uri.isEmpty, !rest.isEmpty else {
            return ""
        }
        switch (pass.prefix.hasSuffix("/"), target.uri.hasSuffix("/")) {
        case (false, true) where rest.hasPrefix("/"):
            // Not without the second location: nginx redirects what lacks only the final slash.
            return "write `location \(pass.prefix)/` for `location \(pass.prefix)`, and where clients ask for "
                + "\(pass.prefix) itself, `location = \(pass.prefix)` with the same proxy_pass beside it"
        case (true, false): return "write `proxy_pass \(pass.url.written)/;`"
        default: return ""
        }
    }
}
