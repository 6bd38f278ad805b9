import Testing

@testable import ReportWriters

@Suite struct ColumnTextTests {
    @Test(
        "wide characters take two columns, combining marks none",
        arguments: [("abc", 3), ("日本", 4), ("e\u{301}", 1), ("🙂", 2), ("", 0)])
    func width(_ text: String, _ columns: Int) {
        #expect(ColumnText.width(text) == columns)
    }

    @Test(
        "text is cut to its columns with an ellipsis",
        arguments: [("abcdef", 4, "abc…"), ("abc", 3, "abc"), ("日本語", 4, "日…"), ("abc", 1, "…"), ("abc", 0, "")])
    func shortening(_ text: String, _ columns: Int, _ short: String) {
        #expect(ColumnText.shortened(text, to: columns) == short)
        #expect(ColumnText.width(ColumnText.shortened(text, to: columns)) <= columns)
    }

    @Test("lines break at blanks, long words inside")
    func wrapping() {
        #expect(ColumnText.wrapped("one two three four", to: 9) == ["one two", "three", "four"])
        #expect(ColumnText.wrapped("abcdefghijklmnop", to: 8) == ["abcdefgh", "ijklmnop"])
        #expect(ColumnText.wrapped("", to: 8) == [""])
        #expect(ColumnText.wrapped("a\nb", to: 8) == ["a", "b"])
    }
}
