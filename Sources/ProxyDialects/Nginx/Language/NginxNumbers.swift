import WireBasics

/// Numbers, sizes and times as nginx reads them.
///
/// Source: `ngx_atoi`, `ngx_atofp` in `src/core/ngx_string.c`; `src/core/ngx_parse.c`.
enum NginxNumbers {
    /// A decimal number without a sign; nil for anything else, an empty text and what does not fit.
    static func number(_ text: ByteString) -> Int? {
        guard !text.isEmpty else { return nil }
        var value = 0
        for byte in text.bytes {
            guard (48...57).contains(byte) else { return nil }
            let tens = value.multipliedReportingOverflow(by: 10)
            let sum = tens.partialValue.addingReportingOverflow(Int(byte) - 48)
            guard !tens.overflow, !sum.overflow else { return nil }
            value = sum.partialValue
        }
        return value
    }

    /// A number of bytes, with `k` or `m`.
    static func size(_ text: ByteString) -> Int? {
        scaled(text, ["k": 1 << 10, "m": 1 << 20])
    }

    /// A number of bytes, with `k`, `m` or `g`.
    static func offset(_ text: ByteString) -> Int? {
        scaled(text, ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30])
    }

    private static func scaled(_ text: ByteString, _ units: [Character: Int]) -> Int? {
        guard let last = text.bytes.last else { return nil }
        guard let unit = units[Character(Unicode.Scalar(last.asciiLowercased))] else { return number(text) }
        guard let count = number(ByteString(text.bytes.dropLast())) else { return nil }
        let product = count.multipliedReportingOverflow(by: unit)
        return product.overflow ? nil : product.partialValue
    }

    /// A decimal number with up to `decimals` digits behind the point, multiplied by that power of ten.
    static func fixedPoint(_ text: ByteString, decimals: Int) -> Int? {
        let parts = text.bytes.split(separator: NginxByte.dot, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !text.isEmpty else { return nil }
        let fraction = parts.count > 1 ? Array(parts[1]) : []
        guard fraction.count <= decimals else { return nil }
        let digits = Array(whole) + fraction + Array(repeating: 48, count: decimals - fraction.count)
        return number(ByteString(digits))
    }

    /// A time in seconds: `y` to `s`, each unit once and in falling order; a bare number is seconds.
    static func seconds(_ text: ByteString) -> Int? {
        time(text, inSeconds: true)
    }

    /// A time in milliseconds: `w` to `ms`, each unit once and in falling order; a bare number is seconds.
    static func milliseconds(_ text: ByteString) -> Int? {
        time(text, inSeconds: false)
    }

    private static func time(_ text: ByteString, inSeconds: Bool) -> Int? {
        var rest = text.bytes[...]
        var total = 0
        var lastRank = inSeconds ? 0 : 2
        var sawNumber = false
        while let first = rest.first {
            let digits = rest.prefix { (48...57).contains($0) }
            let value: Int
            if digits.isEmpty {
                value = 0
            } else {
                guard let number = number(ByteString(digits)) else { return nil }
                value = number
                sawNumber = true
            }
            rest = rest.dropFirst(digits.count)
            guard let unit = unit(&rest) else {
                guard rest.isEmpty, !digits.isEmpty || first == NginxByte.space else { return nil }
                return sawNumber ? sum(total, value, times: inSeconds ? 1 : 1000) : nil
            }
            guard unit.rank > lastRank, !inSeconds || unit.rank != 8 else { return nil }
            lastRank = unit.rank
            let scale = unit.rank == 8 ? 1 : inSeconds ? unit.seconds : unit.seconds * 1000
            guard let next = sum(total, value, times: scale) else { return nil }
            total = next
            rest = rest.drop { $0 == NginxByte.space }
        }
        return sawNumber ? total : nil
    }

    /// Takes the unit at the start, if there is one.
    ///
    /// The ranks are nginx's order of units.
    private static func unit(_ rest: inout ArraySlice<UInt8>) -> (rank: Int, seconds: Int)? {
        if rest.starts(with: Array("ms".utf8)) {
            rest = rest.dropFirst(2)
            return (8, 0)
        }
        let units: [(UInt8, Int, Int)] = [
            (UInt8(ascii: "y"), 1, 31_536_000), (UInt8(ascii: "M"), 2, 2_592_000), (UInt8(ascii: "w"), 3, 604_800),
            (UInt8(ascii: "d"), 4, 86_400), (UInt8(ascii: "h"), 5, 3600), (UInt8(ascii: "m"), 6, 60),
            (UInt8(ascii: "s"), 7, 1), (NginxByte.space, 9, 1),
        ]
        guard let found = units.first(where: { $0.0 == rest.first }) else { return nil }
        rest = rest.dropFirst()
        return (found.1, found.2)
    }

    private static func sum(_ total: Int, _ value: Int, times scale: Int) -> Int? {
        let product = value.multipliedReportingOverflow(by: scale)
        let sum = total.addingReportingOverflow(product.partialValue)
        return product.overflow || sum.overflow ? nil : sum.partialValue
    }
}
