import Testing
import WireBasics

@Suite("Addresses")
struct AddressTests {
    @Test(
        "addresses are written in their canonical form (RFC 5952)",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("::", "::"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("1:0:2:0:0:0:3:4", "1:0:2::3:4"), ("::ffff:10.0.0.1", "::ffff:a00:1"),
            ("1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"),
            ("fe80::", "fe80::"), ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"),
        ])
    func canonicalForm(text: String, canonical: String) throws {
        #expect(try #require(IPAddress(text)).description == canonical)
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "1.2.3", "1.2.3.256", "1.2.3.4.5", "+1.2.3.4", "1::2::3", ":::", "12345::", "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9", "::1.2.3", "g::", "1.2.3.0004",
        ])
    func nonsenseIsRefused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("an endpoint puts IPv6 into brackets", arguments: ["127.0.0.1:80", "[::1]:8080", "[2001:db8::1]:65535"])
    func endpointRoundTrip(text: String) throws {
        #expect(try #require(Endpoint(text)).description == text)
    }

    @Test(
        "an endpoint without a port, with a bad one or with bare IPv6 is refused",
        arguments: ["127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "[127.0.0.1]:80", "host:80"])
    func badEndpoint(text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test("the octets are those of the wire")
    func octets() throws {
        #expect(try #require(IPAddress("1.2.3.4")).octets == [1, 2, 3, 4])
        #expect(try #require(IPAddress("::1")).octets == Array(repeating: 0, count: 15) + [1])
    }
}
