import Testing
import WireBasics

@testable import HTTPWire

@Suite("BodyFraming")
struct BodyFramingTests {
    private func headers(_ lines: [String]) -> HeaderFields {
        HeaderFields(
            lines.map {
                let colon = $0.firstIndex(of: ":") ?? $0.endIndex
                return HeaderField(
                    ByteString(String($0[..<colon])),
                    ByteString(String($0[colon...].dropFirst())).trimmingWhitespace)
            })
    }

    @Test(
        "the framing of a request follows RFC 9112 §6.3",
        arguments: [
            ([], BodyFraming.none), (["Content-Length: 5"], .length(5)), (["Content-Length: 0"], .none),
            (["Content-Length: 5, 5"], .length(5)), (["Content-Length: 5", "Content-Length: 5"], .length(5)),
            (["Transfer-Encoding: chunked"], .chunked), (["Transfer-Encoding: gzip, Chunked"], .chunked),
            (["Transfer-Encoding: chunked", "Content-Length: 5"], .chunked),
        ])
    func requests(lines: [String], framing: BodyFraming) throws {
        let head = RequestHead(method: "POST", target: "/", headers: headers(lines))
        #expect(try BodyFraming(head) == framing)
    }

    @Test(
        "headers that do not say where a body ends are refused",
        arguments: [
            (["Content-Length: 5", "Content-Length: 6"], BodyError.Code.contentLength),
            (["Content-Length: 5,6"], .contentLength),
            (["Content-Length: +5"], .contentLength), (["Content-Length: "], .contentLength),
            (["Content-Length: 5,"], .contentLength), (["Content-Length: 18446744073709551615"], .contentLength),
            (["Content-Length: 0x10"], .contentLength), (["Transfer-Encoding: gzip"], .transferCoding),
            (["Transfer-Encoding: chunked, chunked"], .transferCoding),
            (["Transfer-Encoding: chunked, gzip"], .transferCoding),
        ])
    func contradictions(lines: [String], code: BodyError.Code) {
        let head = RequestHead(method: "POST", target: "/", headers: headers(lines))
        let error = #expect(throws: BodyError.self) { try BodyFraming(head) }
        #expect(error?.code == code)
    }

    @Test(
        "the framing of a response depends on status and request",
        arguments: [
            (200, "GET", [], BodyFraming.untilClose), (200, "GET", ["Content-Length: 3"], .length(3)),
            (200, "GET", ["Transfer-Encoding: gzip"], .untilClose),
            (200, "GET", ["Transfer-Encoding: chunked"], .chunked),
            (200, "HEAD", ["Content-Length: 3"], .none), (204, "GET", ["Content-Length: 3"], .none),
            (304, "GET", ["Content-Length: 3"], .none), (100, "POST", [], .none), (101, "GET", [], .tunnel),
            (200, "CONNECT", ["Content-Length: 3"], .tunnel), (407, "CONNECT", ["Content-Length: 3"], .length(3)),
        ])
    func responses(status: Int, method: String, lines: [String], framing: BodyFraming) throws {
        let head = ResponseHead(status: status, reason: "", headers: headers(lines))
        #expect(try BodyFraming(head, to: ByteString(method)) == framing)
    }

    @Test("Transfer-Encoding in HTTP/1.0 is faulty framing")
    func oldVersion() {
        let head = ResponseHead(
            version: "HTTP/1.0", status: 200, reason: "", headers: headers(["Transfer-Encoding: chunked"]))
        #expect(throws: BodyError.self) { try BodyFraming(head, to: "GET") }
    }
}

@Suite("BodyScanner")
struct BodyScannerTests {
    /// Feeds the body and what follows it in pieces of each length; returns the scanner.
    private func scan(_ text: String, _ framing: BodyFraming, trailing: String = "GET /") throws -> BodyScanner {
        let bytes = Array((text + trailing).utf8)
        var last = BodyScanner(framing)
        for length in [bytes.count, 1, 2, 5] {
            var scanner = BodyScanner(framing)
            var position = 0
            while position < bytes.count, !scanner.isComplete {
                let chunk = Array(bytes[position..<min(bytes.count, position + length)])
                position += try scanner.receive(chunk.span.bytes, from: 0)
            }
            #expect(position == text.utf8.count, "pieces of \(length)")
            #expect(scanner.wireLength == text.utf8.count)
            last = scanner
        }
        return last
    }

    @Test(
        "chunks are followed to the end of their trailers",
        arguments: [
            ("5\r\nhello\r\n0\r\n\r\n", 5), ("5;a=b;c=\"d\"\r\nhello\r\n0;x\r\n\r\n", 5), ("0\r\n\r\n", 0),
            ("00a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\nX: y\r\nZ: a\r\n\r\n", 20), ("3\nabc\n0\n\n", 3),
            ("2 \r\nab\r\n0\r\n\r\n", 2),
        ])
    func chunks(text: String, length: Int) throws {
        let scanner = try scan(text, .chunked)
        #expect(scanner.isComplete)
        #expect(scanner.length == length)
    }

    @Test(
        "chunks that cannot be read are refused at their offset",
        arguments: [
            ("x\r\n", 0), ("\r\n", 0), ("5\r\nhelloX", 8), ("ffffffffffffffffffff\r\n", 15), (";a\r\n", 0),
            ("-1\r\n", 0),
        ])
    func badChunks(text: String, offset: Int) {
        let error = #expect(throws: BodyError.self) {
            var scanner = BodyScanner(.chunked)
            _ = try scanner.receive(Array(text.utf8).span.bytes, from: 0)
        }
        #expect(error?.code == .chunk)
        #expect(error?.offset == offset)
    }

    @Test("a body of known length ends there")
    func length() throws {
        #expect(try scan("hello", .length(5)).isComplete)
    }

    @Test("a body until close ends with the stream and not before")
    func untilClose() throws {
        var scanner = try scan("hello", .untilClose, trailing: "")
        #expect(!scanner.isComplete)
        let isComplete = scanner.endOfStream()
        #expect(isComplete)
        #expect(scanner.length == 5)
    }

    @Test("the end of the stream does not complete a body of known length")
    func cutLength() throws {
        var scanner = BodyScanner(.length(10))
        _ = try scanner.receive(Array("hello".utf8).span.bytes, from: 0)
        let isComplete = scanner.endOfStream()
        #expect(!isComplete)
    }
}
