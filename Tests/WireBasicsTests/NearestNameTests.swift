import Testing
import WireBasics

@Suite("The nearest known name")
struct NearestNameTests {
    static let known = ["captures", "proxy", "proxy_pass", "proxy_set_header", "expect", "if"]

    @Test(
        "a mistyped name is taken for the one that it is nearest to",
        arguments: [
            ("capture", "captures"), ("Captures", "captures"), ("porxy", "proxy"), ("proxypass", "proxy_pass"),
            ("proxy_set_headers", "proxy_set_header"), ("fi", "if"),
        ])
    func near(_ typed: String, _ meant: String) {
        #expect(NearestName.find(typed, in: Self.known) == meant)
    }

    @Test(
        "another word, an empty one and an endless one are near nothing",
        arguments: ["backend", "", "pxy", String(repeating: "proxy", count: 1000)])
    func far(_ typed: String) {
        #expect(NearestName.find(typed, in: Self.known) == nil)
    }

    @Test("of names that are equally near the first one is taken")
    func tie() {
        #expect(NearestName.find("pass", in: ["past", "pads"]) == "past")
    }
}
