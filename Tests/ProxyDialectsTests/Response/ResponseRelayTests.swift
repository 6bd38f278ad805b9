import HTTPWire
import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

/// What a backend does, one arrival at a time.
private enum Step {
    case send(String)
    case end(ResponseRelay.Ending)
}

/// What goes to the client at each step: `HEAD`, body bytes, `.` when the response is complete, `!` when it is cut
/// short; runs of one letter as `a*100`.
private func relay(
    _ headText: String, _ steps: [Step], version: ResponseContext.Version = .http11, isHEAD: Bool = false,
    buffers: ResponseRelay.Buffers = .init(), needsCR: Bool = false
) throws -> (client: [String], keepsUpstream: Bool, keepsClient: Bool) {
    var parser = UpstreamResponseParser()
    parser.receive(Array((headText + "\r\n\r\n").utf8))
    guard case .head(let head) = try parser.nextEvent() else { throw NoHead() }
    let filter = ResponseHeaderFilter(ResponseSettings(product: "nginx/1.22.1"))
    let context = ResponseContext(version: version, isHEAD: isHEAD, keepsConnection: version == .http11)
    let response = filter.head(filter.upstream(head), context: context, at: .epoch)
    var relay = ResponseRelay(head, isHEAD: isHEAD, response: response, buffers: buffers, needsCR: needsCR)
    var client: [String] = []
    var first = true
    for step in steps {
        let outputs =
            switch step {
            case .send(let text):
                first ? relay.begin(Array(text.utf8)) : relay.receive(Array(text.utf8))
            case .end(let ending): relay.end(ending)
            }
        first = false
        client.append(outputs.map(shown).joined())
    }
    return (client, relay.keepsUpstream, response.keepsConnection)
}

private struct NoHead: Error {}

private func shown(_ output: ResponseRelay.Output) -> String {
    switch output {
    case .head: "HEAD "
    case .body(let bytes): shortened(String(decoding: bytes, as: UTF8.self))
    case .complete: "."
    case .cutShort: "!"
    }
}

private func shortened(_ text: String) -> String {
    var out = ""
    var rest = text[...]
    while let letter = rest.first {
        let run = rest.prefix { $0 == letter }
        out += run.count > 7 ? "\(letter)*\(run.count)" : String(run)
        rest = rest.dropFirst(run.count)
    }
    return out.replacing("\r\n", with: "|")
}

private func many(_ letter: Character, _ count: Int) -> String {
    String(repeating: letter, count: count)
}

@Suite("ResponseRelay")
struct ResponseRelayTests {
    private let ok = "HTTP/1.1 200 OK"

    @Test("a 101 that is no switch waits until a buffer is full, then until the end")
    func heldSwitch() throws {
        let head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade"
        let result = try relay(
            head,
            [.send(""), .send(many("x", 100)), .send(many("y", 2000)), .send(many("z", 3000)), .end(.closed)])
        // The buffer of 4096 bytes holds the head of 77 as well.
        #expect(result.client == ["", "", "", "HEAD x*100y*2000z*1919", "z*1081."])
        #expect(!result.keepsUpstream)
    }

    @Test("without buffering head and bytes go out as they come")
    func unbuffered() throws {
        let head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket"
        let buffers = ResponseRelay.Buffers(isBuffering: false)
        let result = try relay(head, [.send(""), .send("abc"), .send("de"), .end(.closed)], buffers: buffers)
        #expect(result.client == ["HEAD ", "abc", "de", "."])
    }

    @Test("a body of known length goes out when it is complete")
    func length() throws {
        let result = try relay(ok + "\r\nContent-Length: 20", [.send(""), .send(many("a", 10)), .send(many("b", 10))])
        #expect(result.client == ["", "", "HEAD a*10b*10."])
        #expect(result.keepsUpstream)
    }

    @Test("a body that is too short is cut short, one that is too long is cut off")
    func wrongLength() throws {
        let head = ok + "\r\nContent-Length: 5"
        #expect(try relay(head, [.send("ab"), .end(.closed)]).client == ["", "HEAD ab!"])
        let long = try relay(head, [.send("abcdefgh")])
        #expect(long.client == ["HEAD abcde."])
        #expect(!long.keepsUpstream)
    }

    @Test("after a read timeout the head goes out and what the buffer held is lost")
    func timeout() throws {
        let head = ok + "\r\nContent-Length: 20"
        #expect(try relay(head, [.send("ab"), .end(.timedOut)]).client == ["", "HEAD !"])
        let buffers = ResponseRelay.Buffers(isBuffering: false)
        #expect(try relay(head, [.send("ab"), .end(.timedOut)], buffers: buffers).client == ["HEAD ab", "!"])
    }

    @Test("a body until the end of the connection is chunked for HTTP/1.1, and closes an HTTP/1.0 client's connection")
    func untilClose() throws {
        let steps: [Step] = [.send(many("a", 100)), .send(many("b", 100)), .end(.closed)]
        let new = try relay(ok, steps)
        #expect(new.client == ["", "", "HEAD c8|a*100b*100|0||."])
        #expect(new.keepsClient)
        let old = try relay(ok, steps, version: .http10)
        #expect(old.client == ["", "", "HEAD a*100b*100."])
        #expect(!old.keepsClient)
        #expect(try relay(ok, [.send("ab"), .end(.reset)]).client == ["", "HEAD 2|ab|!"])
    }

