import HTTPWire
import TCPReassembly
import Testing
import WireBasics

@testable import WebSocketWire

/// A dialogue that breaks exactly one rule.
struct Breach: CustomTestStringConvertible, Sendable {
    var code: String
    var party: Party
    var dialogue: Dialogue
    var name: String

    var testDescription: String { "\(code) \(name)" }

    init(_ code: String, _ party: Party, _ name: String = "", _ dialogue: Dialogue) {
        self.code = code
        self.party = party
        self.dialogue = dialogue
        self.name = name
    }

    /// Both ends can break it: the same payloads as frames of each.
    static func both(
        _ code: String, _ name: String = "",
        _ frames: (_ frame: (UInt8, [UInt8], Bool, UInt8) -> [UInt8]) -> [UInt8]
    ) -> [Breach] {
        [
            Breach(code, .client, name, .session(client: frames { Wire.client($0, $1, fin: $2, rsv: $3) })),
            Breach(code, .server, name, .session(server: frames { Wire.server($0, $1, fin: $2, rsv: $3) })),
        ]
    }

    static func deflated(
        _ code: String, _ name: String = "", parameters: String = "",
        _ frames: (_ frame: (UInt8, [UInt8], Bool, UInt8) -> [UInt8]) -> [UInt8]
    ) -> [Breach] {
        [
            Breach(
                code, .client, name,
                .deflated(client: frames { Wire.client($0, $1, fin: $2, rsv: $3) }, parameters: parameters)),
            Breach(
                code, .server, name,
                .deflated(server: frames { Wire.server($0, $1, fin: $2, rsv: $3) }, parameters: parameters)),
        ]
    }

    static let frames: [Breach] =
        [
            Breach("ws.frame.unmasked", .client, "", .session(client: Wire.frame(1, Wire.text("Hello")))),
            Breach("ws.frame.masked", .server, "", .session(server: Wire.client(1, Wire.text("Hello")))),
            Breach(
                "ws.frame.length-not-minimal", .server, "16 bits",
                .session(server: Wire.frame(1, Wire.text("Hello"), lengthBytes: 2))),
            Breach(
                "ws.frame.length-not-minimal", .client, "64 bits",
                .session(client: Wire.frame(2, Array(repeating: 0, count: 200), mask: [1, 2, 3, 4], lengthBytes: 8))),
            Breach(
                "ws.frame.length-top-bit", .server, "",
                .session(server: [0x82, 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4, 5])),
        ]
        + both("ws.frame.reserved-opcode", "3") { $0(3, [1], true, 0) }
        + both("ws.frame.reserved-opcode", "7 inside a message") {
            $0(1, Wire.text("a"), false, 0) + $0(7, [1], true, 0) + $0(0, Wire.text("b"), true, 0)
        }
        + both("ws.frame.reserved-opcode", "11") { $0(11, [1], true, 0) }
        + both("ws.frame.reserved-opcode", "15") { $0(15, [], true, 0) }
        + both("ws.frame.rsv1", "text") { $0(1, Wire.text("a"), true, 4) }
        + both("ws.frame.rsv1", "ping") { $0(9, [], true, 4) }
        + both("ws.frame.rsv1", "continuation") { $0(1, Wire.text("a"), false, 0) + $0(0, [], true, 4) }
        + both("ws.frame.rsv2") { $0(2, [1], true, 2) }
        + both("ws.frame.rsv3") { $0(2, [1], true, 1) }
        + deflated("ws.frame.rsv2", "with permessage-deflate") { $0(2, [1], true, 2) }
        + both("ws.control.too-long", "ping") { $0(9, Array(repeating: 0, count: 126), true, 0) }
        + both("ws.control.too-long", "close") {
            $0(8, Wire.close(1000, String(repeating: "é", count: 70)), true, 0)
        }
        + both("ws.control.fragmented") { $0(9, [], false, 0) }
        + deflated("ws.control.compressed") { $0(9, [1], true, 4) }

