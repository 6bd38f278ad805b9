import HTTPWire
package import TCPReassembly
package import WireBasics

/// Reads one connection: HTTP/1 exchanges, and WebSocket frames behind a 101 that was asked for.
///
/// Shape: bytes in, finished transcripts out, in the order of their requests. An exchange comes out when it is answered
/// and another one follows; the last of a connection when the connection is over, because its ending is part of it.
/// Nothing is guessed: bytes that cannot be read for certain are counted under a name in the ledger.
package final class SessionReader: StreamReader {
    // What every packet of a tunnel touches stands first; see `TunnelReader`.
    private var last: PacketMark
    private var clientReceived = 0
    private var serverReceived = 0
    /// Whether the bytes of that end belong to the tunnel.
    private var clientIsInTunnel = false
    private var serverIsInTunnel = false
    /// Nothing that it calls comes back here.
    @exclusivity(unchecked) var tunnel: TunnelReader?

    let start: ConnectionStart
    let limits: ReaderLimits
    let detail: ReaderDetail
    let budget: RecordBudget?
    private let emit: (SessionTranscript) -> Void
    let report: (Finding) -> Void
    private let emitMidstream: (MidstreamTranscript) -> Void
    private let account: (ByteLedger) -> Void

    var client: HTTPLane {
        didSet { clientIsInTunnel = client.isTunnel }
    }
    var server: HTTPLane {
        didSet { serverIsInTunnel = server.isTunnel }
    }
    /// Those that are not finished, in order; the last one may be finished and wait for the ending of the connection.
    var exchanges: [Exchange] = []
    var requestCount = 0
    /// What a load balancer sent in front of the first request.
    var proxyProtocol: ProxyProtocolHeader?
    /// Why no response will be read any more, once that is so.
    var serverLoss: LossRule?
    /// What bytes are from here on that are no HTTP/1: another protocol inside a CONNECT tunnel is no surprise.
    var notHTTP = ByteLedger.Use.notHTTP
    var ledger = ByteLedger()
    /// There while the connection may be one whose opening handshake is not in the capture.
    var midstream: MidstreamReader?

    private var ending: ConnectionEnding?
    /// Requests that holes hide, unless what follows turns out to be a tunnel.
    private var lostRequests: [Finding] = []

    /// A reader of that connection.
    ///
    /// `emit` gets each finished transcript, `emitMidstream` that of a tunnel without a handshake; `report` what is worth
    /// saying of bytes that are in no transcript; `account`, once and last, what became of every byte.
    ///
    /// - Parameter budget: what the listed frames of all readers of a capture count against.
    package init(
        _ start: ConnectionStart, limits: ReaderLimits = ReaderLimits(), detail: ReaderDetail = .totals,
        budget: RecordBudget? = nil, report: @escaping (Finding) -> Void = { _ in },
        account: @escaping (ByteLedger) -> Void = { _ in },
        emitMidstream: @escaping (MidstreamTranscript) -> Void = { _ in }, emit: @escaping (SessionTranscript) -> Void
    ) {
        self.start = start
        self.limits = limits
        self.detail = detail
        self.budget = budget
        self.report = report
        self.emit = emit
        self.emitMidstream = emitMidstream
        self.account = account
        client = HTTPLane(.request, limits: limits)
        server = HTTPLane(.response, limits: limits)
        // With the start of the connection in hand, a response that comes before its request is only out of order.
        // Without it, it may answer a request that was never captured.
        if start.evidence == .handshake { server.state = .waiting }
        last = start.mark
        if start.evidence == .ports { expectMidstream(at: start.mark) }
    }

    package func receive(_ bytes: RawSpan, from party: Party, at mark: PacketMark) {
        last = mark
        if party == .client { clientReceived &+= bytes.byteCount } else { serverReceived &+= bytes.byteCount }
        if party == .client ? clientIsInTunnel : serverIsInTunnel {
            tunnel?.receive(bytes, from: party, at: mark)
            return
        }
        if let midstream {
            midstream.receive(bytes, from: party, at: mark)
            if midstream.isProven { stopHTTP() }
        }
        read(bytes, from: party, at: mark)
    }

    package func skip(_ length: Int?, from party: Party, at mark: PacketMark) {
        last = mark
        ledger.missing &+= length ?? 0
        midstream?.skip(length, from: party, at: mark)
        lose(length, from: party, at: mark)
    }

    package func conflict(_ conflict: OverlapConflict, from party: Party) {
        midstream?.conflict(conflict, from: party)
        let index = exchanges.lastIndex { $0.begins(before: conflict.counted, for: party) }
        guard let index else { return }
        if tunnel != nil, index == exchanges.indices.last, !exchanges[index].holds(conflict.counted, for: party) {
            tunnel?.conflict(conflict, from: party)
        } else {
            exchanges[index].overlaps.add(conflict, of: party)
        }
    }

    package func close(_ ending: StreamEnding, by party: Party, at mark: PacketMark) {
        last = mark
        if self.ending == nil {
            self.ending = ConnectionEnding(how: ending, by: party, at: mark.instant)
            tunnel?.close(at: mark)
            midstream?.close(at: mark)
        }
        if party == .server, ending == .fin, case .body(var scanner) = server.state, scanner.endOfStream() {
            server.state = .body(scanner)
            let nothing = InlineArray<0, UInt8>(repeating: 0)
            read(nothing.span.bytes, from: .server, at: mark)
        }
    }

    package func giveUp(at mark: PacketMark) {
        let isTunnel = tunnel != nil
        for index in exchanges.indices where isTunnel || !exchanges[index].isDone {
            exchanges[index].losses.add(.connectionsLimit, of: nil, packet: mark.packet)
        }
    }

    package func finish() {
        if ending == nil {
            tunnel?.close(at: last)
            midstream?.close(at: last)
        }
        finishBodies()
        let tunnelTranscript = tunnel?.finish(at: last)
        for index in exchanges.indices {
            if exchanges[index].transcript.response == nil, exchanges[index].losses.losses.isEmpty {
                exchanges[index].losses.add(.requestUnanswered, of: .server, packet: last.packet)
            }
            exchanges[index].requestIsDone = true
            exchanges[index].responseIsDone = true
        }
        if tunnelTranscript != nil, let index = exchanges.indices.last {
            exchanges[index].transcript.tunnel = tunnelTranscript
        }
        emitDone(isOver: true)
        if let transcript = midstream?.finish(endingSoFar, at: last) {
            emitMidstream(transcript)
        } else {
            lostRequests.forEach(report)
        }
        settleLedger()
        account(ledger)
    }

    /// Reads bytes as far as the state of their direction allows.
    func read(_ bytes: RawSpan, from party: Party, at mark: PacketMark) {
        var offset = 0
        while true {
            switch party == .client ? client.state : server.state {
            case .tunnel:
                if offset < bytes.byteCount {
                    tunnel?.receive(bytes.extracting(offset..<bytes.byteCount), from: party, at: mark)
                }
                return
            case .stopped:
                return
            case .waiting:
                if offset < bytes.byteCount {
                    hold(bytes.extracting(offset..<bytes.byteCount), from: party, at: mark)
                }
                return
            case .preamble, .head, .body:
                let event =
                    party == .client
                    ? client.next(in: bytes, from: &offset, at: mark) : server.next(in: bytes, from: &offset, at: mark)
                guard let event else { return }
                switch party {
                case .client: handleRequest(event, bytes, at: mark)
                case .server: handleResponse(event, bytes, at: mark)
                }
            }
        }
    }

    private func hold(_ bytes: RawSpan, from party: Party, at mark: PacketMark) {
        if party == .client { client.hold(bytes, at: mark) } else { server.hold(bytes, at: mark) }
    }

    /// Reads what waited.
    func replayHeld(_ party: Party) {
        let held = party == .client ? client.takeHeld() : server.takeHeld()
        for item in held {
            switch item {
            case .bytes(let bytes, let mark): read(bytes.span.bytes, from: party, at: mark)
            case .hole(let length, let mark): lose(length, from: party, at: mark)
            }
        }
    }

    /// Bytes are missing: heads and bodies of their direction are not read any further; frames may be.
    private func lose(_ length: Int?, from party: Party, at mark: PacketMark) {
        let message = LossRule.gap(length, of: party)
        switch party == .client ? client.state : server.state {
        case .stopped: return
        case .tunnel: tunnel?.skip(length, from: party, at: mark)
        case .waiting:
            if party == .client { client.hold(hole: length, at: mark) } else { server.hold(hole: length, at: mark) }
        case .preamble, .head, .body:
            switch party {
            case .client:
                // The head that the hole hides may be that of an opening handshake.
                if !client.hasSpoken, midstream == nil { expectMidstream(at: mark) }
                noteLostRequest(at: mark)
                stopRequests(.afterGap, .gap, at: mark, message)
            case .server: stopResponses(.afterGap, .gap, at: mark, message)
            }
        }
    }

    /// Hands out the exchanges at the front that are finished.
    ///
    /// A refused session that is the last exchange so far waits for the ending of the connection.
    func emitDone(isOver: Bool = false) {
        while !exchanges.isEmpty, exchanges[0].isDone {
            if !isOver, exchanges.count == 1 { return }
            var first = exchanges.removeFirst()
            first.finish(with: first.transcript.tunnel == nil ? nil : tunnel?.record)
            first.transcript.ending = endingSoFar
            emit(first.transcript)
        }
    }

    private var endingSoFar: ConnectionEnding {
        ending ?? ConnectionEnding(how: .open, by: nil, at: last.instant)
    }

    /// A hole hides a request where the client had begun one, had made some before, or where nothing else is known of a
    /// connection from its start.
    private func noteLostRequest(at mark: PacketMark) {
        let bytes = client.headBytes
        let isFirst = clientReceived == 0 && start.evidence == .handshake
        guard !client.isInsideBody, client.hasSpoken || !bytes.isEmpty || isFirst else { return }
        lostRequests.append(Finding(lostRequest: bytes, start, at: mark))
    }

    /// From here on the connection may turn out to be a tunnel whose handshake is not in the capture.
    private func expectMidstream(at mark: PacketMark) {
        midstream = MidstreamReader(start, at: mark, limits: limits, detail: detail, budget: budget)
    }

    /// The connection speaks WebSocket, and nothing of it is HTTP.
    private func stopHTTP() {
        client.stop(.afterGap)
        server.stop(.afterGap)
    }

    /// Bodies that the connection did not complete.
    private func finishBodies() {
        if client.isInsideBody, let index = exchanges.indices.last {
            exchanges[index].loseBody(of: .client, .bodyUnfinished, at: last)
        }
        if server.isInsideBody, let index = currentIndex {
            exchanges[index].loseBody(of: .server, .bodyUnfinished, at: last)
        }
    }

    /// Gives every byte that has no use yet the one that follows from where its direction stands.
    private func settleLedger() {
        midstream?.account(into: &ledger)
        tunnel?.account(into: &ledger) { party in
            switch party == .client ? client.state : server.state {
            case .stopped(let use): use
            default: tunnel?.record.losses.has(.frameUnreadable, party) == true ? .unreadable : .afterGap
            }
        }
        settleLedger(.client, received: clientReceived, client)
        settleLedger(.server, received: serverReceived, server)
    }

    private func settleLedger(_ party: Party, received: Int, _ lane: borrowing HTTPLane) {
        let known = ledger[party]
        guard received > known else { return }
        let use: ByteLedger.Use =
            switch lane.state {
            case .stopped(let use): use
            case .waiting: lane.isFull ? .overLimit : party == .client ? .unanswered : .unrequested
            case .preamble, .head: .unfinishedHead
            case .body, .tunnel: .unreadable
            }
        ledger[party, use] += received - known
    }
}
