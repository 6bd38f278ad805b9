import HTTPWire
import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

/// What a parser made of a response.
private struct Reading: Hashable {
    var events: [UpstreamResponseParser.Event] = []
    var error: UpstreamResponseError.Code?
    var unread: [UInt8] = []

    var head: UpstreamHead? {
        events.lazy.compactMap { if case .head(let head) = $0 { head } else { nil } }.first
    }
}

/// Feeds a response in pieces, to its end.
private func read(_ pieces: [[UInt8]], rules: UpstreamResponseParser.Rules = .init()) -> Reading {
    var parser = UpstreamResponseParser(rules: rules)
    var reading = Reading()
    do throws(UpstreamResponseError) {
        for piece in pieces {
            parser.receive(piece)
            while let event = try parser.nextEvent() { reading.events.append(event) }
        }
    } catch {
        reading.error = error.code
    }
    reading.unread = parser.unread
    return reading
}

/// Reads a response whole, byte by byte and in random pieces; all must come to the same.
private func read(_ text: ByteString, rules: UpstreamResponseParser.Rules = .init()) -> Reading {
    let whole = read([text.bytes], rules: rules)
    var random = SeededRandom(seed: UInt64(text.count))
    var pieces: [[UInt8]] = []
    var rest = text.bytes[...]
    while !rest.isEmpty {
        let count = Int.random(in: 1...rest.count, using: &random)
        pieces.append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
    }
    for split in [text.bytes.map { [$0] }, pieces] {
        let other = read(split, rules: rules)
        #expect(other.events == whole.events && other.error == whole.error && other.unread == whole.unread)
    }
    return whole
}

@Suite("UpstreamResponseParser")
struct UpstreamResponseParserTests {
    @Test(
        "status lines are taken as nginx takes them",
        arguments: [
            ("HTTP/1.1 101 Switching Protocols\r\n\r\n", 101, "101 Switching Protocols", true),
            ("HTTP/1.1 101\r\n\r\n", 101, "101", true),
            ("HTTP/1.1 426 \r\n\r\n", 426, "426 ", true),
            ("HTTP/1.0 200 OK\n\n", 200, "200 OK", false),
            ("HTTP/2.0 200 OK\r\n\r\n", 200, "200 OK", true),
            ("HTTP/1.1   200 Two  Blanks \r\n\r\n", 200, "200 Two  Blanks ", true),
            ("HTTP/1.1 403.1 Odd\r\n\r\n", 403, "403.1 Odd", true),
            ("HTTP/1.1 999 x\r\n\r\n", 999, "999 x", true),
            ("HTTP/12.34 200 OK\r\n\r\n", 200, "200 OK", true),
        ] as [(ByteString, Int, ByteString, Bool)])
    func statusLines(text: ByteString, status: Int, line: ByteString, isHTTP11: Bool) {
        let head = read(text).head
        #expect(head?.status == status)
        #expect(head?.statusLine == line)
        #expect(head?.isHTTP11 == isHTTP11)
        #expect(head?.closesConnection == !isHTTP11)
    }

    @Test(
        "what is no status line is passed on as HTTP/0.9, whole",
        arguments: [
            "hello there", "HTTP/1.1 20x OK\r\n\r\n", "HTTP/0.9 200 OK\r\n", "HTTP/1.1 2000 OK\r\n",
            "http/1.1 200 OK\r\n",
            "HTTP/1.1 200\tOK\r\n", "HTTX", "\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\rX",
            "HTTP/1000.1 200 OK\r\n",
        ] as [ByteString])
    func http09(text: ByteString) {
        let reading = read([text.bytes])
        #expect(reading.events == [.http09])
        #expect(reading.unread == text.bytes)
    }

    @Test("before the fix, what had arrived of a supposed status line is lost", arguments: [true, false])
    func splitHTTP09(keeps: Bool) {
        var rules = UpstreamResponseParser.Rules()
        rules.keepsBytesBeforeHTTP09 = keeps
        let reading = read([Array("HTT".utf8), Array("X there".utf8)], rules: rules)
        #expect(reading.events == [.http09])
        #expect(reading.unread == Array((keeps ? "HTTX there" : "X there").utf8))
    }

