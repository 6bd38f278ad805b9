import WireBasics

/// Reads the values that directives are given: times, sizes, flags, numbers.
///
/// What cannot be read is nil; the language has refused such a configuration before.
enum DirectiveValue {
    /// A time such as `60s`, `1h30m`, `500ms`; a bare number is seconds.
    ///
    /// Source: nginx `ngx_parse_time`.
    static func time(_ text: ByteString) -> TimeSpan? {
        let units: [(ByteString, Int64)] = [
            ("ms", 1), ("y", 31_536_000_000), ("M", 2_592_000_000), ("w", 604_800_000), ("d", 86_400_000),
            ("h", 3_600_000), ("m", 60_000), ("s", 1000),
        ]
        var rest = text.bytes[...]
        var total: Int64 = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { (48...57).contains($0) }
            guard let number = int(ByteString(digits)) else { return nil }
            rest = rest.dropFirst(digits.count)
            if rest.first == 32 {
                rest = rest.dropFirst()
                total = total &+ number &* 1000
                continue
            }
            let unit = units.first { rest.starts(with: $0.0.bytes) }
            guard rest.isEmpty || unit != nil else { return nil }
            rest = rest.dropFirst(unit?.0.count ?? 0)
            let product = number.multipliedReportingOverflow(by: unit?.1 ?? 1000)
            let sum = total.addingReportingOverflow(product.partialValue)
            guard !product.overflow, !sum.overflow else { return nil }
            total = sum.partialValue
        }
        return .milliseconds(total)
    }

    /// A size in bytes: `8k`, `1m`, `2g`, `512`.
    ///
    /// Source: nginx `ngx_parse_size`, `ngx_parse_offset`.
    static func size(_ text: ByteString) -> Int? {
        let scales: [UInt8: Int] = [
            UInt8(ascii: "k"): 1 << 10, UInt8(ascii: "m"): 1 << 20, UInt8(ascii: "g"): 1 << 30,
        ]
        guard let last = text.bytes.last else { return nil }
        let scale = scales[last.asciiLowercased]
        guard let number = int(scale == nil ? text : ByteString(text.bytes.dropLast())),
            let count = Int(exactly: number)
        else { return nil }
        let product = count.multipliedReportingOverflow(by: scale ?? 1)
        return product.overflow ? nil : product.partialValue
    }

    /// `on` or `off`.
    static func flag(_ text: ByteString) -> Bool? {
        if text.equalsIgnoringCase("on") { return true }
        return text.equalsIgnoringCase("off") ? false : nil
    }

    /// A decimal number without a sign.
    static func int(_ text: ByteString) -> Int64? {
        guard !text.isEmpty, text.bytes.allSatisfy({ (48...57).contains($0) }) else { return nil }
        var number: Int64 = 0
        for byte in text.bytes {
            let product = number.multipliedReportingOverflow(by: 10)
            let sum = product.partialValue.addingReportingOverflow(Int64(byte - 48))
            guard !product.overflow, !sum.overflow else { return nil }
            number = sum.partialValue
        }
        return number
    }
}

extension ByteString {
    /// The bytes behind a prefix; nil when they do not start with it.
    func dropping(prefix: ByteString) -> ByteString? {
        hasPrefix(prefix) ? ByteString(bytes.dropFirst(prefix.count)) : nil
    }

    /// Whether the bytes start with those of `prefix`, ASCII letters in any case.
    func hasPrefixIgnoringCase(_ prefix: ByteString) -> Bool {
        count >= prefix.count && ByteString(bytes.prefix(prefix.count)).equalsIgnoringCase(prefix)
    }

    /// Whether the bytes hold that sequence, ASCII letters in any case.
    func containsIgnoringCase(_ needle: ByteString) -> Bool {
        guard count >= needle.count else { return false }
        let (hay, needle) = (lowercased.bytes, needle.lowercased.bytes)
        return (0...(hay.count - needle.count)).contains { hay[$0..<($0 + needle.count)].elementsEqual(needle) }
    }

    /// Split at the first occurrence of a byte; the second part is nil when it does not occur.
    func splitOnce(at byte: UInt8) -> (ByteString, ByteString?) {
        guard let index = bytes.firstIndex(of: byte) else { return (self, nil) }
        return (ByteString(bytes[..<index]), ByteString(bytes[(index + 1)...]))
    }
}
