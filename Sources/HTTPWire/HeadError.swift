/// Why bytes are no HTTP/1 message head.
///
/// Shape: what, where, why, how to mend.
package struct HeadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error; more may be added.
    package struct Code: Hashable, Sendable {
        /// The stable name.
        package let name: String

        /// The bytes do not start as HTTP/1 does.
        package static let notHTTP = Code(name: "http.head.not-http")
        /// The start line is none.
        package static let malformedStartLine = Code(name: "http.head.start-line")
        /// No empty line within the limit.
        package static let tooLong = Code(name: "http.head.too-long")

        /// An oddity that the tolerance refuses.
        package static func refused(_ oddity: HeadOddity) -> Code {
            Code(name: oddity.rawValue)
        }
    }

    /// The kind of error.
    package var code: Code
    /// Where: bytes from the first byte of the head, 0-based.
    package var offset: Int
    /// What is the case, in one sentence.
    package var message: String
    /// The rule.
    package var section: String
    /// How to mend it.
    package var mend: String

    /// An error with all its parts.
    package init(_ code: Code, offset: Int, message: String, section: String, mend: String) {
        self.code = code
        self.offset = offset
        self.message = message
        self.section = section
        self.mend = mend
    }

    init(refused oddity: HeadOddity, offset: Int) {
        self.init(
            .refused(oddity), offset: offset, message: oddity.sentence, section: oddity.section,
            mend: "allow it with the tolerance of that name, or mend the sender")
    }

    /// The four parts in one line.
    package var description: String {
        "byte \(offset): \(message) · \(section) · \(mend)"
    }
}
