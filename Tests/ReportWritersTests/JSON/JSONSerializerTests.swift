import Foundation
import Testing
import WireBasics

@testable import ReportWriters

@Suite struct JSONSerializerTests {
    private func text(_ value: JSONValue) -> String {
        var bytes: [UInt8] = []
        withExtendedLifetime(Box()) { box in
            var serializer = JSONSerializer { box.bytes += $0 }
            serializer.write(value)
            bytes = box.bytes
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private final class Box {
        var bytes: [UInt8] = []
    }

    @Test(
        "values are written as RFC 8259 has them",
        arguments: [
            (.null, "null"), (true, "true"), (.int(-7), "-7"), ([], "[]"), ([1, [2], "x"], #"[1, [2], "x"]"#),
            (["b": 1, "a": .null], #"{"a": null, "b": 1}"#), (.base64([0xFB, 0xFF]), #""+/8=""#),
            (.hex([0x0A, 0xFF]), #""0aff""#), (.latin1([0x41, 0xE9, 0x80, 0xFF]), #""Aé\u0080ÿ""#),
            (.list(count: 0) { _ in .null }, "[]"),
            ("\"\\\n\r\t\u{0}\u{1B}\u{7F}\u{202E}<\u{1F642}", #""\"\\\n\r\t\u0000\u001B\u007F\u202E\u003C🙂""#),
            ("\u{10FFFF}", #""\uDBFF\uDFFF""#),
        ] as [(JSONValue, String)])
    func values(_ value: JSONValue, _ expected: String) {
        #expect(text(value) == expected + "\n")
    }

    @Test("keys are sorted, and what does not fit into a line stands in several")
    func layout() {
        let long = String(repeating: "x", count: 90)
        let expected = """
            {
              "a": [
                1
              ],
              "b": "\(long)",
              "c": {"d": 1}
            }

            """
        #expect(text(["c": ["d": 1], "b": .string(long), "a": .list([1]) { .int($0) }]) == expected)
    }

    @Test("a megabyte goes through the sink in pieces")
    func pieces() {
        let box = Pieces()
        var serializer = JSONSerializer { box.sizes.append($0.count) }
        serializer.write(.list(count: 100_000) { .int($0) })
        #expect(box.sizes.count > 5)
        #expect(box.sizes.allSatisfy { $0 < 100_000 })
    }

    private final class Pieces {
        var sizes: [Int] = []
    }

    @Test(
        "base64 as RFC 4648 §10 has it",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
        ])
    func base64(_ plain: String, _ encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)).latin1 == encoded)
    }
}
