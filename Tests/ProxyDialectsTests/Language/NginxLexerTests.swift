import Testing
import WireBasics

@testable import ProxyDialects

@Suite("nginx lexer")
struct NginxLexerTests {
    private func words(_ text: String) -> [String] {
        var lexer = NginxLexer(Array(text.utf8), file: "a")
        switch lexer.next() {
        case .simple(let words, _), .block(let words, _), .failure(_, _, let words): return words.map(\.text.latin1)
        default: return []
        }
    }

    @Test(
        "words are cut and unescaped as nginx does",
        arguments: [
            ("a b;", ["a", "b"]), ("a\t b\r\n;", ["a", "b"]), ("a \"b c\" 'd e';", ["a", "b c", "d e"]),
            ("a \"b\\\"c\\t\\n\\d\";", ["a", "b\"c\t\n\\d"]), ("a b\\ c;", ["a", "b\\ c"]),
            ("a b\\;c;", ["a", "b\\;c"]),
            ("a ${b};", ["a", "${b}"]), ("a $b{", ["a", "$b"]), ("a b\"c\";", ["a", "b\"c\""]),
            ("a # b;\nc;", ["a", "c"]), ("a b#c;", ["a", "b#c"]), ("a '';", ["a", ""]), ("a \"b\"){", ["a", "b", ")"]),
            ("a '$b\"';", ["a", "$b\""]), ("a \"${b}\" ;", ["a", "${b}"]),
        ])
    func cutting(_ text: String, _ expected: [String]) {
        #expect(words(text) == expected)
    }

    @Test("every word, end and brace has its line and column")
    func locations() {
        var lexer = NginxLexer(Array("\n  a \"b\nc\"\td {\n}".utf8), file: "f")
        guard case .block(let words, let end) = lexer.next(), case .close(let close) = lexer.next(),
            case .end(let last) = lexer.next()
        else {
            Issue.record("expected a block, its end and the end of the file")
            return
        }
        #expect(words.map(\.location.description) == ["f:2:3", "f:2:5", "f:3:4"])
        #expect(words.map(\.isQuoted) == [false, true, false])
        #expect([end, close, last].map(\.description) == ["f:3:6", "f:4:1", "f:4:2"])
    }

    @Test(
        "nginx stops where it stops",
        arguments: [
            ("a \"b\"c;", "unexpected \"c\"", 1), (";", "unexpected \";\"", 1), ("\n{", "unexpected \"{\"", 2),
            ("a\n}", "unexpected \"}\"", 2), ("a b\n", "unexpected end of file, expecting \";\" or \"}\"", 2),
            ("a \"b", "unexpected end of file, expecting \";\" or \"}\"", 1),
            (
                "\na \"" + String(repeating: "x", count: 4097) + "\";",
                "too long parameter, probably missing terminating \"\"\" character", 2
            ),
            ("a " + String(repeating: "x", count: 4097) + ";", "too long parameter \"xxxxxxxxxx...\" started", 1),
            ("#" + String(repeating: "x", count: 4097) + "\na;", "too long parameter \"#xxxxxxxxx...\" started", 1),
        ])
    func failures(_ text: String, _ message: String, _ line: Int) {
        var lexer = NginxLexer(Array(text.utf8), file: "f")
        guard case .failure(let found, let place, _) = lexer.next() else {
            Issue.record("expected a failure")
            return
        }
        #expect(found == message)
        #expect(place.line == line)
    }

    @Test("a word of 4095 bytes fits into nginx's buffer")
    func longestWord() {
        let word = String(repeating: "x", count: 4095)
        #expect(words("a \(word);\nb c;") == ["a", word])
    }

    @Test("no bytes at all trap or go on for ever", arguments: 0..<60)
    func hostile(_ seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        let alphabet = Array("ab;{}\"'\\$#) \n\r\t\u{0}~*(".utf8) + [0xFF, 0xC3]
        let bytes = (0..<300).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return alphabet[Int(state >> 33) % alphabet.count]
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!checkerOutput("a", text).isEmpty)
        #expect(!checkerOutput("a", NginxCase.Context.server.file(text)).isEmpty)
    }
}
