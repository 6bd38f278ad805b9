import HTTPWire
import Testing
import WireBasics

@testable import WebSocketWire

@Suite("PerMessageDeflate")
struct PerMessageDeflateTests {
    static func parse(_ value: String) -> [ExtensionOffer] {
        ExtensionOffer.all(in: HeaderFields([HeaderField("Sec-WebSocket-Extensions", ByteString(value))]))
            .compactMap(\.offer)
    }

    @Test(
        "answers that RFC 7692 §7.1 allows are accepted",
        arguments: [
            ("permessage-deflate", "permessage-deflate"),
            ("permessage-deflate", "permessage-deflate; client_no_context_takeover; server_no_context_takeover"),
            ("permessage-deflate", "permessage-deflate; server_max_window_bits=8"),
            ("permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits=9"),
            ("permessage-deflate; client_max_window_bits=12", "permessage-deflate"),
            ("permessage-deflate; server_max_window_bits=12", "permessage-deflate; server_max_window_bits=\"10\""),
            ("permessage-deflate; server_no_context_takeover", "permessage-deflate; server_no_context_takeover"),
            (
                "permessage-deflate; server_max_window_bits=10, permessage-deflate",
                "permessage-deflate"
            ),
        ])
    func allowed(offer: String, answer: String) throws {
        let response = try #require(Self.parse(answer).first)
        #expect(PerMessageDeflate.objection(to: response, offers: Self.parse(offer)) == nil)
    }

    @Test(
        "answers that RFC 7692 §7.1 forbids are refused",
        arguments: [
            ("permessage-deflate; server_no_context_takeover", "permessage-deflate"),
            ("permessage-deflate; server_max_window_bits=10", "permessage-deflate"),
            ("permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=11"),
            ("permessage-deflate", "permessage-deflate; client_max_window_bits=15"),
            ("permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits"),
            ("permessage-deflate", "permessage-deflate; server_max_window_bits=16"),
            ("permessage-deflate", "permessage-deflate; server_max_window_bits=7"),
            ("permessage-deflate", "permessage-deflate; server_max_window_bits=08"),
            ("permessage-deflate", "permessage-deflate; server_max_window_bits"),
            ("permessage-deflate", "permessage-deflate; server_no_context_takeover=1"),
            ("permessage-deflate", "permessage-deflate; mystery"),
            ("permessage-deflate", "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9"),
            ("permessage-deflate; mystery", "permessage-deflate"),
        ])
    func forbidden(offer: String, answer: String) throws {
        let response = try #require(Self.parse(answer).first)
        #expect(PerMessageDeflate.objection(to: response, offers: Self.parse(offer)) != nil)
    }

    @Test("each direction has its own parameters")
    func directions() throws {
        let answer =
            "permessage-deflate; client_no_context_takeover; client_max_window_bits=9; server_max_window_bits=12"
        let response = try #require(Self.parse(answer).first)
        let agreed = try #require(PerMessageDeflate(response: response))
        #expect(agreed[.client] == .init(resetsForEachMessage: true, windowBits: 9))
        #expect(agreed[.server] == .init(resetsForEachMessage: false, windowBits: 12))
    }

    @Test(
        "quoted strings are read, and what is none is not",
        arguments: [
            ("a; b=\"c\\d\"", "cd"), ("a; b=\"c", nil), ("a; b=\"c d\"", nil), ("a; b=\"\"", nil), ("a; b=c=d", nil),
            ("a; b=\"c\\\"", nil),
        ])
    func quoted(text: String, value: String?) {
        #expect(Self.parse(text).first?.parameters.first?.value?.latin1 == value)
    }
}