    static let messages: [Breach] =
        both("ws.message.stray-continuation", "first") { $0(0, [1], true, 0) }
        + both("ws.message.stray-continuation", "behind a message") { $0(1, [65], true, 0) + $0(0, [1], true, 0) }
        + both("ws.message.interrupted") { $0(1, [65], false, 0) + $0(2, [1], true, 0) }
        + both("ws.message.utf8", "in one frame") { $0(1, [0x41, 0xFF, 0x41], true, 0) }
        + both("ws.message.utf8", "cut character") { $0(1, [0x41, 0xC3], true, 0) }
        + both("ws.message.utf8", "surrogate over fragments") {
            $0(1, [0xED], false, 0) + $0(9, [], true, 0) + $0(0, [0xA0], false, 0) + $0(0, [0x80], true, 0)
        }
        + deflated("ws.message.utf8", "inflated") { $0(1, Deflater().message([0x41, 0xFF]), true, 4) }
        + deflated("ws.message.compressed-continuation") {
            let bytes = Deflater().message(Wire.text("Hello"))
            return $0(1, Array(bytes.prefix(3)), false, 4) + $0(0, Array(bytes.dropFirst(3)), true, 4)
        }
        + deflated("ws.deflate.invalid") { $0(1, [0xFF, 0xFF, 0xFF], true, 4) }
        + deflated("ws.deflate.unfinished", "cut") {
            $0(2, Array(Deflater().message(Array(repeating: 7, count: 4000) + [1, 2, 3]).dropLast(3)), true, 4)
        }
        + deflated("ws.deflate.unfinished", "the tail is still there") {
            $0(2, Deflater().compress(Wire.text("Hello"), 2), true, 4)
        }
        + deflated("ws.deflate.window", parameters: "; client_max_window_bits=9; server_max_window_bits=9") {
            var random = SplitMix(seed: 3)
            let noise = (0..<2000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            return $0(2, Deflater().message(noise + noise), true, 4)
        }

    static let closes: [Breach] =
        both("ws.close.length") { $0(8, [3], true, 0) }
        + [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].flatMap { code in
            both("ws.close.code", "\(code)") { $0(8, Wire.close(code), true, 0) }
        }
        + both("ws.close.utf8") { $0(8, Wire.close(1000) + [0xC0, 0x80], true, 0) }
        + both("ws.close.data-after", "a frame") { $0(8, Wire.close(1000), true, 0) + $0(1, [65], true, 0) }
        + both("ws.close.data-after", "a close frame") { $0(8, [], true, 0) + $0(8, [], true, 0) }

    /// A request and its answer, plain HTTP where nothing else is said.
    private static func exchange(_ request: [UInt8], _ response: [UInt8]) -> Dialogue {
        Dialogue([.bytes(request, .client), .bytes(response, .server)])
    }

    private static let get = Wire.head("GET / HTTP/1.1", ["Host: a"])

    static let http: [Breach] =
        [
            Breach(
                "ws.request.origin-repeated", .client, "",
                exchange(Wire.request(["Origin: http://a", "Origin: http://b"]), Wire.response())),
            Breach(
                "ws.request.deflate-parameters", .client, "badly valued",
                exchange(
                    Wire.request(["Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=7"]),
                    Wire.response())),
            Breach(
                "ws.request.deflate-parameters", .client, "unknown, in the second offer",
                exchange(
                    Wire.request(["Sec-WebSocket-Extensions: permessage-deflate, permessage-deflate; memory=8"]),
                    Wire.response())),
            Breach(
                "ws.response.extensions-repeated", .server, "",
                exchange(
                    Wire.request(["Sec-WebSocket-Extensions: a, b"]),
                    Wire.response(["Sec-WebSocket-Extensions: a", "Sec-WebSocket-Extensions: b"]))),
            Breach(
                "http.request.host-missing", .client, "",
                exchange(Wire.head("GET / HTTP/1.1", []), Wire.head("HTTP/1.1 204 No Content", []))),
            Breach(
                "http.request.host-repeated", .client, "",
                exchange(
                    Wire.head("GET / HTTP/1.1", ["Host: a", "Host: a"]), Wire.head("HTTP/1.1 204 No Content", []))),
            Breach(
                "http.response.interim-to-http-1.0", .server, "",
                exchange(
                    Wire.head("GET / HTTP/1.0", []),
                    Wire.head("HTTP/1.1 103 Early Hints", []) + Wire.head("HTTP/1.1 204 No Content", []))),
            Breach(
                "http.response.upgrade-not-offered", .server, "not asked at all",
                exchange(get, Wire.head("HTTP/1.1 101 Switching Protocols", ["Upgrade: websocket"]))),
            Breach(
                "http.response.upgrade-not-offered", .server, "another one",
                exchange(Wire.request(), Wire.head("HTTP/1.1 101 Switching Protocols", ["Upgrade: h2c"]))),
            Breach(
                "http.response.upgrade-missing", .server, "",
                exchange(get, Wire.head("HTTP/1.1 426 Upgrade Required", ["Content-Length: 0"]))),
            Breach(
                "http.body.forbidden", .server, "length of a 204",
                exchange(get, Wire.head("HTTP/1.1 204 No Content", ["Content-Length: 0"]))),
            Breach(
                "http.body.forbidden", .server, "coding of a 101",
                exchange(Wire.request(), Wire.response(["Transfer-Encoding: chunked"]))),
            Breach(
                "http.body.length-and-chunked", .client, "",
                Dialogue([
                    .bytes(
                        Wire.head("POST / HTTP/1.1", ["Host: a", "Content-Length: 3", "Transfer-Encoding: chunked"])
                            + Wire.text("0\r\n\r\n"), .client),
                    .bytes(Wire.head("HTTP/1.1 204 No Content", []), .server),
                ])),
            Breach(
                "http.body.content-length", .server, "",
                Dialogue([
                    .bytes(Wire.head("GET / HTTP/1.1", ["Host: a"]), .client),
                    .bytes(Wire.head("HTTP/1.1 200 OK", ["Content-Length: x"]), .server),
                ])),
            Breach(
                "http.body.transfer-coding", .client, "",
                Dialogue([.bytes(Wire.head("POST / HTTP/1.1", ["Host: a", "Transfer-Encoding: gzip"]), .client)])),
            Breach(
                "http.body.chunk", .server, "",
                Dialogue([
                    .bytes(Wire.head("GET / HTTP/1.1", ["Host: a"]), .client),
                    .bytes(
                        Wire.head("HTTP/1.1 200 OK", ["Transfer-Encoding: chunked"]) + Wire.text("zz\r\n"), .server),
                ])),
        ]

    static let all = frames + messages + closes + http
}

@Suite("ViolationCatalogue")
struct ViolationTests {
    @Test("a breach is found, however the bytes are cut, and no other one is", arguments: Breach.all)
    func exactly(_ breach: Breach) throws {
        let reading = breach.dialogue.readEveryWay()
        #expect(reading.violations == ["\(breach.party.rawValue) \(breach.code)"])
        let violation = try #require(reading.transcripts.first?.violations.first)
        let rule = try #require(ViolationCatalogue.rule(breach.code))
        #expect(violation.section == rule.section)
        #expect(rule.parties.contains(breach.party))
        #expect(violation.packet > 1)
    }

