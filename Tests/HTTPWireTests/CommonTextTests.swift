import Testing
import WireBasics

@testable import HTTPWire

@Suite("Texts that heads share")
struct CommonTextTests {
    @Test(
        "what comes out are the bytes that went in, common or not",
        arguments: [
            "", "GET", "get", "GEX", "Host", "host", "Switching Protocols", "switching protocols", "websocket",
            "permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits=", "13", "14",
        ])
    func sameBytes(_ text: String) {
        let bytes = Array("<\(text)>".utf8)
        #expect(CommonText.shared(bytes[1..<bytes.count - 1]) == ByteString(text))
    }

    @Test("a common text is one array in memory, however often it is met")
    func isShared() {
        let first = CommonText.shared(Array("Upgrade".utf8)[...])
        let second = CommonText.shared(Array("Upgrade".utf8)[...])
        let addresses = [first, second].map { text in text.bytes.withUnsafeBufferPointer { $0.baseAddress } }
        #expect(addresses[0] != nil && addresses[0] == addresses[1])
    }
}
