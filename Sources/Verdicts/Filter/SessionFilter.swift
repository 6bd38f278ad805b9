public import WebSocketWire
import WireBasics

/// Chooses sessions: `path=/chat`, `status=4xx,5xx`, `address!=10.0.0.0/8`, `violation`.
///
/// Shape: conditions that must all be met; of the patterns of one condition, any. A condition is a key of `FilterKey`,
/// `=` or `!=`, and patterns between commas. A key alone asks whether there is any value, `!key` whether there is none.
/// `!=` is the opposite of `=`: of several values, none may match.
public struct SessionFilter: Hashable, Sendable {
    /// The conditions as they were written.
    public let expressions: [String]

    let conditions: [FilterCondition]

    /// Reads conditions, one each.
    ///
    /// - Parameter knowsVerdicts: whether there are verdicts to choose by: they come from a replay.
    public init(_ expressions: [String], knowsVerdicts: Bool = true) throws(FilterError) {
        self.expressions = expressions
        var conditions: [FilterCondition] = []
        for expression in expressions {
            let condition = try FilterCondition(expression)
            guard knowsVerdicts || condition.key != .verdict else {
                throw FilterError(
                    expression: expression, offset: 0, message: "there is no verdict to choose by",
                    mend: "verdicts come from a replay: `wsreplay replay … --filter \(VisibleText.escape(expression))`")
            }
            conditions.append(condition)
        }
        self.conditions = conditions
    }

    /// Whether a session meets every condition; `verdict` is nil where none was given yet.
    public func chooses(_ id: SessionID, _ transcript: SessionTranscript, verdict: Verdict? = nil) -> Bool {
        conditions.allSatisfy { $0.isMet(by: $0.key.values(of: id, transcript, verdict)) }
    }
}

/// One condition of a filter.
struct FilterCondition: Hashable, Sendable {
    let expression: String
    let key: FilterKey
    let isNegated: Bool
    /// Empty: any value will do.
    let patterns: [FilterPattern]

    func isMet(by values: [FilterValue]) -> Bool {
        isNegated != hasMatch(in: values)
    }

    private func hasMatch(in values: [FilterValue]) -> Bool {
        guard !patterns.isEmpty else { return !values.isEmpty && values != [.truth(false)] }
        return patterns.contains { pattern in
            pattern == .none ? values.isEmpty : values.contains(where: pattern.matches)
        }
    }

    init(_ expression: String) throws(FilterError) {
        self.expression = expression
        let text = Array(expression.utf8)
        let startsNegated = text.first == UInt8(ascii: "!")
        let start = startsNegated ? 1 : 0
        let end = text[start...].firstIndex { !$0.isKeyCharacter } ?? text.count
        key = try Self.key(text[start..<end], expression)
        guard end < text.count else {
            (isNegated, patterns) = (startsNegated, [])
            return
        }
        var position = end
        let isUnequal = text[position] == UInt8(ascii: "!")
        if isUnequal { position += 1 }
        guard !startsNegated, position < text.count, text[position] == UInt8(ascii: "=") else {
            throw FilterError(
                expression: expression, offset: startsNegated ? 0 : end,
                message: startsNegated ? "a condition that starts with ! has no value" : "after a key comes = or !=",
                mend: "write for example \(key.example); * stands for any text, a comma for \"or\", and each condition "
                    + "has a --filter of its own")
        }
        position += 1
        // Two equals signs mean the same to everybody who writes them.
        if position < text.count, text[position] == UInt8(ascii: "=") { position += 1 }
        isNegated = isUnequal
        var patterns: [FilterPattern] = []
        for part in text[position...].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            patterns.append(try FilterPattern(part, for: key, in: expression))
        }
        self.patterns = patterns
    }

    private static func key(_ text: ArraySlice<UInt8>, _ expression: String) throws(FilterError) -> FilterKey {
        let name = String(decoding: text, as: UTF8.self)
        if let key = FilterKey(rawValue: name.lowercased()) { return key }
        let known = FilterKey.allCases.map(\.rawValue)
        guard !name.isEmpty else {
            throw FilterError(
                expression: expression, offset: text.startIndex, message: "a condition starts with a key",
                mend: "keys are \(known.joined(separator: ", "))")
        }
        let begun = known.filter { $0.hasPrefix(name.lowercased()) }
        throw FilterError(
            expression: expression, offset: text.startIndex,
            message: "sessions have no \"\(VisibleText.escape(name))\" to choose by",
            mend: (begun.count == 1 ? begun.first : NearestName.find(name, in: known)).map { "did you mean \($0)?" }
                ?? "keys are \(known.joined(separator: ", "))")
    }
}

/// A filter that cannot be read.
public struct FilterError: Error, Hashable, Sendable {
    /// The condition as it was written.
    public var expression: String
    /// Where in it: bytes from its start, 0-based.
    public var offset: Int
    /// What is wrong.
    public var message: String
    /// How to mend it.
    public var mend: String

    init(expression: String, offset: Int, message: String, mend: String) {
        self.expression = expression
        self.offset = offset
        self.message = message
        self.mend = mend
    }
}

extension UInt8 {
    fileprivate var isKeyCharacter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(asciiLowercased) || self == UInt8(ascii: "-")
            || self == UInt8(ascii: "_")
    }
}
