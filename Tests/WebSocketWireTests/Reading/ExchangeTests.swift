import HTTPWire
import TCPReassembly
import Testing
import WireBasics

@testable import WebSocketWire

@Suite("Exchanges of a connection")
struct ExchangeTests {
    private let get = Wire.head("GET / HTTP/1.1", ["Host: a"])
    private let ok = Wire.head("HTTP/1.1 200 OK", ["Content-Length: 2"]) + Wire.text("ok")

    private func statuses(_ reading: Reading) -> [Int?] { reading.transcripts.map { $0.response?.head.status } }

    @Test("keep-alive, bodies of every framing, and the upgrade behind them")
    func keepAlive() throws {
        let post =
            Wire.head("POST /a HTTP/1.1", ["Host: a", "Transfer-Encoding: chunked"])
            + Wire.text("3\r\nabc\r\n0\r\n\r\n")
        let chunked =
            Wire.head("HTTP/1.1 200 OK", ["Transfer-Encoding: chunked"]) + Wire.text("2\r\nok\r\n0\r\nX: y\r\n\r\n")
        let reading = Dialogue([
            .bytes(get, .client), .bytes(ok, .server), .bytes(post, .client), .bytes(chunked, .server),
            .bytes(Wire.request(), .client), .bytes(Wire.response() + Wire.server(1, [65]), .server),
        ]).readEveryWay()
        #expect(reading.transcripts.map(\.requestsBefore) == [0, 1, 2])
        #expect(reading.transcripts.map(\.kind) == [.http, .http, .websocket])
        #expect(reading.losses == [])
        let second = reading.transcripts[1]
        #expect(second.requestBody.length == 3)
        #expect(second.requestBody.start == Wire.text("3\r\nabc\r\n0\r\n\r\n"))
        #expect(second.responseBody.wireLength == 18)
        #expect(second.responseBody.isComplete)
        #expect(reading.messages(.server) == ["A"])
    }

    @Test("pipelined requests get their responses in order, also where they end in the same segment")
    func pipelined() {
        let head = Wire.head("HEAD / HTTP/1.1", ["Host: a"])
        let noBody = Wire.head("HTTP/1.1 200 OK", ["Content-Length: 99"])
        let notModified = Wire.head("HTTP/1.1 304 Not Modified", ["Content-Length: 99"])
        let reading = Dialogue([
            .bytes(get + head + get + get, .client), .bytes(ok + noBody + notModified + ok, .server),
        ]).readEveryWay()
        #expect(statuses(reading) == [200, 200, 304, 200])
        #expect(reading.transcripts.map(\.responseBody.length) == [2, 0, 0, 2])
        #expect(reading.losses == [])
    }

    @Test("1xx responses come before the 101 and are kept")
    func interim() {
        let reading = Dialogue([
            .bytes(Wire.request(), .client),
            .bytes(
                Wire.head("HTTP/1.1 100 Continue", []) + Wire.head("HTTP/1.1 103 Early Hints", ["Link: x"])
                    + Wire.response() + Wire.server(1, [66]), .server),
        ]).readEveryWay()
        #expect(reading.transcripts.first?.interimResponses.map(\.head.status) == [100, 103])
        #expect(reading.messages(.server) == ["B"])
    }

    @Test("frames in the segments of the heads are read, also those that come before the 101")
    func early() {
        let frames = Wire.client(1, Wire.text("early")) + Wire.client(8, Wire.close(1000))
        let reading = Dialogue([
            .bytes(Wire.request() + frames, .client), .bytes(Wire.response() + Wire.server(9, [1]), .server),
        ]).readEveryWay()
        #expect(reading.messages(.client) == ["early"])
        #expect(reading.tunnel?.client.close?.code == 1000)
        #expect(reading.tunnel?.server.framesByOpcode[9] == 1)
    }

