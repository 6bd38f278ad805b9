import HTTPWire
import ProxyModel
import WireBasics

extension PolicyProxy {
    /// Connects to the next server that was not tried yet.
    mutating func connect(_ id: ConnectionID) {
        guard let connection = connections[id], let exchange = connection.exchange else { return }
        let group = exchange.upstreamGroup
        guard let choice = choices[group].next(after: exchange.tried, for: connection.client) else {
            let upstream = policy.upstreams[group]
            let because = Explanation(
                because: "no server of \"\(VisibleText.escape(upstream.name))\" can be reached",
                source: upstream.source, mend: "start a server at one of its addresses")
            return answer(PolicyAnswer(status: 502, body: ""), on: id, request: exchange.facts.head, because: because)
        }
        let server = policy.upstreams[group].servers[choice.server]
        let upstream = newUpstream(for: id)
        connections[id]?.exchange?.state = .connecting
        connections[id]?.exchange?.tried.append(choice.server)
        connections[id]?.exchange?.upstream = upstream
        connections[id]?.exchange?.facts.server = server.address
        trace(id, "upstream", "\(server.address): \(choice.because)", server.source)
        actions.append(
            .connect(upstream, to: server.address, for: id, Explanation(because: choice.because, source: server.source))
        )
        arm(id, policy.routes[exchange.route].treatment.connectTimeout)
    }

    mutating func upstreamConnected(_ id: ConnectionID, _ upstream: UpstreamID) {
        guard let exchange = connections[id]?.exchange, exchange.upstream == upstream, exchange.state == .connecting,
            let address = exchange.facts.server
        else { return }
        let route = policy.routes[exchange.route]
        connections[id]?.exchange?.state = .asked
        actions.append(.request(upstream, route.upstreamRequest(for: exchange.facts), address: address, for: id))
        arm(id, route.treatment.answerTimeout)
        read(id)
    }

    /// A server cannot be reached: the next one is asked.
    mutating func upstreamFailed(_ id: ConnectionID, _ failure: ConnectFailure) {
        guard connections[id]?.exchange?.state == .connecting else { return }
        endUpstream(id)
        connect(id)
    }

    mutating func timedOut(_ id: ConnectionID) {
        guard let exchange = connections[id]?.exchange else { return }
        connections[id]?.exchange?.timer = nil
        let treatment = policy.routes[exchange.route].treatment
        let isConnecting = exchange.state == .connecting
        let span = isConnecting ? treatment.connectTimeout : treatment.answerTimeout
        let server = exchange.facts.server.map(\.description) ?? "the server"
        let because = Explanation(
            because: isConnecting
                ? "\(server) did not take the connection within \(span?.value ?? .zero)"
                : "\(server) did not answer within \(span?.value ?? .zero)",
            source: span?.source, mend: "raise `timeouts.\(isConnecting ? "connect" : "answer")`")
        answer(PolicyAnswer(status: 504, body: ""), on: id, request: exchange.facts.head, because: because)
    }

    mutating func upstreamReceived(_ bytes: [UInt8], for id: ConnectionID) {
        var offset = 0
        while offset < bytes.count, let state = connections[id]?.exchange?.state {
            switch state {
            case .asked: guard readResponseHead(bytes, from: &offset, for: id) else { return }
            case .answering: guard passBody(bytes, from: &offset, for: id) else { return }
            case .connecting, .tunnel: return
            }
        }
    }

    /// Reads a response head; false when more bytes are needed or nothing more is to be read.
    private mutating func readResponseHead(
        _ bytes: [UInt8], from offset: inout Int, for id: ConnectionID
    ) -> Bool {
        guard var exchange = connections[id]?.exchange else { return false }
        do {
            let end = try exchange.responseHead.receive(bytes.span.bytes, from: offset)
            offset = end ?? bytes.count
            guard end != nil else {
                connections[id]?.exchange = exchange
                return false
            }
            let response = try exchange.responseHead.response().head
            exchange.responseHead = newHead(.response)
            connections[id]?.exchange = exchange
            return take(response, rest: Array(bytes[offset...]), for: id)
        } catch {
            failed(id, Explanation(because: "the server's answer cannot be read: \(error.message)", mend: error.mend))
            return false
        }
    }

