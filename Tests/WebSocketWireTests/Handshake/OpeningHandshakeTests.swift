import HTTPWire
import Testing
import WireBasics

@testable import WebSocketWire

/// A handshake with one fault.
struct FaultyHandshake: CustomTestStringConvertible, Sendable {
    var code: String
    var request = Wire.request()
    var response = Wire.response()

    var testDescription: String { code }

    static func request(_ code: String, _ request: [UInt8]) -> Self { Self(code: code, request: request) }

    static func response(_ code: String, _ response: [UInt8], offer: [String] = []) -> Self {
        Self(code: code, request: Wire.request(offer), response: response)
    }

    static let all: [Self] = [
        request("ws.request.method", Wire.request(start: "POST /chat HTTP/1.1")),
        request("ws.request.http-version", Wire.request(start: "GET /chat HTTP/1.0")),
        request("ws.request.target", Wire.request(start: "GET /chat#top HTTP/1.1")),
        request("ws.request.host-missing", Wire.request(without: ["Host"])),
        request("ws.request.host-repeated", Wire.request(["Host: other.test"])),
        request("ws.request.connection", Wire.request(["Connection: keep-alive"], without: ["Connection"])),
        request("ws.request.key-missing", Wire.request(without: ["Sec-WebSocket-Key"])),
        request("ws.request.key-repeated", Wire.request(["Sec-WebSocket-Key: \(Wire.key)"])),
        Self(
            code: "ws.request.key-invalid",
            request: Wire.request(["Sec-WebSocket-Key: c2hvcnQ="], without: ["Sec-WebSocket-Key"]),
            response: Wire.response(
                ["Sec-WebSocket-Accept: \(OpeningHandshake.accept(forKey: "c2hvcnQ=").latin1)"],
                without: ["Sec-WebSocket-Accept"])),
        request("ws.request.version-missing", Wire.request(without: ["Sec-WebSocket-Version"])),
        request("ws.request.version-repeated", Wire.request(["Sec-WebSocket-Version: 13"])),
        request("ws.request.version", Wire.request(["Sec-WebSocket-Version: 8"], without: ["Sec-WebSocket-Version"])),
        request("ws.request.subprotocol", Wire.request(["Sec-WebSocket-Protocol: chat, chat"])),
        request("ws.request.subprotocol", Wire.request(["Sec-WebSocket-Protocol: a/b"])),
        request("ws.request.subprotocol", Wire.request(["Sec-WebSocket-Protocol:"])),
        request("ws.request.extensions", Wire.request(["Sec-WebSocket-Extensions: foo; =1"])),
        response("ws.response.http-version", Wire.response(start: "HTTP/1.0 101 Switching Protocols")),
        response("ws.response.upgrade", Wire.response(without: ["Upgrade"])),
        response("ws.response.upgrade", Wire.response(["Upgrade: h2c"])),
        response("ws.response.connection", Wire.response(["Connection: close"], without: ["Connection"])),
        response("ws.response.accept-missing", Wire.response(without: ["Sec-WebSocket-Accept"])),
        response("ws.response.accept-repeated", Wire.response(["Sec-WebSocket-Accept: \(Wire.accept)"])),
        response(
            "ws.response.accept",
            Wire.response(["Sec-WebSocket-Accept: \(Wire.key)"], without: ["Sec-WebSocket-Accept"])),
        response("ws.response.extensions", Wire.response(["Sec-WebSocket-Extensions: foo bar"])),
        response("ws.response.extension-not-offered", Wire.response(["Sec-WebSocket-Extensions: permessage-deflate"])),
        response(
            "ws.response.extension-repeated",
            Wire.response(["Sec-WebSocket-Extensions: permessage-deflate, permessage-deflate"]),
            offer: ["Sec-WebSocket-Extensions: permessage-deflate"]),
        response(
            "ws.response.deflate-parameters",
            Wire.response(["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=10"]),
            offer: ["Sec-WebSocket-Extensions: permessage-deflate"]),
        response("ws.response.subprotocol-not-offered", Wire.response(["Sec-WebSocket-Protocol: chat"])),
        response(
            "ws.response.subprotocol-repeated",
            Wire.response(["Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: chat"]),
            offer: ["Sec-WebSocket-Protocol: chat"]),
    ]
}

