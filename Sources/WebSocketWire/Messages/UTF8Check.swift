import WireBasics

/// Checks UTF-8 that comes in pieces (RFC 3629 §4): no overlong forms, no surrogates, nothing above U+10FFFF.
package struct UTF8Check: Sendable {
    /// Whether a byte came that no valid UTF-8 can go on from.
    package private(set) var hasFailed = false
    /// How many bytes of the current character are still to come.
    private var missing: UInt8 = 0
    /// What the next of them may be; narrower than 0x80...0xBF right behind some leading bytes.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    /// A check of a text of which nothing has come yet.
    package init() {}

    /// Whether what came is valid and does not end inside a character.
    package var isValid: Bool { !hasFailed && missing == 0 }

    /// Takes more bytes; after a failure nothing more is looked at.
    @inline(__always)
    package mutating func receive(_ bytes: RawSpan) {
        guard !hasFailed else { return }
        var index = 0
        if missing == 0 { index = Self.skipASCII(bytes, from: 0) }
        if index < bytes.byteCount { receiveRest(bytes, from: index) }
    }

    /// The offset of the first byte above 0x7F, by words of eight.
    @inline(__always)
    private static func skipASCII(_ bytes: RawSpan, from start: Int) -> Int {
        var index = start
        while index + 8 <= bytes.byteCount,
            bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            index += 8
        }
        while index < bytes.byteCount, bytes.byte(at: index) < 0x80 { index += 1 }
        return index
    }

    @inline(never)
    private mutating func receiveRest(_ bytes: RawSpan, from start: Int) {
        var index = start
        while index < bytes.byteCount {
            let byte = bytes.byte(at: index)
            index += 1
            if missing > 0 {
                guard byte >= lowest, byte <= highest else {
                    hasFailed = true
                    return
                }
                missing -= 1
                (lowest, highest) = (0x80, 0xBF)
            } else if byte < 0x80 {
                index = Self.skipASCII(bytes, from: index)
            } else {
                guard begin(byte) else {
                    hasFailed = true
                    return
                }
            }
        }
    }

    /// Takes a leading byte; returns whether it is one.
    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, lowest) = (2, 0xA0)
        case 0xED: (missing, highest) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, lowest) = (3, 0x90)
        case 0xF4: (missing, highest) = (3, 0x8F)
        case 0xF1...0xF3: missing = 3
        default: return false
        }
        return true
    }
}
