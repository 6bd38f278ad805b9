import Testing
import WireBasics

@testable import HTTPWire

/// A head with one oddity, and what is read where it is allowed.
struct OddHead: CustomTestStringConvertible, Sendable {
    var oddity: HeadOddity
    var kind = HeadParser.Kind.request
    var text: String
    /// Where the oddity is.
    var offset: Int
    var headers: [[String]] = [["Host", "a"]]

    var testDescription: String { oddity.rawValue }

    static let all = [
        OddHead(oddity: .bareLineFeed, text: "GET / HTTP/1.1\nHost: a\r\n\r\n", offset: 14),
        OddHead(
            oddity: .bareCarriageReturn, text: "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", offset: 23,
            headers: [["Host", "a\rb"]]),
        OddHead(oddity: .leadingEmptyLines, text: "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", offset: 0),
        OddHead(oddity: .startLineWhitespace, text: "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", offset: 4),
        OddHead(
            oddity: .missingReasonSpace, kind: .response, text: "HTTP/1.1 200\r\nHost: a\r\n\r\n", offset: 12),
        OddHead(oddity: .otherVersion, text: "GET / HTTP/2.0\r\nHost: a\r\n\r\n", offset: 6),
        OddHead(oddity: .missingVersion, text: "GET /\r\n", offset: 5, headers: []),
        OddHead(
            oddity: .whitespaceBeforeFirstField, text: "GET / HTTP/1.1\r\n X: y\r\nHost: a\r\n\r\n", offset: 16),
        OddHead(
            oddity: .lineFolding, text: "GET / HTTP/1.1\r\nHost: a\r\n \t b \r\n\r\n", offset: 25,
            headers: [["Host", "a b"]]),
        OddHead(oddity: .whitespaceBeforeColon, text: "GET / HTTP/1.1\r\nHost : a\r\n\r\n", offset: 21),
        OddHead(oddity: .missingColon, text: "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", offset: 25),
        OddHead(
            oddity: .invalidFieldName, text: "GET / HTTP/1.1\r\nHo(st: a\r\n\r\n", offset: 16,
            headers: [["Ho(st", "a"]]),
        OddHead(
            oddity: .controlCharacter, text: "GET / HTTP/1.1\r\nHost: a\u{1}\r\n\r\n", offset: 23,
            headers: [["Host", "a\u{1}"]]),
    ]
}

@Suite("HeadParser")
struct HeadParserTests {
    /// Feeds the bytes in pieces of each length and expects the same end and the same kept bytes.
    private func feed(
        _ text: String, _ kind: HeadParser.Kind = .request, limit: Int = 1000, tolerance: HeadTolerance = .capture,
        trailing: String = ""
    ) throws -> HeadParser {
        let bytes = Array((text + trailing).utf8)
        var results: [HeadParser] = []
        for length in [bytes.count, 1, 3, 7] {
            var parser = HeadParser(kind, limit: limit, tolerance: tolerance)
            var start = 0
            var end: Int?
            while start < bytes.count, end == nil {
                let chunk = Array(bytes[start..<min(bytes.count, start + length)])
                end = try parser.receive(chunk.span.bytes, from: 0).map { $0 + start }
                start += length
            }
            #expect(end == text.utf8.count, "pieces of \(length)")
            results.append(parser)
        }
        #expect(results.allSatisfy { $0.bytes == results[0].bytes })
        return results[0]
    }

