import HTTPWire
import Testing
import WireBasics

@Suite("ProxyProtocolHeader")
struct ProxyProtocolHeaderTests {
    static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]

    /// A binary header with that version and command, family, and addresses.
    static func binary(_ command: UInt8, _ family: UInt8, _ addresses: [UInt8]) -> [UInt8] {
        signature + [command, family, 0, UInt8(addresses.count)] + addresses
    }

    @Test(
        "the source address is who connected to the load balancer",
        arguments: [
            (Array("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n".utf8), 1, "192.0.2.1:56324", "198.51.100.7:443"),
            (Array("PROXY TCP6 2001:db8::1 ::1 4000 80\r\n".utf8), 1, "[2001:db8::1]:4000", "[::1]:80"),
            (binary(0x21, 0x11, [192, 0, 2, 1, 127, 0, 0, 1, 0xDC, 4, 0, 80]), 2, "192.0.2.1:56324", "127.0.0.1:80"),
            (
                binary(
                    0x21, 0x21,
                    [0x20, 1, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1] + Array(repeating: 0, count: 15) + [1]
                        + [0x0F, 0xA0, 0, 80]), 2, "[2001:db8::1]:4000", "[::1]:80"
            ),
            // Additional fields (TLVs) stand behind the addresses.
            (
                binary(0x21, 0x11, [192, 0, 2, 1, 127, 0, 0, 1, 0xDC, 4, 0, 80, 4, 0, 1, 9]), 2, "192.0.2.1:56324",
                "127.0.0.1:80"
            ),
        ] as [([UInt8], Int, String, String)])
    func addresses(bytes: [UInt8], version: Int, source: String, destination: String) throws {
        let header = try #require(ProxyProtocolHeader(bytes))
        #expect(header.version == version)
        #expect(header.source?.description == source)
        #expect(header.destination?.description == destination)
        #expect(header.bytes == bytes)
    }

    @Test(
        "a header that names nobody is one all the same",
        arguments: [
            Array("PROXY UNKNOWN\r\n".utf8), Array("PROXY UNKNOWN ffff:: ffff:: 1 1\r\n".utf8),
            binary(0x20, 0, []), binary(0x21, 0x31, Array(repeating: 0, count: 216)), binary(0x21, 0x11, [1, 2]),
            Array("PROXY TCP4 nobody 127.0.0.1 1 2\r\n".utf8), Array("PROXY TCP6 1.2.3.4 127.0.0.1 1 2\r\n".utf8),
        ] as [[UInt8]])
    func nobody(bytes: [UInt8]) throws {
        let header = try #require(ProxyProtocolHeader(bytes))
        #expect(header.source == nil)
        #expect(header.destination == nil)
    }

    @Test(
        "other bytes are none",
        arguments: ["", "GET / HTTP/1.1\r\n", "PROXY TCP4 1.2.3.4", "PROXY UNKNOWN\r\nGET", "PROXY TCP5 \r\n"])
    func absent(text: String) {
        #expect(ProxyProtocolHeader(Array(text.utf8)) == nil)
    }
}
