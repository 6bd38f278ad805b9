import HTTPWire
import ProxyModel
import WireBasics

/// A head that is ready to be sent, and what it means for the body and the connection.
struct FilteredResponse: Hashable, Sendable {
    /// The head; nil for a client that speaks HTTP/0.9, which gets none.
    var response: OutgoingResponse?
    /// Whether the body goes out in chunks.
    var isChunked: Bool
    /// Whether the connection stays open after the response.
    var keepsConnection: Bool
    /// Whether no body follows: HEAD, and 204 and 304 of nginx's own.
    var isHeaderOnly: Bool
    /// What the configuration wanted and the status prevented: `add_header` without `always`.
    var notes: [Explanation]
}

extension ResponseHeaderFilter {
    /// Writes the head.
    ///
    /// - Parameter instant: the virtual clock, for `Date` and `expires`.
    func head(_ out: HeadersOut, context: ResponseContext, at instant: CaptureInstant) -> FilteredResponse {
        var out = out
        var notes: [Explanation] = []
        applyExpires(&out, at: instant)
        applyAddHeader(&out, &notes)
        let ownHeaderOnly = out.statusLine == nil && (out.status == 204 || out.status == 304)
        let isHeaderOnly = context.isHEAD || ownHeaderOnly
        if out.statusLine == nil, out.status == 204 {
            (out.contentType, out.contentLength, out.lastModified) = (nil, nil, nil)
        }
        let needsLength =
            out.contentLength == nil && out.status >= 200 && ![204, 304].contains(out.status)
            && !context.isHEAD
        let isChunked = needsLength && context.version == .http11 && settings.allowsChunked
        let keeps = context.keepsConnection && (!needsLength || isChunked)
        let headers = lines(of: &out, isChunked: isChunked, keeps: keeps, at: instant)
        let statusLine = out.statusLine ?? StatusText.line(out.status, knows407: knows407)
        let response = context.version == .http09 ? nil : write(headers, statusLine: statusLine, out)
        return FilteredResponse(
            response: response, isChunked: isChunked, keepsConnection: keeps, isHeaderOnly: isHeaderOnly, notes: notes)
    }

    /// The statuses to which `expires`, and `add_header` without `always`, apply.
    private static let safeStatuses: Set<Int> = [200, 201, 204, 206, 301, 302, 303, 304, 307, 308]

    private func applyExpires(_ out: inout HeadersOut, at instant: CaptureInstant) {
        guard let rule = settings.expires, Self.safeStatuses.contains(out.status) else { return }
        let lastModified =
            out.lastModified
            ?? out.indices(of: "last-modified").last.flatMap { HTTPDate.second(out.lines[$0].header.field.value) }
        let values = rule.values(at: instant, lastModified: lastModified)
        let explanation = Explanation(because: "\"expires\" says so", source: rule.source)
        if let index = out.indices(of: "expires").last {
            out.lines[index].header.field.value = values.expires
            (out.lines[index].header.origin, out.lines[index].header.explanation) = (.directive, explanation)
        } else {
            out.append("Expires", values.expires, .directive, explanation)
        }
        let cacheControl = out.indices(of: "cache-control")
        guard let first = cacheControl.first else {
            return out.append("Cache-Control", values.cacheControl, .directive, explanation)
        }
        for index in cacheControl.dropFirst() { out.lines[index].isSent = false }
        out.lines[first].header.field.value = values.cacheControl
        (out.lines[first].header.origin, out.lines[first].header.explanation) = (.directive, explanation)
    }

    private func applyAddHeader(_ out: inout HeadersOut, _ notes: inout [Explanation]) {
        for added in settings.added {
            guard added.isAlways || Self.safeStatuses.contains(out.status) else {
                notes.append(
                    Explanation(
                        because: "add_header \(added.name) does not apply to status \(out.status): without \"always\" "
                            + "it is for 200, 201, 204, 206, 301 to 304, 307 and 308 only",
                        source: added.source, mend: "write \"always\" at the end of that add_header line"))
                continue
            }
            let explanation = Explanation(because: "add_header adds it", source: added.source)
            let name = added.name.lowercased
            // These two are replaced, and an empty value takes them away; every other name gets one more line.
            if name == "last-modified" || name == "etag" {
                if name == "last-modified" { out.lastModified = nil }
                replace(added, in: &out, explanation)
            } else if !added.value.isEmpty {
                out.append(added.name, added.value, .directive, explanation)
            }
        }
    }