    @Test("header lines: blanks dropped at both ends, tabs kept, odd names kept, the repeated status line skipped")
    func headerLines() {
        let head = read(
            "HTTP/1.1 200 OK\r\nA:  x y  \r\nB:\tz\t\r\nc_d.e@: 1\r\nEmpty:\r\nNoColon\r\nHTTP/1.1 200 again\r\nF: \u{e9}\n\r\n"
        ).head
        #expect(
            head?.headers == [
                HeaderField("A", "x y"), HeaderField("B", "\tz\t"), HeaderField("c_d.e@", "1"),
                HeaderField("Empty", ""), HeaderField("NoColon", ""), HeaderField("F", "\u{e9}"),
            ])
    }

    @Test(
        "header lines that nginx refuses",
        arguments: [
            "HTTP/1.1 200 OK\r\nA B: 1\r\n\r\n", "HTTP/1.1 200 OK\r\n: 1\r\n\r\n", "HTTP/1.1 200 OK\r\n folded\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n", "HTTP/1.1 200 OK\r\nA: x\ry\r\n\r\n", "HTTP/1.1 200 OK\r\n\rX",
        ] as [ByteString])
    func refusedLines(text: ByteString) {
        #expect(read(text).error == .invalidHeader)
    }

    @Test("what follows the head is left for the body, or the tunnel")
    func unread() {
        #expect(read("HTTP/1.1 101 S\r\n\r\n\u{1}ws").unread == [1, 0x77, 0x73])
    }

    @Test("a head may fill the buffer, and not more")
    func bufferSize() {
        let head = ByteString("HTTP/1.1 200 OK\r\nX: ")
        let end = ByteString("\r\n\r\n")
        var rules = UpstreamResponseParser.Rules()
        rules.bufferSize = 128
        let filler = { (count: Int) in ByteString([UInt8](repeating: 120, count: count - head.count - end.count)) }
        #expect(read(head + filler(128) + end, rules: rules).head?.status == 200)
        #expect(read(head + filler(129) + end, rules: rules).error == .tooBigHeader)
        #expect(read(head + filler(128) + end + "body", rules: rules).unread == Array("body".utf8))
    }

    @Test("before 1.29.0 a 100 or a 103 is the final head; from then on a 103 is passed on and the next head awaited")
    func interim() {
        let text: ByteString = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 101 S\r\nA: b\r\n\r\nx"
        let before = read(text)
        #expect(before.head?.status == 103)
        #expect(before.unread.starts(with: Array("HTTP/1.1 101".utf8)))

        var rules = UpstreamResponseParser.Rules()
        rules.passesEarlyHints = true
        let after = read(text, rules: rules)
        #expect(after.events.count == 2)
        guard case .earlyHints(let hints) = after.events.first else {
            Issue.record("the 103 was not passed on")
            return
        }
        #expect(hints.headers == [HeaderField("Link", "</a>")])
        #expect(after.head?.status == 101)
        #expect(after.unread == Array("x".utf8))

        let hundred = read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", rules: rules)
        #expect(hundred.head?.status == 100, "no version knows 100 Continue from a backend")
    }

    @Test(
        "lengths that contradict each other: the last counts, or since 1.23.0 the response is refused",
        arguments: [
            ("Content-Length: 3\r\nContent-Length: 4", 4), ("Content-Length: x", nil),
            ("Content-Length: 3\r\nTransfer-Encoding: chunked", nil), ("Transfer-Encoding: gzip", nil),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", nil),
            ("Content-Length: 99999999999999999999", nil),
        ] as [(ByteString, Int64?)])
    func ambiguousLength(lines: ByteString, length: Int64?) {
        let text = "HTTP/1.1 200 OK\r\n" + lines + "\r\n\r\n"
        #expect(read(text).head?.contentLength == length)
        var rules = UpstreamResponseParser.Rules()
        rules.refusesAmbiguity = true
        #expect(read(text, rules: rules).error == .ambiguousLength)
    }

    @Test("a repeated Location counts once since 1.23.0; repeated cookies always count")
    func repeatedLines() {
        let text: ByteString = "HTTP/1.1 302 F\r\nLocation: a\r\nSet-Cookie: a\r\nLocation: b\r\nSet-Cookie: b\r\n\r\n"
        #expect(read(text).head?.ignored == [])
        var rules = UpstreamResponseParser.Rules()
        rules.refusesAmbiguity = true
        #expect(read(text, rules: rules).head?.ignored == [2])
    }

    @Test(
        "whether the backend closes the connection: it says so anywhere in a Connection line, or speaks HTTP/1.0",
        arguments: [
            ("HTTP/1.1 200 OK\r\n\r\n", false), ("HTTP/1.1 200 OK\r\nConnection: Keep-Alive, Close\r\n\r\n", true),
            ("HTTP/1.1 200 OK\r\nConnection: enclosed\r\n\r\n", true),
            ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n", true),
        ] as [(ByteString, Bool)])
    func closing(text: ByteString, closes: Bool) {
        #expect(read(text).head?.closesConnection == closes)
    }

    @Test("random bytes never trap and never leave the parser's bounds", arguments: 0..<200)
    func randomBytes(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var bytes = Array("HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 5\r\n\r\nhello".utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        var rules = UpstreamResponseParser.Rules()
        rules.bufferSize = Int.random(in: 1...64, using: &random)
        rules.passesEarlyHints = Bool.random(using: &random)
        rules.refusesAmbiguity = Bool.random(using: &random)
        let whole = read([bytes], rules: rules)
        let split = read(bytes.map { [$0] }, rules: rules)
        #expect(whole.events == split.events && whole.error == split.error)
    }
}
