import Testing

@testable import WebSocketWire

@Suite("CloseCode")
struct CloseCodeTests {
    @Test("codes of RFC 6455 §7.4 and of the registry may be sent, others not")
    func validity() {
        let allowed = (0...65_535).filter { CloseCode(rawValue: $0).maySend }
        #expect(allowed == Array(1000...1003) + Array(1007...1014) + Array(3000...4999))
        for code in 0...65_535 {
            #expect((CloseCode(rawValue: code).objection == nil) == CloseCode(rawValue: code).maySend)
        }
    }
}