    private func replace(_ added: AddedHeader, in out: inout HeadersOut, _ explanation: Explanation) {
        guard let index = out.indices(of: added.name).last else {
            if !added.value.isEmpty { out.append(added.name, added.value, .directive, explanation) }
            return
        }
        guard !added.value.isEmpty else {
            out.lines[index].isSent = false
            return
        }
        out.lines[index].header = OutgoingHeader(
            HeaderField(added.name, added.value), origin: .directive, explanation: explanation)
    }

    /// All lines in the order in which they are written.
    private func lines(
        of out: inout HeadersOut, isChunked: Bool, keeps: Bool, at instant: CaptureInstant
    ) -> [OutgoingHeader] {
        var headers: [OutgoingHeader] = []
        func add(_ name: ByteString, _ value: ByteString, _ because: String, _ source: ConfigLocation? = nil) {
            headers.append(
                OutgoingHeader(
                    HeaderField(name, value), origin: .default,
                    explanation: Explanation(because: because, source: source)))
        }
        if !out.passesServer {
            let name = settings.serverTokens.name(of: settings.product)
            add("Server", ByteString(name), "nginx names itself (server_tokens)", settings.serverTokensSource)
        }
        if !out.passesDate { add("Date", HTTPDate.text(instant), "nginx writes the date of the response") }
        if let contentType = out.contentType, !contentType.field.value.isEmpty {
            var header = contentType
            header.field.name = "Content-Type"
            if !out.charset.isEmpty, HeadersOut.charset(of: header.field.value) == nil {
                header.field.value += "; charset=" + out.charset
            }
            headers.append(header)
        }
        if let length = out.contentLength, length >= 0 {
            let because = out.contentLengthOrigin == .backend ? "the backend sent it" : "the length of nginx's own body"
            headers.append(
                OutgoingHeader(
                    HeaderField("Content-Length", ByteString(String(length))), origin: out.contentLengthOrigin,
                    explanation: Explanation(because: because)))
        }
        if let second = out.lastModified, [200, 206, 304].contains(out.status) {
            add("Last-Modified", HTTPDate.text(second: second), "the file's time")
        }
        if let absolute = absoluteLocation(&out) { headers.append(absolute) }
        if isChunked { add("Transfer-Encoding", "chunked", "the length of the body is not known in advance") }
        if out.status == 101 {
            add("Connection", "upgrade", "nginx writes its own Connection line with a 101")
        } else if keeps {
            add("Connection", "keep-alive", "the connection to the client stays open", settings.keepaliveSource)
            if settings.keepaliveHeader > 0 {
                let value = ByteString("timeout=\(settings.keepaliveHeader)")
                add("Keep-Alive", value, "the second parameter of keepalive_timeout", settings.keepaliveSource)
            }
        } else {
            add("Connection", "close", "nginx closes the connection to the client after this response")
        }
        return headers + out.lines.filter(\.isSent).map(\.header)
    }

    /// The `Location` line that nginx makes absolute, taken out of the list.
    private func absoluteLocation(_ out: inout HeadersOut) -> OutgoingHeader? {
        guard let base = settings.redirectBase, let index = out.location, out.lines.indices.contains(index),
            out.lines[index].isSent, out.lines[index].header.field.value.hasPrefix("/")
        else { return nil }
        out.lines[index].isSent = false
        var header = out.lines[index].header
        header.field = HeaderField("Location", base.absolute(header.field.value))
        return header
    }

    /// The bytes of a head.
    func write(_ headers: [OutgoingHeader], statusLine: ByteString, _ out: HeadersOut) -> OutgoingResponse {
        var bytes = Array("HTTP/1.1 ".utf8) + statusLine.bytes + [13, 10]
        for header in headers {
            bytes += header.field.name.bytes + Array(": ".utf8) + header.field.value.bytes + [13, 10]
        }
        bytes += [13, 10]
        let reason = ByteString(statusLine.bytes.dropFirst(4))
        let head = ResponseHead(
            version: "HTTP/1.1", status: out.status, reason: reason, headers: HeaderFields(headers.map(\.field)),
            bytes: bytes)
        return OutgoingResponse(head: head, headers: headers, lost: out.lost, decided: out.decided)
    }
}
