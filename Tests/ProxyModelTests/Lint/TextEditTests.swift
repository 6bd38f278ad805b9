import ProxyModel
import Testing
import WireBasics

@Suite("Text edits")
struct TextEditTests {
    static let contents = "one\ntwo\nthree"

    private static func edit(_ line: Int, _ column: Int, to endLine: Int, _ endColumn: Int, _ text: String) -> TextEdit
    {
        TextEdit(
            from: ConfigLocation(file: "a", line: line, column: column),
            to: ConfigLocation(file: "a", line: endLine, column: endColumn), write: text)
    }

    @Test(
        "put text in, replace it, take it out, in any order, at any place",
        arguments: [
            ([edit(1, 1, to: 1, 1, "zero\n")], "zero\none\ntwo\nthree"),
            ([edit(3, 6, to: 3, 6, "!")], "one\ntwo\nthree!"),
            ([edit(2, 1, to: 3, 1, "")], "one\nthree"),
            ([edit(3, 1, to: 3, 6, "3"), edit(1, 1, to: 1, 4, "1")], "1\ntwo\n3"),
            ([edit(2, 4, to: 2, 4, "a"), edit(2, 4, to: 2, 4, "b")], "one\ntwoab\nthree"),
        ])
    func applied(_ edits: [TextEdit], _ expected: String) {
        #expect(String(decoding: TextEdit.applied(edits, to: Array(Self.contents.utf8)), as: UTF8.self) == expected)
    }

    @Test(
        "an edit outside of the file, or the wrong way round, changes nothing; of two that overlap the first is made",
        arguments: [
            ([edit(9, 1, to: 9, 1, "x")], contents), ([edit(0, 0, to: 1, 1, "x")], contents),
            ([edit(1, Int.max, to: 1, Int.max, "x")], contents), ([edit(2, 2, to: 1, 1, "x")], contents),
            ([edit(1, 1, to: 2, 4, "x"), edit(2, 1, to: 2, 4, "y")], "x\nthree"),
        ])
    func refused(_ edits: [TextEdit], _ expected: String) {
        #expect(String(decoding: TextEdit.applied(edits, to: Array(Self.contents.utf8)), as: UTF8.self) == expected)
    }
}
