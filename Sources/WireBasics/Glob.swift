/// A text in which `*` stands for any bytes, and `?` for any one byte where that is asked for.
///
/// Compared byte by byte: whoever does not mind the case of letters compares in lower case.
package struct Glob: Hashable, Sendable {
    /// The text as written.
    package let text: ByteString
    private let hasQuestionMarks: Bool

    /// A pattern; `questionMarks` says whether `?` means more than itself.
    package init(_ text: ByteString, questionMarks: Bool) {
        self.text = text
        hasQuestionMarks = questionMarks
    }

    /// Whether a text is of that form.
    ///
    /// Remembers the last `*` only: what an earlier one could take more of, the last one can take as well.
    package func matches(_ subject: ByteString) -> Bool {
        let (pattern, bytes) = (text.bytes, subject.bytes)
        var (place, index) = (0, 0)
        var star: (place: Int, index: Int)?
        while index < bytes.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, index)
                place += 1
            } else if place < pattern.count,
                pattern[place] == bytes[index] || hasQuestionMarks && pattern[place] == UInt8(ascii: "?")
            {
                (place, index) = (place + 1, index + 1)
            } else if let last = star {
                star = (last.place, last.index + 1)
                (place, index) = (last.place + 1, last.index + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
