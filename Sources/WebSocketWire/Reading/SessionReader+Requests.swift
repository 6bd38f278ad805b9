import HTTPWire
import TCPReassembly
import WireBasics

// What the client's direction does to the state of the connection while it speaks HTTP/1.

extension SessionReader {
    /// The exchange whose response comes next.
    var currentIndex: Int? {
        exchanges.firstIndex { !$0.responseIsDone }
    }

    func handleRequest(_ event: HTTPLane.Event, _ bytes: RawSpan, at mark: PacketMark) {
        switch event {
        case .preamble(let header):
            midstream = nil
            ledger[.client, .proxyProtocol] += header.bytes.count
            proxyProtocol = header
        case .head(let parser, let first):
            do throws(HeadError) {
                beginExchange(try parser.request(), parser, first: first, last: mark)
            } catch {
                refuseRequest(error, at: mark)
            }
        case .body(let range, let scanner):
            receiveRequestBody(bytes.extracting(range), scanner)
        case .bodyEnd:
            endRequest()
        case .noHead(let error):
            refuseRequest(error, at: mark)
        case .noBody(let error, let range, let scanner):
            receiveRequestBody(bytes.extracting(range), scanner)
            guard let index = exchanges.indices.last else { return }
            note(error, in: index, of: .client, at: mark)
            exchanges[index].requestIsDone = true
            client.state = .stopped(.unreadable)
            emitDone()
        }
    }

    private func receiveRequestBody(_ bytes: RawSpan, _ scanner: BodyScanner) {
        ledger[.client, .body] += bytes.byteCount
        guard let index = exchanges.indices.last else { return }
        exchanges[index].receiveBody(bytes, scanner, of: .client, limit: limits.bodyBytes)
    }

    private func beginExchange(
        _ parsed: ParsedHead<RequestHead>, _ parser: HeadParser, first: PacketMark, last: PacketMark
    ) {
        if exchanges.count >= limits.unansweredRequests, let index = exchanges.indices.last {
            exchanges[index].losses.add(
                .requestsLimit, of: .client, packet: last.packet,
                LossRule.requestsLimit.reached(limits.unansweredRequests))
            client.state = .stopped(.overLimit)
            return
        }
        ledger[.client, .head] += parser.bytes.count
        ledger[.client, .emptyLine] += parser.leadingBytes
        var transcript = SessionTranscript(
            kind: OpeningHandshake.asksForWebSocket(parsed.head) ? .websocket : .http, tcpStream: start.tcpStream,
            client: start.client, server: start.server, connected: start.mark, requestsBefore: requestCount,
            request: Captured(parsed.head, first: first, last: last))
        transcript.proxyProtocol = proxyProtocol
        requestCount += 1
        client.hasSpoken = true
        midstream = nil
        var exchange = Exchange(transcript, limits: limits)
        exchange.note(parsed.oddities, of: .client, at: last)
        if transcript.kind == .websocket {
            exchange.note(OpeningHandshake.faults(in: parsed.head), at: last)
            exchange.note(OpeningHandshake.toleratedFaults(in: parsed.head), at: last)
        }
        exchange.noteFaults(ofRequest: last)
        if let serverLoss {
            exchange.responseIsDone = true
            exchange.losses.add(serverLoss, of: .server, packet: last.packet)
        }
        exchanges.append(exchange)
        // The one before it is not the last any more.
        emitDone()
        frameRequest(parsed.head, at: last)
        wakeServer(at: last)
    }

    private func frameRequest(_ head: RequestHead, at mark: PacketMark) {
        guard let index = exchanges.indices.last else { return }
        if BodyFraming.isAmbiguous(head.headers) {
            exchanges[index].violations.add(.lengthAndChunked, by: .client, packet: mark.packet)
        }
        do throws(BodyError) {
            let framing = try BodyFraming(head)
            guard framing == .none else {
                exchanges[index].transcript.requestBody.isComplete = false
                client.state = .body(BodyScanner(framing))
                return
            }
            endRequest()
        } catch {
            note(error, in: index, of: .client, at: mark)
            exchanges[index].requestIsDone = true
            client.state = .stopped(.unreadable)
        }
    }

    private func endRequest() {
        client.resume()
        guard let index = exchanges.indices.last else { return }
        exchanges[index].requestIsDone = true
        if tunnel != nil {
            client.state = .tunnel
        } else if exchanges[index].maySwitch, !exchanges[index].responseIsDone {
            client.state = .waiting
        }
        emitDone()
    }

    /// What came is no request head.
    private func refuseRequest(_ error: HeadError, at mark: PacketMark) {
        let bytes = client.headBytes
        // Of another protocol nothing is to be said here; what means to be HTTP and cannot be read is.
        if client.hasSpoken || error.code == .tooLong || Self.meansToBeHead(bytes, error) {
            report(Finding(unread: error, of: .client, bytes, start, at: mark))
        }
        if !client.hasSpoken, error.code != .tooLong {
            client.state = .stopped(notHTTP)
            server.state = .stopped(notHTTP)
        } else {
            client.state = .stopped(error.code == .tooLong ? .overLimit : .unreadable)
        }
    }

    /// The client's direction is not read any further.
    func stopRequests(_ use: ByteLedger.Use, _ rule: LossRule, at mark: PacketMark, _ message: String) {
        if case .body = client.state, let index = exchanges.indices.last {
            exchanges[index].loseBody(of: .client, rule, at: mark, message)
            exchanges[index].requestIsDone = true
        }
        client.state = .stopped(use)
        emitDone()
    }

    /// Notes why a body cannot be followed.
    func note(_ error: BodyError, in index: Int, of party: Party, at mark: PacketMark) {
        if let rule = ViolationCatalogue.rule(error.code.name) {
            exchanges[index].violations.add(rule, by: party, packet: mark.packet, error.message)
        }
        exchanges[index].loseBody(of: party, .bodyUnreadable, at: mark, error.message)
    }
}
