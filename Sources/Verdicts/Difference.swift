public import ProxyModel
public import WireBasics

/// One place where an outcome is not what was expected.
public struct Difference: Hashable, Sendable, Codable {
    /// What differs, for example `response.status` or `upstream.request.header.upgrade`.
    public var path: String
    /// What was expected; nil for "nothing there".
    public var expected: DifferenceValue?
    /// What came out; nil for "nothing there".
    public var actual: DifferenceValue?
    /// `error` where it breaks the session, `warning` where an end can see it, `hint` where it is only good to know.
    public var severity: Finding.Severity
    /// Who has to act.
    public var blame: Finding.Blame
    /// The cause, the line behind it, and what to write instead.
    public var explanation: Explanation

    /// The path of the difference that this one is a part of: a lost header of the status that it costs.
    ///
    /// Reports that list causes list the whole.
    public var partOf: String?

    /// A difference with all its parts.
    public init(
        path: String, expected: DifferenceValue?, actual: DifferenceValue?, severity: Finding.Severity,
        blame: Finding.Blame = .proxyConfig, explanation: Explanation, partOf: String? = nil
    ) {
        self.partOf = partOf
        self.path = path
        self.expected = expected
        self.actual = actual
        self.severity = severity
        self.blame = blame
        self.explanation = explanation
    }
}

/// A value in a difference: a number or bytes that are mostly text.
public enum DifferenceValue: Hashable, Sendable, Codable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    /// A status, a count.
    case number(Int)
    /// Captured or configured bytes.
    case text(ByteString)

    /// A number.
    public init(integerLiteral value: Int) { self = .number(value) }

    /// A text of our own.
    public init(stringLiteral value: String) { self = .text(ByteString(value)) }
}