    @Test("a refused upgrade is followed by what the client sent behind it as requests")
    func refused() {
        let refusal = Wire.head("HTTP/1.1 401 Unauthorized", ["Content-Length: 4"]) + Wire.text("nope")
        var dialogue = Dialogue([
            .bytes(Wire.request() + get, .client), .bytes(refusal + ok, .server), .bytes(Wire.request(), .client),
            .bytes(refusal, .server),
        ])
        dialogue.steps.append(.close(.fin, .server))
        let reading = dialogue.readEveryWay()
        #expect(statuses(reading) == [401, 200, 401])
        #expect(reading.transcripts.map(\.kind) == [.websocket, .http, .websocket])
        #expect(reading.transcripts.last?.ending.how == .fin)
        #expect(reading.losses == [])
    }

    @Test("a body until close is complete with a FIN, and not without one")
    func untilClose() {
        let bytes = Wire.head("HTTP/1.0 200 OK", []) + Wire.text("until the end")
        var dialogue = Dialogue([.bytes(get, .client), .bytes(bytes, .server)])
        #expect(dialogue.readEveryWay().losses == ["http.body.unfinished"])
        dialogue.steps.append(.close(.fin, .server))
        let reading = dialogue.readEveryWay()
        #expect(reading.losses == [])
        #expect(reading.transcripts.first?.responseBody.length == 13)
        #expect(reading.transcripts.first?.responseBody.isComplete == true)
    }

    @Test("a request without a response is told, and so is one that is cut")
    func unanswered() {
        let unanswered = Dialogue([.bytes(Wire.request(), .client)]).readEveryWay()
        #expect(unanswered.losses == ["http.request.unanswered"])
        #expect(unanswered.transcripts.first?.tunnel == nil)
        let held = Dialogue([.bytes(Wire.request() + Wire.client(9), .client)]).readEveryWay()
        #expect(held.ledger[.client, .unanswered] == 6)
        let cut = Dialogue([.bytes(Array(Wire.request().dropLast(2)), .client)]).readEveryWay()
        #expect(cut.transcripts == [])
        #expect(cut.ledger[.client, .unfinishedHead] == Wire.request().count - 2)
    }

    @Test("a response that a capture shows before its request is put in order when the start is in the capture")
    func outOfOrder() {
        var dialogue = Dialogue([
            .bytes(Wire.response() + Wire.server(1, [65]), .server), .bytes(Wire.request(), .client),
        ])
        let reading = dialogue.readEveryWay()
        #expect(reading.messages(.server) == ["A"])
        dialogue.evidence = .ports
        let without = dialogue.readEveryWay()
        #expect(without.losses == ["http.request.unanswered"])
        #expect(without.ledger[.server, .unrequested] == Wire.response().count + 3)
    }

    @Test("a response to a request from before the capture is passed over to its end")
    func orphan() {
        var dialogue = Dialogue([.bytes(ok, .server), .bytes(get, .client), .bytes(ok, .server)])
        dialogue.evidence = .http
        let reading = dialogue.readEveryWay()
        #expect(statuses(reading) == [200])
        #expect(reading.ledger[.server, .unrequested] == ok.count)
        #expect(reading.losses == [])
    }

