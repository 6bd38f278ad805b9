import Testing

@testable import WireBasics

@Suite("Base64")
struct Base64Tests {
    @Test(
        "the test vectors of RFC 4648 §10 go both ways",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(plain: String, text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == ByteString(text))
        #expect(Base64.decode(ByteString(text)) == Array(plain.utf8))
    }

    @Test("every byte survives")
    func allBytes() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }

    @Test(
        "what is no canonical base64 is refused",
        arguments: ["Zg", "Zg=", "Z===", "Zh==", "Zm9=", "Z g=", "Zg==Zg==", "====", "Zm-v", "Zm9v\n"])
    func refused(text: String) {
        #expect(Base64.decode(ByteString(text)) == nil)
    }
}
