import Testing
import WireBasics

@testable import ProxyDialects

@Suite("PCRE2Pattern")
struct PCRE2PatternTests {
    @Test("captures are byte ranges; a group that took no part is nil")
    func captures() throws {
        let pattern = try PCRE2Pattern("^/(?<app>[a-z]+)/(x)?(.*)$")
        let match = try #require(try pattern.firstMatch(in: "/chat/42"))
        #expect(pattern.groups == 3)
        #expect(match[0] == "/chat/42")
        #expect(match[1] == "chat")
        #expect(match["app"] == "chat")
        #expect(match[2] == nil)
        #expect(match[3] == "42")
        #expect(match[4] == nil)
        #expect(match["nobody"] == nil)
    }

    @Test("bytes are bytes: a dot takes one byte of a UTF-8 character, and no newline")
    func bytes() throws {
        let dot = try PCRE2Pattern("^.$")
        #expect(!dot.matches("é"))
        #expect(dot.matches(ByteString([0xFF])))
        #expect(!dot.matches("\n"))
    }

    @Test("case matters only without ignoresCase", arguments: [(false, false), (true, true)])
    func letterCase(ignoresCase: Bool, found: Bool) throws {
        #expect(try PCRE2Pattern("^/WS", ignoresCase: ignoresCase).matches("/ws") == found)
    }

    @Test("an empty expression matches an empty subject")
    func empty() throws {
        let match = try #require(try PCRE2Pattern("").firstMatch(in: ""))
        #expect(match[0] == "")
    }

    @Test(
        "an expression that does not compile says what and where, in nginx's words",
        arguments: [
            ("^/(ws", "pcre2_compile() failed: missing closing parenthesis in \"^/(ws\"", 5),
            ("a(?Zb", "pcre2_compile() failed: unrecognized character after (? or (?- in \"a(?Zb\" at \"Zb\"", 3),
        ] as [(ByteString, String, Int)])
    func compileErrors(pattern: ByteString, text: String, offset: Int) {
        let error = #expect(throws: PCRE2CompileError.self) { try PCRE2Pattern(pattern) }
        #expect(error?.nginxText == text)
        #expect(error?.offset == offset)
    }

    @Test("a search that explodes is given up at the limit")
    func limits() throws {
        let pattern = try PCRE2Pattern("^(a+)+$")
        let subject = ByteString([UInt8](repeating: UInt8(ascii: "a"), count: 40) + [UInt8(ascii: "b")])
        let limits = PCRE2Limits(matches: 1000, depth: 1000, heapKiB: 1024)
        let error = #expect(throws: PCRE2MatchError.self) { try pattern.firstMatch(in: subject, limits: limits) }
        #expect(error?.message == "match limit exceeded")
        #expect(error?.isOwnLimit == false)
    }
}