    @Test(
        "another protocol makes no transcript, and its bytes are counted as that",
        arguments: [
            [Dialogue.Step.bytes([0x16, 3, 1, 2, 0], .client), .bytes([0x16, 3, 3], .server)],
            [.bytes(Wire.text("220 mail.test\r\n"), .server), .bytes(Wire.text("EHLO a\r\n"), .client)],
            [.bytes(Wire.text("SSH-2.0-x\r\n"), .server), .bytes(Wire.text("SSH-2.0-y\r\n"), .client)],
            [.bytes(Wire.text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), .client), .bytes([0, 0, 0], .server)],
        ])
    func otherProtocol(steps: [Dialogue.Step]) {
        let reading = Dialogue(steps).readEveryWay()
        #expect(reading.transcripts == [])
        #expect(reading.ledger[.notHTTP] == reading.bytes)
    }

    @Test("what answers a request and is no response is told")
    func unreadable() {
        let reading = Dialogue([.bytes(get + get, .client), .bytes([1, 2, 3], .server), .bytes(get, .client)])
            .readEveryWay()
        #expect(reading.losses == Array(repeating: "http.response.unreadable", count: 3))
        #expect(reading.ledger[.server, .unreadable] == 3)
    }

    @Test("HTTP/0.9 has no head to answer with")
    func oldest() {
        var dialogue = Dialogue([.bytes(Wire.text("GET /\r\n"), .client), .bytes(Wire.text("<html>"), .server)])
        dialogue.steps.append(.close(.fin, .server))
        let reading = dialogue.readEveryWay()
        #expect(reading.losses == ["http.response.no-head"])
        #expect(reading.transcripts.first?.responseBody.start == Wire.text("<html>"))
        #expect(reading.violations == ["client http.head.version-0.9"])
    }

    @Test("a switch to another protocol ends the reading", arguments: ["h2c", "TLS/1.0"])
    func otherUpgrade(name: String) {
        let request = Wire.head("GET / HTTP/1.1", ["Host: a", "Upgrade: \(name)", "Connection: Upgrade"])
        let response = Wire.head("HTTP/1.1 101 Switching Protocols", ["Upgrade: \(name)", "Connection: Upgrade"])
        let reading = Dialogue([
            .bytes(request + [1, 2], .client), .bytes(response + [3], .server), .bytes([4], .client),
        ]).readEveryWay()
        #expect(reading.transcripts.map(\.kind) == [.http])
        #expect(reading.losses == ["http.upgrade.other"])
        #expect(reading.ledger[.otherProtocol] == 4)
        #expect(reading.transcripts.first?.losses.first?.message.contains(name) == true)
    }

    @Test("a session inside a CONNECT tunnel is read, another protocol is not")
    func connect() {
        let connect = Wire.head("CONNECT a.test:80 HTTP/1.1", ["Host: a.test:80"])
        let opened = Wire.head("HTTP/1.1 200 Connection established", [])
        let reading = Dialogue([
            .bytes(connect, .client), .bytes(opened, .server), .bytes(Wire.request(), .client),
            .bytes(Wire.response(), .server), .bytes(Wire.client(1, [65]), .client),
        ]).readEveryWay()
        #expect(statuses(reading) == [200, 101])
        #expect(reading.transcripts.last?.requestsBefore == 1)
        #expect(reading.messages(.client) == ["A"])
        let tls = Dialogue([.bytes(connect, .client), .bytes(opened, .server), .bytes([22, 3, 1], .client)])
            .readEveryWay()
        #expect(statuses(tls) == [200])
        #expect(tls.losses == [])
        #expect(tls.ledger[.client, .otherProtocol] == 3)
    }

    @Test(
        "the PROXY protocol in front of the first request is passed over, in text and in binary",
        arguments: [
            Wire.text("PROXY TCP4 192.0.2.1 192.0.2.2 56324 80\r\n"), Wire.text("PROXY TCP6 ::1 ::2 1 2\r\n"),
            Wire.text("PROXY UNKNOWN\r\n"),
            [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10, 0x21, 0x11, 0, 12]
                + Array(repeating: 10, count: 12),
            [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10, 0x20, 0, 0, 0],
        ])
    func proxyProtocol(preamble: [UInt8]) {
        let reading = Dialogue([
            .bytes(preamble + Wire.request(), .client), .bytes(Wire.response(), .server),
            .bytes(Wire.client(1, [65]), .client),
        ]).readEveryWay()
        #expect(reading.messages(.client) == ["A"])
        #expect(reading.violations == [])
        #expect(reading.ledger[.client, .proxyProtocol] == preamble.count)
        #expect(reading.transcripts.first?.request.head.bytes == Wire.request())
        #expect(reading.transcripts.first?.proxyProtocol == ProxyProtocolHeader(preamble))
    }

    @Test("what a load balancer says of the client is said of every request of the connection, and of no other")
    func proxiedConnection() {
        let preamble = Wire.text("PROXY TCP4 192.0.2.1 192.0.2.2 56324 80\r\n")
        let reading = Dialogue([.bytes(preamble + get + get, .client), .bytes(ok + ok, .server)]).readEveryWay()
        #expect(
            reading.transcripts.map(\.proxyProtocol?.source?.description) == ["192.0.2.1:56324", "192.0.2.1:56324"])
        #expect(Dialogue([.bytes(get, .client)]).read().transcripts.first?.proxyProtocol == nil)
    }

    @Test("an HTTP/1.0 connection lives on where both ends say so, and a body without length ends with it")
    func oldKeepAlive() {
        let request = Wire.head("GET / HTTP/1.0", ["Connection: keep-alive"])
        let kept = Wire.head("HTTP/1.0 200 OK", ["Connection: keep-alive", "Content-Length: 2"]) + Wire.text("ok")
        let last = Wire.head("HTTP/1.0 200 OK", []) + Wire.text("to the end")
        let reading = Dialogue([
            .bytes(request, .client), .bytes(kept, .server), .bytes(request, .client), .bytes(last, .server),
            .close(.fin, .server),
        ]).readEveryWay()
        #expect(reading.transcripts.map(\.responseBody.length) == [2, 10])
        #expect(reading.transcripts.map(\.responseBody.isComplete) == [true, true])
        #expect(reading.violations == [])
        #expect(reading.losses == [])
    }

    @Test("what a response without body is followed by is the next response", arguments: [204, 304, 205])
    func noBody(status: Int) {
        let empty = Wire.head("HTTP/1.1 \(status) Nothing", status == 205 ? ["Content-Length: 0"] : ["ETag: \"a\""])
        let reading = Dialogue([.bytes(get + get, .client), .bytes(empty + ok, .server)]).readEveryWay()
        #expect(statuses(reading) == [status, 200])
        #expect(reading.transcripts.map(\.responseBody.length) == [0, 2])
        #expect(reading.violations == [])
    }

    @Test(
        "what only looks like the PROXY protocol is read as what it is",
        arguments: [
            ("PROXY / HTTP/1.1\r\nHost: a\r\n\r\n", 1), ("PUT / HTTP/1.1\r\nHost: a\r\n\r\n", 1),
            ("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 1), ("PROXY TCP4 " + String(repeating: "1", count: 200), 0),
            ("PROXY TCP", 0), ("\r\n\r\n\0", 0),
        ])
    func noProxyProtocol(text: String, transcripts: Int) {
        let reading = Dialogue([.bytes(Wire.text(text), .client)]).readEveryWay()
        #expect(reading.transcripts.count == transcripts)
        #expect(reading.ledger[.proxyProtocol] == 0)
    }

    @Test("drafts before RFC 6455 are named and not misread")
    func drafts() {
        let hixie = Wire.head(
            "GET / HTTP/1.1",
            [
                "Host: a", "Upgrade: WebSocket", "Connection: Upgrade", "Origin: http://a",
                "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5",
                "Sec-WebSocket-Key2: 12998 5 Y3 1  .P00",
            ])
        let response = Wire.head(
            "HTTP/1.1 101 WebSocket Protocol Handshake", ["Upgrade: WebSocket", "Connection: Upgrade"])
        let reading = Dialogue([
            .bytes(hixie + Wire.text("^n:ds[4U"), .client), .bytes(response + Wire.text("8jKS'y:G*Co,Wxa-"), .server),
            .bytes([0] + Wire.text("Hello") + [0xFF], .client),
        ]).readEveryWay()
        #expect(reading.losses == ["ws.draft"])
        #expect(reading.transcripts.first?.losses.first?.message.contains("Hixie-76") == true)
        #expect(reading.transcripts.first?.tunnel == nil)
        #expect(reading.ledger[.otherProtocol] == 8 + 16 + 7)
    }

    @Test("a draft is named where only the server speaks it, and where the handshake is refused")
    func oneSidedDrafts() {
        let response = Wire.head(
            "HTTP/1.1 101 WebSocket Protocol Handshake",
            [
                "Upgrade: WebSocket", "Connection: Upgrade", "Sec-WebSocket-Origin: http://a",
                "Sec-WebSocket-Location: ws://a/",
            ])
        let answered = Dialogue([.bytes(Wire.request(), .client), .bytes(response, .server)]).readEveryWay()
        #expect(answered.losses == ["ws.draft"])
        #expect(answered.transcripts.first?.losses.first?.message.contains("Hixie-76") == true)
        let hixie = Wire.head(
            "GET / HTTP/1.1", ["Host: a", "Upgrade: WebSocket", "Connection: Upgrade", "Origin: http://a"])
        let refused = Dialogue([
            .bytes(hixie, .client), .bytes(Wire.head("HTTP/1.1 400 Bad Request", ["Content-Length: 0"]), .server),
        ]).readEveryWay()
        let missing = refused.transcripts.first?.violations.first { $0.code == "ws.request.key-missing" }
        #expect(missing?.message.contains("Hixie-75") == true)
    }

    @Test("reserved bits of an extension that is not known are no violation, and its messages are not decoded")
    func unknownExtension() {
        let reading = Dialogue.session(
            server: Wire.server(1, [0xFF], rsv: 2) + Wire.server(1, [0xFE]), offer: ["Sec-WebSocket-Extensions: x-foo"],
            answer: ["Sec-WebSocket-Extensions: x-foo"]
        ).readEveryWay()
        #expect(reading.violations == [])
        #expect(reading.losses == ["ws.extension.unknown"])
        #expect(reading.tunnel?.messages.map(\.isDecoded) == [false, true])
    }

    @Test("totals are the same whatever the detail, and records stop where they are told to")
    func detail() {
        var dialogue = Dialogue.session(client: (0..<20).flatMap { Wire.client(1, Wire.text("message \($0)")) })
        let all = dialogue.readEveryWay()
        dialogue.detail = ReaderDetail(keptRecords: 3, previewBytes: 4, digests: false)
        let some = dialogue.readEveryWay()
        #expect(all.tunnel?.frames.count == 20)
        #expect(some.tunnel?.frames.count == 3)
        #expect(some.tunnel?.messages.map(\.preview) == Array(repeating: Wire.text("mess"), count: 3))
        #expect(some.tunnel?.frames.allSatisfy { $0.sha256 == nil } == true)
        #expect(some.tunnel?.client == all.tunnel?.client)
        #expect(some.ledger == all.ledger)
    }

    @Test("a silence counts the frames that were complete before it")
    func silences() throws {
        var dialogue = Dialogue.session(client: Wire.client(1, [65]) + Wire.client(1, [66]), server: Wire.server(9))
        dialogue.steps += [
            .wait(.seconds(5)), .bytes([0x81], .server), .wait(.seconds(20)), .bytes([0x01, 0x41], .server),
            .wait(.seconds(60)), .close(.fin, .client), .wait(.seconds(90)),
        ]
        let tunnel = try #require(dialogue.readEveryWay().tunnel)
        #expect(tunnel.silences.map { $0.until - $0.lastByte } == [.seconds(5), .seconds(20), .seconds(60)])
        #expect(tunnel.silences.map(\.clientFrames) == [2, 2, 2])
        #expect(tunnel.silences.map(\.serverFrames) == [1, 1, 2])
        #expect(tunnel.lastByte - tunnel.opened == .seconds(25))
    }

    @Test("the first FIN or RST is the ending", arguments: [StreamEnding.fin, .rst], [Party.client, .server])
    func endings(ending: StreamEnding, party: Party) {
        var dialogue = Dialogue.session()
        dialogue.steps += [.wait(.seconds(1)), .close(ending, party), .close(.rst, party.other)]
        let transcript = dialogue.readEveryWay().transcripts.first
        #expect(transcript?.ending.how == ending)
        #expect(transcript?.ending.by == party)
        #expect(Dialogue.session().readEveryWay().transcripts.first?.ending.how == .open)
    }
}