    @Test("a request head is read as sent, and what follows it is left alone")
    func request() throws {
        let text = "GET /chat?a=%20 HTTP/1.1\r\nHost:  a \r\nX-Empty:\r\nhost: b\r\n\r\n"
        let parsed = try feed(text, trailing: "\u{81}\u{85}").request()
        #expect(parsed.oddities == [])
        #expect(parsed.head.method == "GET")
        #expect(parsed.head.target == "/chat?a=%20")
        #expect(parsed.head.version == "HTTP/1.1")
        #expect(
            parsed.head.headers.fields == [
                HeaderField("Host", "a"), HeaderField("X-Empty", ""), HeaderField("host", "b"),
            ])
        #expect(parsed.head.bytes == Array(text.utf8))
    }

    @Test("a response head is read as sent", arguments: ["OK", "", "Web Socket Protocol Handshake"])
    func response(reason: String) throws {
        let parsed = try feed("HTTP/1.0 200 \(reason)\r\nServer: x\r\n\r\n", .response).response()
        #expect(parsed.head.version == "HTTP/1.0")
        #expect(parsed.head.status == 200)
        #expect(parsed.head.reason == ByteString(reason))
        #expect(parsed.oddities == [])
    }

    @Test(
        "targets of every form are kept as they are",
        arguments: ["*", "http://a.test/x?y", "a.test:443", "/a//b/../c;d=\"e\"", "/\u{fc}", "//"])
    func targets(target: String) throws {
        let parsed = try feed("OPTIONS \(target) HTTP/1.1\r\n\r\n").request()
        #expect(parsed.head.target == ByteString(target))
        #expect(parsed.oddities == [])
    }

    @Test("an oddity is named with its offset where it is allowed", arguments: OddHead.all)
    func allowed(head: OddHead) throws {
        let parser = try feed(head.text, head.kind)
        let (oddities, headers) =
            head.kind == .request
            ? (try parser.request().oddities, try parser.request().head.headers)
            : (try parser.response().oddities, try parser.response().head.headers)
        #expect(oddities == [HeadSighting(head.oddity, offset: head.offset)])
        #expect(headers.fields.map { [$0.name.latin1, $0.value.latin1] } == head.headers)
    }

    @Test("an oddity is refused at its offset where everything else is allowed", arguments: OddHead.all)
    func refused(head: OddHead) throws {
        let tolerance = HeadTolerance(allowing: HeadOddity.allCases.filter { $0 != head.oddity })
        let error = #expect(throws: HeadError.self) {
            var parser = HeadParser(head.kind, limit: 1000, tolerance: tolerance)
            _ = try parser.receive(Array(head.text.utf8).span.bytes, from: 0)
            if head.kind == .request { _ = try parser.request() } else { _ = try parser.response() }
        }
        #expect(error?.code == .refused(head.oddity))
        #expect(error?.offset == head.offset)
    }

    @Test("every oddity has a test", arguments: HeadOddity.allCases)
    func complete(oddity: HeadOddity) {
        #expect(OddHead.all.contains { $0.oddity == oddity })
    }

    @Test(
        "bytes of another protocol are refused before a line is complete",
        arguments: [
            ("\u{16}\u{3}\u{1}", HeadParser.Kind.request, 0), (" GET", .request, 0),
            ("GET\r\n", .request, 3), ("SSH-2.0-OpenSSH_9.2\r", .request, 19),
            (String(repeating: "A", count: 40), .request, 32), ("220 mail", .response, 0), ("HTTX", .response, 3),
        ])
    func notHTTP(text: String, kind: HeadParser.Kind, offset: Int) {
        let error = #expect(throws: HeadError.self) {
            var parser = HeadParser(kind, limit: 1000, tolerance: .capture)
            _ = try parser.receive(Array(text.utf8).span.bytes, from: 0)
        }
        #expect(error?.code == .notHTTP)
        #expect(error?.offset == offset)
    }

    @Test("HTTP/2 is another protocol")
    func http2() throws {
        let error = #expect(throws: HeadError.self) { try feed("PRI * HTTP/2.0\r\n\r\n") }
        #expect(error?.code == .notHTTP)
    }

    @Test(
        "a head of another version is read, and odd",
        arguments: ["HTTP/2.0", "HTTP/3", "HTTP/1.x", "HTTP/1.10", "HTTP/0.9", "HTTP/"])
    func otherVersion(version: String) throws {
        let request = try feed("GET / \(version)\r\nHost: a\r\n\r\n").request()
        #expect(request.head.version == ByteString(version))
        #expect(request.oddities.map(\.oddity) == [.otherVersion])
        let response = try feed("\(version) 200 OK\r\n\r\n", .response).response()
        #expect(response.head.status == 200)
        #expect(response.oddities.map(\.oddity) == [.otherVersion])
    }

    @Test(
        "a start line that is none is refused",
        arguments: [
            "POST /\r\n\r\n", "GET  HTTP/1.1\r\n\r\n", "GET / HTP/1.1\r\n\r\n",
            "GET / http/1.1\r\n\r\n",
            "USER anonymous\r\n\r\n",
        ])
    func badRequestLine(text: String) throws {
        let error = #expect(throws: HeadError.self) { try feed(text) }
        #expect(error?.code == .malformedStartLine)
    }

    @Test(
        "a status line that is none is refused",
        arguments: ["HTTP/1.1\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000\r\n\r\n", "HTTP/1.1 abc\r\n\r\n"])
    func badStatusLine(text: String) throws {
        let error = #expect(throws: HeadError.self) { try feed(text, .response) }
        #expect(error?.code == .malformedStartLine)
    }

    @Test("a head may be as long as the limit and not one byte longer")
    func limit() throws {
        let text = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        _ = try feed(text, limit: text.utf8.count)
        let error = #expect(throws: HeadError.self) { try feed(text, limit: text.utf8.count - 1) }
        #expect(error?.code == .tooLong)
        let empty = #expect(throws: HeadError.self) { try feed(String(repeating: "\r\n", count: 600)) }
        #expect(empty?.code == .tooLong)
    }

    @Test("an error says what, where, why and how to mend")
    func text() throws {
        let error = #expect(throws: HeadError.self) {
            var parser = HeadParser(.request, limit: 100, tolerance: .strict)
            _ = try parser.receive(Array("GET / HTTP/1.1\n".utf8).span.bytes, from: 0)
        }
        #expect(
            error?.description
                == "byte 14: a line ends with LF alone instead of CR LF · RFC 9112 §2.2 · allow it with the tolerance of that name, or mend the sender"
        )
    }
}
