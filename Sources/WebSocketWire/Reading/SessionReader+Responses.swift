import HTTPWire
import TCPReassembly
import WireBasics

// What the server's direction does to the state of the connection while it speaks HTTP/1.

extension SessionReader {
    /// A request came: the server's bytes have a meaning again.
    func wakeServer(at mark: PacketMark) {
        guard case .waiting = server.state else { return }
        expectResponse()
        replayHeld(.server)
        guard server.isFull else { return }
        let message = LossRule.heldLimit.reached(limits.heldBytes)
        if server.isTunnel {
            tunnel?.stop(.server, at: mark, .heldLimit, message)
            server.state = .stopped(.overLimit)
        } else {
            stopResponses(.overLimit, .heldLimit, at: mark, message)
        }
    }

    func handleResponse(_ event: HTTPLane.Event, _ bytes: RawSpan, at mark: PacketMark) {
        switch event {
        case .preamble:
            break
        case .head(let parser, let first):
            do throws(HeadError) {
                beginResponse(try parser.response(), parser, first: first, last: mark)
            } catch {
                refuseResponse(error, at: mark)
            }
        case .body(let range, let scanner):
            receiveResponseBody(bytes.extracting(range), scanner)
        case .bodyEnd:
            if let index = currentIndex {
                exchanges[index].transcript.responseBody.isComplete = true
                exchanges[index].responseIsDone = true
            }
            expectResponse()
            emitDone()
        case .noHead(let error):
            refuseResponse(error, at: mark)
        case .noBody(let error, let range, let scanner):
            receiveResponseBody(bytes.extracting(range), scanner)
            if let index = currentIndex {
                note(error, in: index, of: .server, at: mark)
                exchanges[index].responseIsDone = true
            }
            stopResponses(.unreadable, .responseUnreadable, at: mark, "a response before it cannot be read to its end")
        }
    }

    private func receiveResponseBody(_ bytes: RawSpan, _ scanner: BodyScanner) {
        guard let index = currentIndex else {
            ledger[.server, .unrequested] += bytes.byteCount
            midstream = nil
            return
        }
        ledger[.server, .body] += bytes.byteCount
        exchanges[index].receiveBody(bytes, scanner, of: .server, limit: limits.bodyBytes)
    }

    /// What the next bytes of the server are.
    private func expectResponse() {
        server.resume()
        guard let index = currentIndex else {
            if requestCount > 0 { server.state = .waiting }
            return
        }
        // RFC 9112 §2.3, and RFC 1945 for what it was: no head, all bytes are the body.
        guard exchanges[index].request.version.isEmpty else { return }
        exchanges[index].loseBody(of: .server, .noHead, at: exchanges[index].transcript.request.last)
        server.state = .body(BodyScanner(.untilClose))
    }

    private func beginResponse(
        _ parsed: ParsedHead<ResponseHead>, _ parser: HeadParser, first: PacketMark, last: PacketMark
    ) {
        guard let index = currentIndex else {
            passOver(parsed.head, parser)
            return
        }
        ledger[.server, .head] += parser.bytes.count
        ledger[.server, .emptyLine] += parser.leadingBytes
        server.hasSpoken = true
        exchanges[index].note(parsed.oddities, of: .server, at: last)
        exchanges[index].noteFaults(of: parsed.head, at: last)
        if exchanges[index].transcript.kind == .websocket {
            let request = exchanges[index].request
            exchanges[index].note(OpeningHandshake.toleratedFaults(in: parsed.head, to: request), at: last)
        }
        let captured = Captured(parsed.head, first: first, last: last)
        let status = parsed.head.status
        if (100..<200).contains(status), status != 101 {
            if exchanges[index].transcript.interimResponses.count < limits.interimResponses {
                exchanges[index].transcript.interimResponses.append(captured)
            } else {
                exchanges[index].losses.add(
                    .interimLimit, of: .server, packet: last.packet,
                    LossRule.interimLimit.reached(limits.interimResponses))
            }
            server.resume()
            return
        }
        exchanges[index].transcript.response = captured
        if status == 101 {
            switchProtocols(index, parsed.head, at: last)
        } else {
            frameResponse(index, parsed.head, at: last)
        }
    }

