import HTTPWire
import Testing
import WireBasics

@testable import WebSocketWire

@Suite("Heads that cannot be read")
struct UnreadHeadTests {
    private let get = Wire.head("GET / HTTP/1.1", ["Host: a"])
    private let ok = Wire.head("HTTP/1.1 200 OK", ["Content-Length: 2"]) + Wire.text("ok")

    @Test("a head of another version is an exchange with a violation", arguments: ["HTTP/2.0", "HTTP/3", "HTTP/1.x"])
    func otherVersion(version: String) {
        let request = Wire.head("GET /chat \(version)", ["Host: a"])
        let reading = Dialogue([.bytes(request, .client), .bytes(ok, .server)]).readEveryWay()
        #expect(reading.transcripts.first?.request.head.version == ByteString(version))
        #expect(reading.transcripts.first?.response?.head.status == 200)
        #expect(reading.violations == ["client http.head.version"])
        let answer = Wire.head("\(version) 200 OK", ["Content-Length: 0"])
        #expect(
            Dialogue([.bytes(get, .client), .bytes(answer, .server)]).readEveryWay().violations
                == ["server http.head.version"])
    }

    @Test(
        "what means to be a request and cannot be read is told, with its packet and its beginning",
        arguments: ["GET / (HTTP/1.1)\r\n", "POST /x http/1.1\r\n"])
    func firstRequest(line: String) {
        let reading = Dialogue([.bytes(Wire.text(line + "Host: a\r\n\r\n"), .client)]).read()
        #expect(reading.transcripts == [])
        #expect(reading.findings.map(\.code) == ["http.head.unreadable"])
        #expect(reading.findings.first?.packet == 2)
        #expect(reading.findings.first?.blame == .client)
        #expect(reading.ledger.total == reading.bytes)
    }

    @Test("a request with a hole in its head is told, with its packet and what is there of it")
    func hiddenRequest() {
        let reading = Dialogue([
            .bytes(Wire.text("GET /chat HTTP/1.1\r\nHost: a\r\nCook"), .client), .hole(1460, .client),
            .bytes(Wire.text("e: f\r\n\r\n"), .client), .bytes(ok, .server),
        ]).readEveryWay()
        #expect(reading.transcripts == [])
        #expect(reading.findings.map(\.code) == ["http.request.lost"])
        #expect(reading.findings.first?.message.contains("it starts with \"GET /chat HTTP/1.1\"") == true)
        #expect(reading.ledger.total == reading.bytes)
    }

    @Test("a hole where the first request would be, or a later one, is told")
    func whollyHiddenRequest() {
        let first = Dialogue([.hole(100, .client), .bytes(ok, .server)]).readEveryWay()
        #expect(first.findings.map(\.code) == ["http.request.lost"])
        let later = Dialogue([.bytes(get, .client), .bytes(ok, .server), .hole(100, .client), .bytes(ok, .server)])
            .readEveryWay()
        #expect(later.findings.map(\.code) == ["http.request.lost"])
        #expect(later.transcripts.count == 1)
    }

    @Test("a hole in a body or in frames hides no request")
    func hiddenBody() {
        let post = Wire.head("POST / HTTP/1.1", ["Host: a", "Content-Length: 9"]) + Wire.text("ab")
        let reading = Dialogue([.bytes(post, .client), .hole(3, .client), .bytes(ok, .server)]).readEveryWay()
        #expect(reading.findings.isEmpty)
        #expect(reading.losses.contains("tcp.gap"))
    }

    @Test("what follows a request that was read is told, whatever it is")
    func laterRequest() {
        let reading = Dialogue([.bytes(get + [1, 2, 3], .client), .bytes(ok, .server)]).readEveryWay()
        #expect(reading.findings.map(\.code) == ["http.head.unreadable"])
        #expect(reading.transcripts.count == 1)
    }

    @Test("what a server sends behind its last response is told")
    func laterResponse() {
        let reading = Dialogue([.bytes(get, .client), .bytes(ok + Wire.text("junk"), .server), .bytes(get, .client)])
            .readEveryWay()
        #expect(reading.losses == ["http.response.unreadable"])
        #expect(reading.findings.isEmpty)
    }

    @Test(
        "of another protocol nothing is told",
        arguments: ["\u{16}\u{3}\u{1}\u{2}", "SSH-2.0-OpenSSH_9.2\r\n", "EHLO mail.test\r\n", "PRI * HTTP/2.0\r\n\r\n"])
    func otherProtocol(text: String) {
        let reading = Dialogue([.bytes(Wire.text(text), .client)]).readEveryWay()
        #expect(reading.findings.isEmpty)
        #expect(reading.ledger[.notHTTP] == reading.bytes)
    }

    @Test("what is shown of it is harmless and short")
    func hostile() throws {
        let line = "GET / HTTP/ \u{1B}[2J" + String(repeating: "a", count: 500) + "\r\n"
        let finding = try #require(Dialogue([.bytes(Wire.text(line), .client)]).read().findings.first)
        #expect(finding.message.contains("\\x1B"))
        #expect(finding.message.utf8.allSatisfy { $0 >= 0x20 })
        #expect(finding.message.count < 400)
    }
}