@Suite("OpeningHandshake")
struct OpeningHandshakeTests {
    static func request(_ bytes: [UInt8]) throws -> RequestHead {
        var parser = HeadParser(.request, limit: 10_000, tolerance: .capture)
        _ = try parser.receive(bytes.span.bytes, from: 0)
        return try parser.request().head
    }

    static func response(_ bytes: [UInt8]) throws -> ResponseHead {
        var parser = HeadParser(.response, limit: 10_000, tolerance: .capture)
        _ = try parser.receive(bytes.span.bytes, from: 0)
        return try parser.response().head
    }

    @Test("the key of RFC 6455 §1.3 gives the accept value of RFC 6455 §1.3")
    func accept() {
        #expect(OpeningHandshake.accept(forKey: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test(
        "a good handshake has no fault",
        arguments: [
            ([], []), (["Sec-WebSocket-Protocol: a, b", "Sec-WebSocket-Protocol: c"], ["Sec-WebSocket-Protocol: c"]),
            (["Origin: http://a.test", "Connection: keep-alive, Upgrade"], ["Server: x"]),
            (["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"], []),
        ])
    func good(offer: [String], answer: [String]) throws {
        let request = try Self.request(Wire.request(offer))
        let handshake = OpeningHandshake(request: request, response: try Self.response(Wire.response(answer)))
        #expect(handshake.requestFaults == [])
        #expect(handshake.responseFaults == [])
        #expect(handshake.acceptIsValid == true)
    }

    @Test("a fault is named, and nothing else is", arguments: FaultyHandshake.all)
    func faulty(_ faulty: FaultyHandshake) throws {
        let request = try Self.request(faulty.request)
        let handshake = OpeningHandshake(request: request, response: try Self.response(faulty.response))
        let faults = handshake.requestFaults + handshake.responseFaults
        #expect(faults.map(\.code) == [faulty.code])
        let rule = try #require(ViolationCatalogue.rule(faulty.code))
        #expect(faults.allSatisfy { $0.section == rule.section && rule.parties.contains($0.party) })
        #expect(OpeningHandshake.faults(in: request) == handshake.requestFaults)
    }

    @Test("a request without upgrade lacks exactly that")
    func noUpgrade() throws {
        let request = try Self.request(Wire.request(without: ["Upgrade", "Connection"]))
        #expect(OpeningHandshake.faults(in: request).map(\.code) == ["ws.request.upgrade", "ws.request.connection"])
        #expect(!OpeningHandshake.asksForWebSocket(request))
    }

    @Test("a refusal is judged by its request only")
    func refusal() throws {
        let response = try Self.response(Wire.head("HTTP/1.1 403 Forbidden", []))
        let handshake = OpeningHandshake(request: try Self.request(Wire.request()), response: response)
        #expect(handshake.responseFaults == [])
        #expect(handshake.acceptIsValid == nil)
    }

    @Test("what was agreed is told")
    func agreed() throws {
        let request = try Self.request(
            Wire.request(["Sec-WebSocket-Protocol: a, b", "Sec-WebSocket-Extensions: permessage-deflate, x-foo"]))
        let response = try Self.response(
            Wire.response([
                "Sec-WebSocket-Protocol: b",
                "Sec-WebSocket-Extensions: x-foo; a=\"b\", permessage-deflate; server_no_context_takeover",
            ]))
        let handshake = OpeningHandshake(request: request, response: response)
        #expect(handshake.subprotocol == "b")
        #expect(handshake.extensions.map(\.name) == ["x-foo", "permessage-deflate"])
        #expect(handshake.extensions.first?.parameters == [.init("a", "b")])
        #expect(handshake.deflate?.server == .init(resetsForEachMessage: true, windowBits: 15))
        #expect(handshake.deflate?.client == .init(resetsForEachMessage: false, windowBits: 15))
    }

    @Test("the session says what the handshake says", arguments: FaultyHandshake.all)
    func inSession(_ faulty: FaultyHandshake) {
        let reading = Dialogue([.bytes(faulty.request, .client), .bytes(faulty.response, .server)]).readEveryWay()
        #expect(reading.transcripts.first?.violations.map(\.code) == [faulty.code])
        #expect(reading.losses == [])
    }
}