    @Test("chunks are taken apart and written anew, one for each time that nginx looks at its buffer")
    func chunks() throws {
        let head = ok + "\r\nTransfer-Encoding: chunked"
        let steps: [Step] = [
            .send(""), .send("5\r\nhe"), .send("llo\r\n"), .send("3\r\nabc\r\n2\r\nde\r\n"), .send("0\r\n\r\n"),
        ]
        let buffered = try relay(head, steps)
        #expect(buffered.client == ["", "HEAD 2|he|", "", "8|lloabcde|", "0||."])
        #expect(buffered.keepsUpstream)
        let direct = try relay(head, steps, buffers: ResponseRelay.Buffers(isBuffering: false))
        #expect(direct.client == ["HEAD ", "2|he|", "3|llo|", "5|abcde|", "0||."])
        let old = try relay(head, steps, version: .http10)
        #expect(old.client == ["", "HEAD he", "", "lloabcde", "."])
    }

    @Test("a malformed chunk ends the response, and a head that was held back never goes out")
    func malformedChunks() throws {
        let head = ok + "\r\nTransfer-Encoding: chunked"
        #expect(try relay(head, [.send("5\r\nhelloXX\r\n")]).client == ["!"])
        let direct = try relay(
            head, [.send(""), .send("zz")], buffers: ResponseRelay.Buffers(isBuffering: false))
        #expect(direct.client == ["HEAD ", "!"])
    }

    @Test("LF may end a chunk line before 1.29.4, not after", arguments: [(false, "HEAD 5|hello|0||."), (true, "!")])
    func bareLF(needsCR: Bool, client: String) throws {
        let head = ok + "\r\nTransfer-Encoding: chunked"
        #expect(try relay(head, [.send("5\nhello\n0\n\n")], needsCR: needsCR).client == [client])
    }

    @Test("a large body goes out in portions of proxy_busy_buffers_size")
    func busyBuffers() throws {
        let result = try relay(ok, [.send(many("q", 20000)), .end(.closed)])
        #expect(result.client == ["HEAD 1fed|q*8173|2000|q*8192|", "e33|q*3635|0||."])
        let direct = try relay(
            ok, [.send(many("q", 10000)), .end(.closed)], buffers: ResponseRelay.Buffers(isBuffering: false))
        #expect(direct.client == ["HEAD fed|q*4077|1000|q*4096|723|q*1827|", "0||."])
    }

    @Test("behind a head that fills proxy_buffer_size to the last byte nginx sees the end of the connection")
    func fullBuffer() throws {
        let buffers = ResponseRelay.Buffers(first: 60)
        let head = ok + "\r\nContent-Length: 5\r\nX: "
        // Four bytes end the head.
        let full = head + many("f", 60 - 4 - head.utf8.count)
        #expect(try relay(full, [.send("hello")], buffers: buffers).client == ["HEAD !"])
        #expect(try relay(String(full.dropLast()), [.send("hello")], buffers: buffers).client == ["HEAD hello."])
        let direct = ResponseRelay.Buffers(isBuffering: false, first: 60)
        #expect(try relay(full, [.send("hello")], buffers: direct).client == ["HEAD hello."])
    }

    @Test("a head larger than postpone_output goes out at once")
    func largeHead() throws {
        let result = try relay(ok + "\r\nX-Big: " + many("v", 2000), [.send("abc"), .send("def"), .end(.closed)])
        #expect(result.client == ["HEAD ", "", "6|abcdef|0||."])
        let never = try relay(ok, [.send("abc")], buffers: ResponseRelay.Buffers(postpone: 0))
        #expect(never.client == ["HEAD "])
    }

    @Test(
        "responses without a body are complete with the head",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 0", false), ("HTTP/1.1 204 No Content", false),
            ("HTTP/1.1 304 Not Modified\r\nContent-Length: 9", false), ("HTTP/1.1 200 OK\r\nContent-Length: 9", true),
        ])
    func bodyless(head: String, isHEAD: Bool) throws {
        let result = try relay(head, [.send("")], isHEAD: isHEAD)
        #expect(result.client == ["HEAD ."])
        #expect(result.keepsUpstream)
    }

    @Test("the parts of a body come out as they went in, however they arrive", arguments: 0..<60)
    func anySplit(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let body = (0..<Int.random(in: 0...9000, using: &random)).map { "\($0 % 10)" }.joined()
        let buffering = Bool.random(using: &random)
        let chunked = Bool.random(using: &random)
        let head = ok + (chunked ? "\r\nTransfer-Encoding: chunked" : "\r\nContent-Length: \(body.utf8.count)")
        var wire = body
        if chunked {
            wire = body.isEmpty ? "" : "\(String(body.utf8.count, radix: 16));x=y\r\n\(body)\r\n"
            wire += "0\r\nTrailer: z\r\n\r\n"
        }
        var steps: [Step] = [.send("")]
        var rest = wire[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...rest.count, using: &random))
            steps.append(.send(String(piece)))
            rest = rest.dropFirst(piece.count)
        }
        let result = try relay(
            head, steps, version: .http10, buffers: ResponseRelay.Buffers(isBuffering: buffering))
        let whole = result.client.joined().replacing("HEAD ", with: "")
        #expect(whole == body + ".")
        #expect(result.keepsUpstream)
    }
}