    @Test("every code of the catalogue has a test", arguments: ViolationCatalogue.rules)
    func complete(rule: ViolationRule) {
        let codes =
            Breach.all.map(\.code) + FaultyHandshake.all.map(\.code)
            + ["ws.request.upgrade", "ws.response.version-missing"]
            + HeadOddity.allCases.map(\.rawValue)
        #expect(codes.contains(rule.code))
    }

    @Test("codes are unique, and each says what and where it stands")
    func wellFormed() {
        let codes = ViolationCatalogue.rules.map(\.code) + LossCatalogue.rules.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(ViolationCatalogue.rules.allSatisfy { $0.section.hasPrefix("RFC ") && !$0.sentence.isEmpty })
        #expect(ViolationCatalogue.rules.allSatisfy { !$0.parties.isEmpty })
    }

    @Test("a 426 names the versions of WebSocket that the server speaks")
    func versionsNamed() {
        let request = Wire.request(["Sec-WebSocket-Version: 8"], without: ["Sec-WebSocket-Version"])
        let silent = Wire.head("HTTP/1.1 426 Upgrade Required", ["Upgrade: websocket", "Content-Length: 0"])
        #expect(
            Dialogue([.bytes(request, .client), .bytes(silent, .server)]).readEveryWay().violations
                == ["client ws.request.version", "server ws.response.version-missing"])
        let good = Wire.head(
            "HTTP/1.1 426 Upgrade Required",
            ["Upgrade: websocket", "Sec-WebSocket-Version: 13", "Content-Length: 0"])
        #expect(
            Dialogue([.bytes(request, .client), .bytes(good, .server)]).readEveryWay().violations
                == ["client ws.request.version"])
    }

    @Test("an odd head is a violation of its sender")
    func oddHead() {
        let reading = Dialogue([
            .bytes(Wire.text("GET / HTTP/1.1\nHost: a\n\n"), .client),
            .bytes(Wire.text("HTTP/1.1 204\r\nA : b\r\n\r\n"), .server),
        ]).readEveryWay()
        #expect(
            reading.violations == [
                "client http.head.bare-lf", "server http.head.missing-reason-space",
                "server http.head.whitespace-before-colon",
            ])
    }

    @Test("a violation that repeats itself is counted and not kept for ever")
    func repeated() throws {
        let reading = Dialogue.session(client: (0..<25).flatMap { _ in Wire.frame(1, [65]) }).readEveryWay()
        let violations = try #require(reading.transcripts.first?.violations)
        #expect(violations.count == 10)
        #expect(violations.map(\.count) == Array(repeating: 1, count: 9) + [16])
    }

    @Test("what is allowed is no violation")
    func nothing() {
        let reading = Dialogue.session(
            client: Wire.client(1, Wire.text("Gr\u{FC}\u{DF}e")) + Wire.client(10, [1, 2])
                + Wire.client(2, [], fin: false)
                + Wire.client(9, Array(repeating: 1, count: 125)) + Wire.client(0, [0xFF]) + Wire.client(8),
            server: Wire.server(2, [0xFF]) + Wire.server(1) + Wire.server(8, Wire.close(4999, "\u{20AC}"))
        ).readEveryWay()
        #expect(reading.violations == [])
        #expect(reading.losses == [])
    }
}
