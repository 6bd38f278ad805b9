import HTTPWire
import ProxyModel
import WireBasics

extension PolicyProxy {
    mutating func receive(_ bytes: [UInt8], on id: ConnectionID) {
        connections[id]?.input += bytes
        read(id)
    }

    private func hasInput(_ id: ConnectionID) -> Bool {
        connections[id].map { !$0.input.isEmpty } ?? false
    }

    /// Reads as far as the state of the connection allows: a head, or the body of the request under way.
    mutating func read(_ id: ConnectionID) {
        while hasInput(id) {
            guard let exchange = connections[id]?.exchange else {
                guard readHead(id) else { return }
                continue
            }
            guard exchange.state != .connecting, !exchange.requestBody.isComplete else { return }
            guard forwardBody(id) else { return }
        }
    }

    /// Reads a request head; false when more bytes are needed or the connection is given up.
    private mutating func readHead(_ id: ConnectionID) -> Bool {
        guard var connection = connections[id] else { return false }
        do {
            let input = connection.input
            let end = try connection.head.receive(input.span.bytes, from: 0)
            connection.input.removeFirst(end ?? input.count)
            guard end != nil else {
                connections[id] = connection
                return false
            }
            let request = try connection.head.request().head
            connection.head = newHead(.request)
            connections[id] = connection
            try begin(request, on: id)
            return connections[id] != nil
        } catch let error as HeadError {
            let isTooLong = error.code == .tooLong
            let because = Explanation(
                because: error.message, source: isTooLong ? policy.headLimit.source : nil,
                mend: isTooLong ? "raise `limits.head`" : error.mend)
            answer(PolicyAnswer(status: isTooLong ? 431 : 400, body: ""), on: id, request: nil, because: because)
        } catch let error as BodyError {
            answer(
                PolicyAnswer(status: 400, body: ""), on: id, request: nil,
                because: Explanation(because: error.message, mend: error.mend))
        } catch {
            answer(
                PolicyAnswer(status: 400, body: ""), on: id, request: nil,
                because: Explanation(because: "the request cannot be read"))
        }
        return false
    }

    /// Finds the route of a request and starts on it.
    private mutating func begin(_ request: RequestHead, on id: ConnectionID) throws(BodyError) {
        guard let connection = connections[id] else { return }
        let body = BodyScanner(try BodyFraming(request))
        var facts = RequestFacts(request, client: connection.client, listener: connection.listener)
        guard let found = policy.route(for: facts) else {
            let because = Explanation(
                because: "no route takes \(VisibleText.escape(facts.host.latin1 + facts.path.latin1))",
                mend: "add a route, or a last one without `match`")
            return answer(PolicyAnswer(status: 404, body: ""), on: id, request: request, because: because)
        }
        facts.groups = found.groups
        let route = policy.routes[found.index]
        actions.append(
            .route(
                id,
                Route(server: connection.listener.address.description, location: route.name, source: route.source)))
        trace(id, "route", "route \(route.name) takes the request", route.source)
        if let refusal = refusal(of: facts, by: route) {
            return answer(refusal.answer, on: id, request: request, because: refusal.because)
        }
        switch route.target {
        case .answer(let own):
            let because = Explanation(because: "route \(route.name) answers by itself", source: own.source)
            answer(own, on: id, request: request, because: because)
        case .upstream(let group):
            let exchange = PolicyExchange(
                facts: facts, route: found.index, upstreamGroup: group, requestBody: body,
                responseHead: newHead(.response), closesClient: !Self.staysOpen(request))
            connections[id]?.exchange = exchange
            connect(id)
        }
    }

    /// Why a request is not even passed on.
    private func refusal(
        of facts: RequestFacts, by route: PolicyRoute
    ) -> (answer: PolicyAnswer, because: Explanation)? {
        guard facts.asksForWebSocket else { return nil }
        if let rule = route.treatment.origins {
            let origin = facts.head.headers.first(FieldName.origin)
            let isAllowed =
                origin.map { origin in rule.allowed.contains { $0.matches(origin.lowercased) } } ?? !rule.isRequired
            if !isAllowed {
                let shown = origin.map { VisibleText.escape($0.latin1) }
                let because = Explanation(
                    because: shown.map { "the origin \($0) is none of those that route \(route.name) allows" }
                        ?? "route \(route.name) takes no handshake without Origin",
                    source: rule.source,
                    mend: shown.map { "add \($0) to `origins.allow`" } ?? "write `required: false`")
                return (PolicyAnswer(status: 403, body: "", source: rule.source), because)
            }
        }
        if let limit = policy.tunnelLimit, tunnels >= limit.value, route.passesUpgrade(of: facts) {
            let because = Explanation(
                because: "\(limit.value) tunnels are open, and no more are allowed", source: limit.source,
                mend: "raise `limits.tunnels`")
            return (PolicyAnswer(status: 503, body: "", source: limit.source), because)
        }
        return nil
    }

    /// Whether a client keeps the connection for a further request (RFC 9112 §9.3).
    private static func staysOpen(_ request: RequestHead) -> Bool {
        if request.headers.hasToken("close", in: FieldName.connection) { return false }
        return request.version != "HTTP/1.0" || request.headers.hasToken("keep-alive", in: FieldName.connection)
    }

    /// Passes on what is there of the request's body; false when it cannot be read.
    mutating func forwardBody(_ id: ConnectionID) -> Bool {
        guard var connection = connections[id], var exchange = connection.exchange, let upstream = exchange.upstream
        else { return false }
        do {
            let end = try exchange.requestBody.receive(connection.input.span.bytes, from: 0)
            actions.append(.forward(upstream, Array(connection.input[..<end])))
            connection.input.removeFirst(end)
            connection.exchange = exchange
            connections[id] = connection
            return end > 0
        } catch {
            let because = Explanation(because: error.message, mend: error.mend)
            answer(PolicyAnswer(status: 400, body: ""), on: id, request: exchange.facts.head, because: because)
            return false
        }
    }

    /// Answers in the proxy's own name, and ends the exchange.
    ///
    /// The connection ends with it: what the client has sent behind the head is not looked for.
    mutating func answer(
        _ answer: PolicyAnswer, on id: ConnectionID, request: RequestHead?, because: Explanation
    ) {
        endUpstream(id)
        let own = OwnResponse(answer, to: request, closes: true, because: because)
        actions.append(.respond(id, own.response))
        if !own.body.isEmpty { actions.append(.send(id, own.body)) }
        closeClient(id, .full, Explanation(because: "the proxy ends the connection behind an answer of its own"))
    }

    mutating func closeClient(_ id: ConnectionID, _ how: Closing, _ because: Explanation) {
        connections[id] = nil
        actions.append(.closeClient(id, how, because))
    }

    /// The client is gone, and with it what was under way for it.
    ///
    /// One that only stopped sending still waits for its answer.
    mutating func clientClosed(_ id: ConnectionID, _ how: Closing) {
        if how == .half, connections[id]?.exchange != nil {
            connections[id]?.exchange?.closesClient = true
            return
        }
        endUpstream(id)
        closeClient(id, .full, Explanation(because: "the client closed"))
    }
}
