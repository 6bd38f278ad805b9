import ProxyModel
import WireBasics

extension RequestProcessing {
    /// `try_files`: the model has no files, so the last argument counts.
    ///
    /// Source: nginx `ngx_http_try_files_handler`.
    mutating func tryFiles() -> PhaseResult {
        guard let line = settings.tryFiles else { return .proceed }
        let names = line.value.candidates.map { "\(evaluate($0.path))\($0.isFolder ? "/" : "")" }
        if names.contains(where: { $0 != "/nonexistent" }) {
            trace(
                "try_files", "no file of \(names.joined(separator: ", ")) is taken to exist: the model has no files",
                line.source)
        }
        switch line.value.fallback {
        case .status(let status):
            reportDependenceOnFiles(request.uri)
            request.answer.decided = Explanation(
                because: "try_files finds none of its files and ends with \(status)\(whyHere)", source: line.source,
                mend: mendToReachProxy)
            return .finalize(status)
        case .uri(let value):
            var target = evaluate(value)
            if target.hasPrefix("@") {
                redirectInternally(toNamed: target, line.source)
                return .stop
            }
            if let length = settings.core.root.value.aliasLength, length > 0,
                target.hasPrefix(ByteString(request.uri.bytes.prefix(length)))
            {
                target = ByteString(target.bytes.dropFirst(length))
            }
            let (uri, arguments) = RequestTarget.split(target)
            redirectInternally(to: uri, arguments: arguments, line.source)
            return .stop
        }
    }

    /// Asks the handler of the location, or looks for a file.
    ///
    /// Source: nginx `ngx_http_core_content_phase`, `ngx_http_index_handler`, `ngx_http_static_handler`.
    mutating func runContent() -> PhaseResult {
        switch request.handler {
        case .proxy?:
            return startProxying()
        case .unmodelled(let line)?:
            unmodelled("\"\(line.name)\" answers here, which is not modelled", line.source)
            request.answer.decided = Explanation(
                because: "\"\(line.name)\" answers here, which the model does not know", source: line.source)
            return .finalize(502)
        case nil: break
        }
        let name = fileName(of: request.uri)
        reportDependenceOnFiles(name)
        guard ["GET", "HEAD", "POST"].contains(request.method) else {
            request.answer.decided = missing("no module answers \(request.method) for files")
            return .finalize(405)
        }
        if request.uri.hasSuffix("/") {
            request.answer.decided = missing("\"\(name)\" is not found (2: No such file or directory)")
            // With a root that exists it would be 403; the model has no files, and takes the folder as missing too.
            return .finalize(404)
        }
        request.answer.decided = missing("open() \"\(name)\" failed (2: No such file or directory)")
        return .finalize(404)
    }

    private func missing(_ what: String) -> Explanation {
        Explanation(
            because:
                "no proxy_pass holds for \(request.uri) in \(location.title.isEmpty ? "this server" : "location \(location.title)"), so nginx looks for a file (a 200 if it is there, never an upgrade; the model takes it as missing): \(what)\(whyHere)",
            source: location.source,
            mend: request.passedOver == nil && !isInSurprisingServer
                ? "add proxy_pass to this location, or a location for the socket's path" : mendToReachProxy)
    }

    /// The file that a URI means: `$request_filename`.
    ///
    /// Source: nginx `ngx_http_map_uri_to_path`.
    mutating func fileName(of uri: ByteString) -> ByteString {
        let root = settings.core.root.value
        let folder = evaluate(root.path)
        let full = absolute(folder)
        guard let length = root.aliasLength else { return full + uri }
        return length == 0 ? full : full + ByteString(uri.bytes.dropFirst(length))
    }
}
