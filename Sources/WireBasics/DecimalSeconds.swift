// How instants and spans are written: decimal seconds, as Wireshark and tcpdump do.

extension CaptureInstant: CustomStringConvertible, LosslessStringConvertible, Codable {
    /// Decimal seconds since 1970 with nine decimals, for example `1700000000.000000001`.
    public var description: String {
        decimalSeconds(nanoseconds, decimals: 9)
    }

    /// Reads what `description` writes.
    public init?(_ description: String) {
        guard let nanoseconds = parsedNanoseconds(description) else { return nil }
        self.init(nanoseconds: nanoseconds)
    }

    /// Reads the decimal seconds that `encode` writes.
    ///
    /// - Throws: `DecodingError.dataCorrupted` when the string is no decimal number of seconds.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let instant = CaptureInstant(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not decimal seconds: \(text)")
        }
        self = instant
    }

    /// Writes decimal seconds as a string: a JSON number would lose nanoseconds in most readers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension TimeSpan: CustomStringConvertible, Codable {
    /// Seconds with three decimals and the unit, for example `4.004 s`.
    public var description: String {
        // Rounded half away from zero, as people expect of a displayed number.
        let magnitude = nanoseconds.magnitude
        let milliseconds = magnitude / 1_000_000 + (magnitude % 1_000_000 >= 500_000 ? 1 : 0)
        let sign = nanoseconds < 0 && milliseconds > 0 ? "-" : ""
        return "\(sign)\(milliseconds / 1000).\(padded(milliseconds % 1000, to: 3)) s"
    }

    /// Decimal seconds with nine decimals, without a unit.
    public var decimal: String {
        decimalSeconds(nanoseconds, decimals: 9)
    }

    /// Reads the number of nanoseconds that `encode` writes.
    public init(from decoder: any Decoder) throws {
        self.init(nanoseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    /// Writes the number of nanoseconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(nanoseconds)
    }
}

private func decimalSeconds(_ nanoseconds: Int64, decimals: Int) -> String {
    let magnitude = nanoseconds.magnitude
    let sign = nanoseconds < 0 ? "-" : ""
    return "\(sign)\(magnitude / 1_000_000_000).\(padded(magnitude % 1_000_000_000, to: decimals))"
}

private func padded(_ number: UInt64, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

private func parsedNanoseconds(_ text: String) -> Int64? {
    let negative = text.hasPrefix("-")
    let parts = text.dropFirst(negative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else {
        return nil
    }
    let fraction = parts.count == 2 ? parts[1] : "0"
    guard fraction.utf8.count <= 9, let seconds = Int64(parts[0]),
        let nanoseconds = Int64(fraction + String(repeating: "0", count: 9 - fraction.utf8.count))
    else { return nil }
    let whole = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let sum = whole.partialValue.addingReportingOverflow(nanoseconds)
    guard !whole.overflow, !sum.overflow else { return nil }
    return negative ? -sum.partialValue : sum.partialValue
}

private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
