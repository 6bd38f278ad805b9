import WireBasics

/// Texts that a regular expression probably matches: its plain characters, the first of its alternatives, and of what
/// may be repeated one or none.
///
/// Good for the expressions of locations and server names; who uses a text asks the expression whether it matches.
struct RegexExamples {
    /// The texts; none where the expression has something that is not understood here.
    let texts: [ByteString]

    init(of expression: ByteString) {
        texts = [true, false].compactMap { repeats in
            var reader = RegexReader(bytes: expression.bytes, repeats: repeats)
            return reader.alternatives(depth: 0).flatMap { reader.isAtEnd ? ByteString($0) : nil }
        }
    }
}

private struct RegexReader {
    let bytes: [UInt8]
    /// Whether one of what a star repeats is taken.
    let repeats: Bool
    private var position = 0
    /// Deeper nesting is no location that anybody wrote.
    private static let deepest = 32

    init(bytes: [UInt8], repeats: Bool) {
        self.bytes = bytes
        self.repeats = repeats
    }

    var isAtEnd: Bool { position == bytes.count }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take() -> UInt8? {
        guard let next else { return nil }
        position += 1
        return next
    }

    /// `a|b`: the first one.
    mutating func alternatives(depth: Int) -> [UInt8]? {
        guard depth < Self.deepest, let first = sequence(depth: depth) else { return nil }
        while next == UInt8(ascii: "|") {
            position += 1
            guard sequence(depth: depth) != nil else { return nil }
        }
        return first
    }

    private mutating func sequence(depth: Int) -> [UInt8]? {
        var text: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            guard let atom = atom(depth: depth) else { return nil }
            text += repetition() ?? true ? atom : []
        }
        return text
    }

    /// What follows an atom: whether it has to be there; nil where nothing follows.
    private mutating func repetition() -> Bool? {
        let needed: Bool
        switch next {
        case UInt8(ascii: "*"): needed = repeats
        case UInt8(ascii: "?"): needed = false
        case UInt8(ascii: "+"): needed = true
        case UInt8(ascii: "{"):
            while next != nil, next != UInt8(ascii: "}") { position += 1 }
            needed = true
        default: return nil
        }
        position += isAtEnd ? 0 : 1
        if next == UInt8(ascii: "?") || next == UInt8(ascii: "+") { position += 1 }
        return needed
    }

    private mutating func atom(depth: Int) -> [UInt8]? {
        guard let byte = take() else { return nil }
        switch byte {
        case UInt8(ascii: "^"), UInt8(ascii: "$"): return []
        case UInt8(ascii: "."): return [UInt8(ascii: "x")]
        case UInt8(ascii: "("): return group(depth: depth)
        case UInt8(ascii: "["): return bracket()
        case UInt8(ascii: "\\"): return escaped()
        default: return [byte]
        }
    }

    private mutating func group(depth: Int) -> [UInt8]? {
        var isCondition = false
        if next == UInt8(ascii: "?") {
            position += 1
            switch take() {
            case UInt8(ascii: ":"): break
            // What must not follow, or must, is no part of the text; the check afterwards finds whether it holds.
            case UInt8(ascii: "!"), UInt8(ascii: "="): isCondition = true
            case UInt8(ascii: "<"), UInt8(ascii: "P"):
                while let byte = take(), byte != UInt8(ascii: ">") {}
            default: return nil
            }
        }
        guard let inner = alternatives(depth: depth + 1), take() == UInt8(ascii: ")") else { return nil }
        return isCondition ? [] : inner
    }

    /// `[a-z]`: its first character; `[^/]`: one that is not in it.
    private mutating func bracket() -> [UInt8]? {
        let isNegated = next == UInt8(ascii: "^")
        if isNegated { position += 1 }
        var members: [UInt8] = []
        while let byte = take() {
            if byte == UInt8(ascii: "]"), !members.isEmpty {
                let candidates = Array("x1_-".utf8)
                return isNegated ? candidates.first { !members.contains($0) }.map { [$0] } : [members[0]]
            }
            members += byte == UInt8(ascii: "\\") ? escaped() ?? [] : [byte]
        }
        return nil
    }

    private mutating func escaped() -> [UInt8]? {
        switch take() {
        case UInt8(ascii: "d"): return [UInt8(ascii: "1")]
        case UInt8(ascii: "w"): return [UInt8(ascii: "x")]
        case UInt8(ascii: "b"), UInt8(ascii: "A"), UInt8(ascii: "z"), UInt8(ascii: "Z"): return []
        // Other letters and digits have a meaning of their own; everything else stands for itself.
        case let byte? where !(48...57).contains(byte) && !(97...122).contains(byte | 0x20): return [byte]
        default: return nil
        }
    }
}
