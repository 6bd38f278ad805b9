import ProxyModel
import WireBasics

/// nginx's phases, in order.
///
/// Source: nginx `ngx_http_phases`.
enum Phase: Int, Hashable, Sendable {
    case postRead, serverRewrite, findConfig, rewrite, postRewrite, preaccess, access, precontent, content

    /// The phase behind it.
    var next: Phase { Phase(rawValue: rawValue + 1) ?? .content }
}

/// What a phase comes to.
enum PhaseResult: Hashable, Sendable {
    /// Go on with the next phase.
    case proceed
    /// Go on with that phase.
    case go(Phase)
    /// The request is answered with that status.
    case finalize(Int)
    /// The request is answered, redirected, or waits for something.
    case stop
}

extension RequestProcessing {
    /// Sends the request through the phases until one of them answers it or makes it wait.
    ///
    /// Source: nginx `ngx_http_core_run_phases`.
    mutating func runPhases(from first: Phase) {
        var phase = first
        while true {
            let result: PhaseResult =
                switch phase {
                case .postRead: replaceRemoteAddress()
                case .serverRewrite: runServerRewrite()
                case .findConfig: findLocation()
                case .rewrite: runLocationRewrite()
                case .postRewrite: checkRewrite()
                case .preaccess: checkLimits()
                case .access: checkAccess()
                case .precontent: tryFiles()
                case .content: runContent()
                }
            switch result {
            case .proceed: phase = phase.next
            case .go(let other): phase = other
            case .finalize(let status):
                finalize(status)
                return
            case .stop: return
            }
        }
    }

    /// Chooses the location.
    ///
    /// Source: nginx `ngx_http_core_find_config_phase`.
    private mutating func findLocation() -> PhaseResult {
        request.handler = nil
        request.isURIChanged = false
        let search = LocationSearch(locations: configuration.locations)
        let result = search.find(request.uri, in: server.root)
        if let failure = result.failure {
            if failure.isOwnLimit {
                unmodelled("a location's regular expression ran into a limit of the model: \(failure.message)", nil)
            }
            return .finalize(500)
        }
        take(result.captures)
        request.location = result.location
        request.passedOver = result.passedOver
        trace("find_config", result.reason, location.source)
        actions.append(.route(connection.id, route))
        if !request.isInternal, settings.core.isInternal.value {
            request.answer.decided = Explanation(
                because: "location \(location.title) is internal: only requests redirected inside nginx reach it",
                source: settings.core.isInternal.source)
            return .finalize(404)
        }
        updateLocation()
        reportUnmodelledLines()
        let limit = settings.core.clientMaxBodySize
        if let length = request.contentLength, limit.value > 0, length > Int64(limit.value),
            request.bodyState == .unread
        {
            request.isExpectTested = true
            request.answer.decided = Explanation(
                because: "the body of \(length) bytes is larger than client_max_body_size (\(limit.value))",
                source: limit.source, mend: "raise client_max_body_size")
            _ = discardBody()
            return .finalize(413)
        }
        if result.redirectsToSlash {
            let name = behaviour.escapesSlashRedirect ? escaped.path(location.name) : location.name
            request.answer.location =
                name + (request.arguments.isEmpty ? "" : "?" + request.arguments)
            request.answer.decided = Explanation(
                because:
                    "the URI \(request.uri) lacks the final slash of location \(location.title), so nginx redirects there",
                source: location.source,
                mend:
                    "add \"location = \(request.uri)\" with the same proxy_pass, or let clients ask for \(location.name)"
            )
            return .finalize(301)
        }
        return .proceed
    }

    /// What reports call the server and location that serve the request.
    var route: Route {
        Route(server: server.title, location: location.title, source: location.source)
    }

    /// Takes over what a location, or an `if` in it, says about the connection and the handler.
    ///
    /// Source: nginx `ngx_http_update_location_config`.
    mutating func updateLocation() {
        if let except = location.exceptMethods, !except.allowed.contains(request.method) {
            request.location = except.settings
        }
        let core = settings.core
        if request.keepsAlive {
            if core.keepaliveTimeout.value == .zero || connection.requests >= core.keepaliveRequests.value
                || now - connection.opened > core.keepaliveTime.value
            {
                request.keepsAlive = false
            }
        }
        if core.keepaliveDisable.value.matches(request) {
            request.keepsAlive = false
        }
        if let handler = settings.handler { request.handler = handler }
    }

    /// Names the lines in force that the model does not model.
    private mutating func reportUnmodelledLines() {
        for line in settings.unmodelled {
            let reason = line.reason.isEmpty ? "" : " (\(line.reason))"
            unmodelled(
                "\"\(line.name)\" is not modelled\(reason), and the outcome may depend on it", line.source,
                mend: line.mend)
        }
    }

    /// Redirects a request inside nginx to another URI.
    ///
    /// Source: nginx `ngx_http_internal_redirect`.
    mutating func redirectInternally(to uri: ByteString, arguments: ByteString, _ source: ConfigLocation?) {
        guard countURIChange(uri, source) else { return }
        trace("rewrite", "the request is redirected inside nginx to \(uri)", source)
        request.uri = uri
        request.arguments = arguments
        request.exchange = nil
        request.location = server.root
        updateLocation()
        request.isInternal = true
        request.canPassUnparsed = false
        request.hasValidLocation = true
        runPhases(from: .serverRewrite)
    }

    /// Redirects a request inside nginx to a named location.
    ///
    /// Source: nginx `ngx_http_named_location`.
    mutating func redirectInternally(toNamed name: ByteString, _ source: ConfigLocation?) {
        guard countURIChange(name, source) else { return }
        guard let index = server.named[name] else {
            request.answer.decided = Explanation(because: "there is no location \(name) in this server", source: source)
            finalize(500)
            return
        }
        trace("rewrite", "the request goes on in location \(name)", source)
        request.isInternal = true
        request.handler = nil
        request.isURIChanged = false
        request.exchange = nil
        request.location = index
        actions.append(.route(connection.id, route))
        updateLocation()
        reportUnmodelledLines()
        runPhases(from: .rewrite)
    }

    private mutating func countURIChange(_ target: ByteString, _ source: ConfigLocation?) -> Bool {
        request.uriChangesLeft -= 1
        guard request.uriChangesLeft == 0 else { return true }
        if let line = settings.tryFiles, line.source == source {
            reportDependenceOnFiles(target)
            request.answer.decided = Explanation(
                because:
                    "no proxy_pass holds here: try_files falls back to \(target), a file (a 200 where it is there, never an upgrade; the model takes it as missing, and then nginx goes round in a circle and answers 500)\(whyHere)",
                source: source, mend: mendToReachProxy)
        } else {
            request.answer.decided = Explanation(
                because:
                    "rewrite or internal redirection cycle: the request was redirected inside nginx ten times, last to \(target)",
                source: source,
                mend: "let the error page or fallback be answered by a location that does not lead back here")
        }
        finalize(500)
        return false
    }
}
