extension TimeSpan {
    /// Reads a span as people write it: `250ms`, `3s`, `1.5m`, `1h`; nil for anything else, and beyond 30 years.
    public init?(_ text: String) {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let units: [Substring: Double] = ["ms": 0.001, "s": 1, "m": 60, "h": 3600]
        guard let count = Double(digits), let unit = units[text.dropFirst(digits.count)],
            count * unit < 1_000_000_000
        else { return nil }
        self.init(nanoseconds: Int64(count * unit * 1_000_000_000))
    }
}