    /// A response head is there; false when nothing more is to be read behind it.
    private mutating func take(_ response: ResponseHead, rest: [UInt8], for id: ConnectionID) -> Bool {
        guard let exchange = connections[id]?.exchange else { return false }
        let route = policy.routes[exchange.route]
        if response.status == 101 {
            openTunnel(response, rest: rest, for: id)
            return false
        }
        if response.status < 200 {
            actions.append(.respond(id, route.clientResponse(response, for: exchange.facts, closes: false)))
            return true
        }
        if let own = route.treatment.refusal, exchange.facts.asksForWebSocket {
            let because = Explanation(
                because:
                    "route \(route.name) puts an answer of its own in the place of the server's \(response.status)",
                source: own.source)
            answer(own, on: id, request: exchange.facts.head, because: because)
            return false
        }
        disarm(id)
        do {
            let framing = try BodyFraming(response, to: exchange.facts.head.method)
            if framing == .chunked, exchange.facts.head.version == "HTTP/1.0" {
                actions.append(
                    .unmodelled(
                        id, Explanation(because: "a chunked response to an HTTP/1.0 client is not taken apart")))
            }
            if framing == .untilClose { connections[id]?.exchange?.closesClient = true }
            connections[id]?.exchange?.responseBody = BodyScanner(framing)
            connections[id]?.exchange?.state = .answering
            let closes = connections[id]?.exchange?.closesClient ?? true
            actions.append(.respond(id, route.clientResponse(response, for: exchange.facts, closes: closes)))
            if connections[id]?.exchange?.responseBody?.isComplete == true { finishExchange(id) }
            return connections[id]?.exchange != nil
        } catch {
            failed(id, Explanation(because: "the server's answer cannot be read: \(error.message)", mend: error.mend))
            return false
        }
    }

    private mutating func passBody(_ bytes: [UInt8], from offset: inout Int, for id: ConnectionID) -> Bool {
        guard var body = connections[id]?.exchange?.responseBody else { return false }
        do {
            let end = try body.receive(bytes.span.bytes, from: offset)
            if end > offset { actions.append(.send(id, Array(bytes[offset..<end]))) }
            connections[id]?.exchange?.responseBody = body
            let isStuck = end == offset
            offset = end
            if body.isComplete {
                finishExchange(id)
                return false
            }
            return !isStuck
        } catch {
            endUpstream(id)
            closeClient(id, .full, Explanation(because: "the server's body cannot be read: \(error.message)"))
            return false
        }
    }

    /// A server closed: the end of a body, or of what was hoped for.
    mutating func upstreamClosed(_ id: ConnectionID) {
        guard let exchange = connections[id]?.exchange else { return }
        switch exchange.state {
        case .answering:
            var body = exchange.responseBody
            if body?.endOfStream() == true { return finishExchange(id) }
            endUpstream(id)
            closeClient(id, .full, Explanation(because: "the server closed in the middle of its answer"))
        case .connecting, .asked:
            failed(id, Explanation(because: "the server closed without an answer", mend: "look into the server's log"))
        case .tunnel: break
        }
    }

    /// The server's part went wrong before the client got anything.
    private mutating func failed(_ id: ConnectionID, _ because: Explanation) {
        answer(
            PolicyAnswer(status: 502, body: ""), on: id, request: connections[id]?.exchange?.facts.head,
            because: because)
    }

    /// Lets go of the server.
    mutating func endUpstream(_ id: ConnectionID) {
        disarm(id)
        guard let exchange = connections[id]?.exchange, let upstream = exchange.upstream else { return }
        if let server = exchange.tried.last { choices[exchange.upstreamGroup].release(server) }
        if exchange.state == .tunnel { tunnels -= 1 }
        owners[upstream] = nil
        connections[id]?.exchange?.upstream = nil
        actions.append(.closeUpstream(upstream, .full))
    }

    /// The response is whole: the next request may come.
    private mutating func finishExchange(_ id: ConnectionID) {
        let closes = connections[id]?.exchange.map { $0.closesClient || !$0.requestBody.isComplete } ?? true
        endUpstream(id)
        connections[id]?.exchange = nil
        if closes {
            closeClient(id, .full, Explanation(because: "the response ends the connection"))
        } else {
            read(id)
        }
    }
}
