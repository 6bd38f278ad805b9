import Testing
import WireBasics

@testable import ProxyDialects

@Suite("nginx values")
struct NginxValuesTests {
    @Test(
        "times are read in milliseconds, units falling",
        arguments: [
            ("60", 60_000), ("60s", 60_000), ("1m30s", 90_000), ("1m 30s", 90_000), ("500ms", 500), ("1h", 3_600_000),
            ("1d2h", 93_600_000), ("1w", 604_800_000), ("1s500ms", 1500), ("1M", nil), ("1y", nil), ("30s1m", nil),
            ("", nil), ("s", 0), ("-1", nil), ("1x", nil), ("99999999999999999999", nil), ("9223372036854775807", nil),
        ] as [(String, Int?)])
    func milliseconds(_ text: String, _ expected: Int?) {
        // nginx takes a unit without a number for no number at all.
        #expect(NginxNumbers.milliseconds(ByteString(text)) == (text == "s" ? nil : expected))
    }

    @Test(
        "times are read in seconds, years and months too",
        arguments: [("1y", 31_536_000), ("1M", 2_592_000), ("1h30m", 5400), ("5ms", nil), ("7", 7)] as [(String, Int?)])
    func seconds(_ text: String, _ expected: Int?) {
        #expect(NginxNumbers.seconds(ByteString(text)) == expected)
    }

    @Test(
        "sizes have k and m, offsets g too",
        arguments: [
            ("8", 8, 8), ("8k", 8192, 8192), ("2M", 2_097_152, 2_097_152), ("1g", nil, 1_073_741_824), ("k", nil, nil),
            ("", nil, nil), ("1kk", nil, nil), ("-1", nil, nil), ("9223372036854775807k", nil, nil),
        ] as [(String, Int?, Int?)])
    func sizes(_ text: String, _ size: Int?, _ offset: Int?) {
        #expect(NginxNumbers.size(ByteString(text)) == size)
        #expect(NginxNumbers.offset(ByteString(text)) == offset)
    }

    @Test(
        "percentages have two decimals",
        arguments: [("0.5", 50), ("50", 5000), ("99.99", 9999), ("0.001", nil), (".5", 50), ("", nil), ("1.", 100)]
            as [(String, Int?)])
    func percentages(_ text: String, _ expected: Int?) {
        #expect(NginxNumbers.fixedPoint(ByteString(text), decimals: 2) == expected)
    }

    @Test(
        "addresses are read with host, port and what follows",
        arguments: [
            ("127.0.0.1:80/a?b", "127.0.0.1", 80, "/a?b"), ("a", "a", 7, ""), ("a/b", "a", 7, "/b"),
            ("a?b", "a", 7, "?b"),
            ("[::1]:8080/x", "[::1]", 8080, "/x"), ("[::1]", "[::1]", 7, ""), ("unix:/a/b:/c", "/a/b", 0, "/c"),
        ])
    func urls(_ text: String, _ host: String, _ port: Int, _ uri: String) throws {
        let url = try NginxURL(ByteString(text), defaultPort: 7, hasURI: true)
        #expect(url.host.latin1 == host)
        #expect(url.port == port)
        #expect(url.uri.latin1 == uri)
    }

    @Test(
        "networks are judged",
        arguments: [
            ("10.0.0.0/8", NginxURL.Network.valid), ("10.0.0.1/8", .lowBits), ("10.0.0.0/33", .invalid),
            ("::1", .valid),
            ("::1/64", .lowBits), ("::/0", .valid), ("a", .invalid), ("1.2.3", .invalid), ("1.2.3.256", .invalid),
        ])
    func networks(_ text: String, _ expected: NginxURL.Network) {
        #expect(NginxURL.network(ByteString(text)) == expected)
    }

    @Test("versions compare by number and are read back", arguments: ["1.18.0", "1.22.1", "1.29.10", "1.31.4"])
    func versions(_ text: String) throws {
        let version = try #require(NginxVersion(text))
        #expect(version.description == text)
        #expect(version >= .oldest && version <= .newest)
    }

    @Test("what is no version is none", arguments: ["", "1", "1.", "1.2.3.4", "a.b.c", "1.-2.3", "99999.1.1", "1.2.x"])
    func noVersions(_ text: String) {
        #expect(NginxVersion(text) == nil)
    }

    @Test("no release has two rows for one name in one place")
    func tableIsUnambiguous() {
        for version in [NginxVersion.oldest, .init(1, 22, 1), .init(1, 28, 0), .newest] {
            let rows = NginxDirectiveTable.all.filter { $0.exists(in: version) }
            for (name, same) in Dictionary(grouping: rows, by: \.name) where same.count > 1 {
                for (index, row) in same.enumerated() {
                    for other in same[(index + 1)...] where row.contexts != .anywhere {
                        #expect(row.contexts.isDisjoint(with: other.contexts), "\(name) in \(version)")
                    }
                }
            }
        }
    }

    @Test("a directive that is not modelled says why")
    func reasons() {
        for row in NginxDirectiveTable.all where row.treatment == .notModelled {
            #expect(!row.reason.isEmpty, "\(row.name)")
        }
    }
}