    private func frameResponse(_ index: Int, _ head: ResponseHead, at mark: PacketMark) {
        let request = exchanges[index].request
        if BodyFraming.isAmbiguous(head.headers) {
            exchanges[index].violations.add(.lengthAndChunked, by: .server, packet: mark.packet)
        }
        do throws(BodyError) {
            let framing = try BodyFraming(head, to: request.method)
            if framing == .tunnel {
                openConnectTunnel(index, at: mark)
                return
            }
            exchanges[index].transcript.responseBody.isComplete = framing == .none
            server.state = .body(BodyScanner(framing))
        } catch {
            note(error, in: index, of: .server, at: mark)
            exchanges[index].responseIsDone = true
            stopResponses(.unreadable, .responseUnreadable, at: mark, "a response before it has no known end")
        }
        // The upgrade was refused: what the client sent behind it, or sends now, are requests.
        if exchanges.indices.contains(index), exchanges[index].maySwitch, case .waiting = client.state {
            releaseRequests(behind: index, at: mark)
        }
    }

    private func releaseRequests(behind index: Int, at mark: PacketMark) {
        if client.isFull {
            exchanges[index].losses.add(
                .heldLimit, of: .client, packet: mark.packet, LossRule.heldLimit.reached(limits.heldBytes))
        }
        client.resume()
        replayHeld(.client)
        if client.isFull { client.state = .stopped(.overLimit) }
    }

    /// 101: the connection is something else from here on.
    private func switchProtocols(_ index: Int, _ head: ResponseHead, at mark: PacketMark) {
        let request = exchanges[index].request
        exchanges[index].responseIsDone = true
        let names = head.headers.listMembers(FieldName.upgrade)
        let isOther = !names.isEmpty && !head.headers.hasToken(OpeningHandshake.webSocket, in: FieldName.upgrade)
        guard exchanges[index].transcript.kind == .websocket, !isOther else {
            let name = names.map(\.description).joined(separator: ", ")
            exchanges[index].losses.add(
                .otherProtocol, of: nil, packet: mark.packet,
                name.isEmpty ? nil : "the connection switched to \(name), which is not read")
            stopBoth(.otherProtocol)
            return
        }
        if let draft = Draft(request) ?? Draft(head) {
            exchanges[index].losses.add(
                .draft, of: nil, packet: mark.packet, "the session speaks \(draft.rawValue), which is not read")
            stopBoth(.otherProtocol)
            return
        }
        exchanges[index].note(OpeningHandshake.faults(in: head, to: request), at: mark)
        tunnel = TunnelReader(
            opened: mark.instant, agreement: Agreement(head), limits: limits, detail: detail, budget: budget)
        server.state = .tunnel
        if case .waiting = client.state { client.state = .tunnel }
        replayHeld(.client)
        if client.isFull {
            tunnel?.stop(.client, at: mark, .heldLimit, LossRule.heldLimit.reached(limits.heldBytes))
            client.state = .stopped(.overLimit)
        }
    }

    /// 2xx to CONNECT: a connection inside the connection begins.
    private func openConnectTunnel(_ index: Int, at mark: PacketMark) {
        exchanges[index].requestIsDone = true
        exchanges[index].responseIsDone = true
        notHTTP = .otherProtocol
        client.hasSpoken = false
        server.state = .waiting
        releaseRequests(behind: index, at: mark)
        emitDone()
    }

    private func stopBoth(_ use: ByteLedger.Use) {
        client.state = .stopped(use)
        server.state = .stopped(use)
    }

    /// A response to a request that the capture does not hold.
    private func passOver(_ head: ResponseHead, _ parser: HeadParser) {
        ledger[.server, .unrequested] += parser.bytes.count + parser.leadingBytes
        midstream = nil
        guard let framing = try? BodyFraming(head, to: "GET"), framing != .tunnel else {
            server.state = .stopped(.unrequested)
            return
        }
        server.state = .body(BodyScanner(framing))
    }

    /// What came is no response head.
    private func refuseResponse(_ error: HeadError, at mark: PacketMark) {
        let use: ByteLedger.Use =
            error.code == .tooLong ? .overLimit : client.hasSpoken ? .unreadable : .unrequested
        let isLimit = error.code == .tooLong
        if currentIndex == nil, client.hasSpoken || isLimit {
            report(Finding(unread: error, of: .server, server.headBytes, start, at: mark))
        }
        stopResponses(
            use, isLimit ? .headLimit : .responseUnreadable, at: mark,
            isLimit
                ? LossRule.headLimit.reached(limits.headBytes)
                : "what answers the request cannot be read: \(error.message)")
    }

    /// The server's direction is not read any further: no request gets a response any more.
    func stopResponses(_ use: ByteLedger.Use, _ rule: LossRule, at mark: PacketMark, _ message: String) {
        server.state = .stopped(use)
        serverLoss = rule
        for index in exchanges.indices where !exchanges[index].responseIsDone {
            exchanges[index].responseIsDone = true
            exchanges[index].loseBody(of: .server, rule, at: mark, message)
        }
        // Nobody will say what the client's bytes behind an upgrade are: they wait to the end.
        emitDone()
    }
}
