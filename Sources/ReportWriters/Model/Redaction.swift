import HTTPWire
import WireBasics

/// Shows captured bytes with credentials taken out: `‹redacted #A, 32 bytes›`, the same letter for equal values.
///
/// A value that was recognised once is hidden wherever it comes up again: in a query, in a sentence that quotes it, in
/// the configuration. What is shown is harmless anywhere (`VisibleText`) and bounded: of long values the beginning, and
/// how much follows.
struct Redaction: Sendable {
    /// The letters given out, by value.
    private let letters: [[UInt8]: Int]
    /// Values that are looked for everywhere, longest first, by their first bytes.
    private let findable: [UInt64: [[UInt8]]]
    /// What is known of the keys of `findable` without looking there.
    private let starts: KeyFilter
    private let isOff: Bool
    /// Bytes of one value that are shown at most.
    private let limit: Int
    /// The longest of the findable values.
    private let longest: Int

    /// How many different values are hidden.
    var count: Int { letters.count }

    /// Hides what the collector found, unless the options say otherwise.
    init(_ collector: SecretCollector, _ options: ReportOptions) {
        isOff = options.showsSecrets
        limit = max(16, options.maximumShownBytes)
        guard !isOff else {
            (letters, findable, longest) = ([:], [:], 0)
            starts = KeyFilter([])
            return
        }
        letters = collector.letters
        var findable: [UInt64: [[UInt8]]] = [:]
        for value in collector.letters.keys where Self.isDistinctive(value) {
            findable[value.prefix(Self.keyLength).reduce(0) { $0 << 8 | UInt64($1) }, default: []].append(value)
        }
        starts = KeyFilter(findable.keys)
        longest = findable.values.joined().map(\.count).max() ?? 0
        self.findable = findable.mapValues { values in
            values.sorted { ($1.count, ByteString($0)) < ($0.count, ByteString($1)) }
        }
    }

    /// A sentence of ours, which may quote captured bytes.
    func show(_ sentence: String) -> String {
        show(Array(sentence.utf8), .sentence)
    }

    /// Captured bytes, a command or a line of a configuration.
    func show(_ bytes: [UInt8], _ context: CredentialScanner.Context = .captured) -> String {
        show(bytes, hiding: isOff ? [] : CredentialScanner.ranges(in: bytes, context))
    }

    /// The value of a header line.
    func value(of field: HeaderField) -> String {
        show(field.value.bytes, hiding: isOff ? [] : CredentialScanner.ranges(inValueOf: field))
    }

    // MARK: Hiding

    /// Values shorter than this, or of letters only, would be found in ordinary words.
    private static func isDistinctive(_ value: [UInt8]) -> Bool {
        let hasDigit = value.contains { (48...57).contains($0) }
        let hasLetter = value.contains { (97...122).contains($0.asciiLowercased) }
        return value.count >= 10 && hasDigit && hasLetter || value.count >= 24
    }

    private static let keyLength = 8

    private func show(_ bytes: [UInt8], hiding known: [Range<Int>]) -> String {
        let hidden = merged(known, occurrences(in: bytes))
        let end = end(of: bytes)
        if hidden.isEmpty, end == bytes.count { return VisibleText.escape(bytes) }
        var shown = ""
        var position = 0
        for range in hidden where range.lowerBound >= position && range.lowerBound < end {
            shown += VisibleText.escape(bytes[position..<range.lowerBound])
            shown += mark(Array(bytes[range]))
            position = range.upperBound
        }
        shown += VisibleText.escape(bytes[position..<max(position, end)])
        let left = bytes.count - max(position, end)
        return left > 0 ? shown + "… (\(Quantity.counted(left, "more byte")))" : shown
    }

    /// Where what is shown of these bytes ends: not inside a UTF-8 sequence.
    private func end(of bytes: [UInt8]) -> Int {
        guard bytes.count > limit else { return bytes.count }
        var end = limit
        for _ in 0..<3 where bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    /// Where values that were recognised elsewhere come up again.
    private func occurrences(in bytes: [UInt8]) -> [Range<Int>] {
        guard !findable.isEmpty, bytes.count >= Self.keyLength else { return [] }
        var found: [Range<Int>] = []
        var free = 0
        var key: UInt64 = 0
        for (index, byte) in bytes.prefix(limit + longest).enumerated() {
            // The last eight bytes as one number: the key of what may begin there.
            key = key << 8 | UInt64(byte)
            let start = index + 1 - Self.keyLength
            guard start >= free, starts.contains(key), let candidates = findable[key],
                let value = candidates.first(where: { bytes[start...].starts(with: $0) })
            else { continue }
            found.append(start..<(start + value.count))
            free = start + value.count
        }
        return found
    }

    /// Both lists as one, in order; what a structural rule found counts more than a chance occurrence inside it.
    private func merged(_ known: [Range<Int>], _ chance: [Range<Int>]) -> [Range<Int>] {
        if known.isEmpty, chance.isEmpty { return [] }
        let others = chance.filter { range in !known.contains { $0.overlaps(range) } }
        return (known + others).sorted { $0.lowerBound < $1.lowerBound }
    }

    private func mark(_ value: [UInt8]) -> String {
        let name = letters[value].map { " #\(Self.letters($0))" } ?? ""
        return "‹redacted\(name), \(Quantity.counted(value.count, "byte"))›"
    }

    /// The name of a number: A to Z, then AA, AB and so on.
    static func letters(_ number: Int) -> String {
        var rest = number
        var text = ""
        repeat {
            text = String(UnicodeScalar(UInt8(65 + rest % 26))) + text
            rest = rest / 26 - 1
        } while rest >= 0
        return text
    }
}

/// Says of most keys, without a look into a dictionary, that they are not in it: it is asked for every byte shown.
private struct KeyFilter: Sendable {
    /// A bit for each pair of first bytes.
    private var bits: [UInt64] = []

    /// `keys` are of eight bytes each, the first one highest.
    init(_ keys: some Collection<UInt64>) {
        guard !keys.isEmpty else { return }
        bits = Array(repeating: 0, count: 1024)
        for key in keys { bits[Int(key >> 54)] |= 1 << (key >> 48 & 63) }
    }

    func contains(_ key: UInt64) -> Bool {
        !bits.isEmpty && bits[Int(key >> 54)] >> (key >> 48 & 63) & 1 != 0
    }
}

/// Gathers the credentials of a run, so that equal values get the same letter in every format.
struct SecretCollector {
    fileprivate(set) var letters: [[UInt8]: Int] = [:]

    /// Looks at a header line.
    mutating func look(at field: HeaderField) {
        for range in CredentialScanner.ranges(inValueOf: field) { note(field.value.bytes[range]) }
    }

    /// Looks at other bytes.
    mutating func look(at bytes: [UInt8], _ context: CredentialScanner.Context) {
        for range in CredentialScanner.ranges(in: bytes, context) { note(bytes[range]) }
    }

    private mutating func note(_ value: ArraySlice<UInt8>) {
        let value = Array(value)
        if letters[value] == nil { letters[value] = letters.count }
    }
}
