/// An instant as a capture file gives it.
///
/// Units: nanoseconds since 1970-01-01 UTC. Arithmetic saturates, because the number comes from a file that anybody
/// may have written; it never traps.
public struct CaptureInstant: Hashable, Comparable, Sendable {
    /// Nanoseconds since 1970-01-01 UTC.
    public var nanoseconds: Int64

    /// The instant that many nanoseconds after 1970-01-01 UTC.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The instant of a capture record: whole seconds and nanoseconds within them.
    public init(seconds: Int64, nanoseconds: Int64) {
        let whole = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let sum = whole.partialValue.addingReportingOverflow(nanoseconds)
        self.nanoseconds =
            whole.overflow || sum.overflow ? (seconds < 0 ? .min : .max) : sum.partialValue
    }

    /// 1970-01-01 UTC: where the virtual clock of a run without a capture starts.
    public static let epoch = CaptureInstant(nanoseconds: 0)

    /// An instant that never comes.
    public static let distantFuture = CaptureInstant(nanoseconds: .max)

    /// The earlier of two instants comes first.
    public static func < (left: Self, right: Self) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// This instant moved by a span of time.
    public static func + (instant: Self, span: TimeSpan) -> Self {
        let sum = instant.nanoseconds.addingReportingOverflow(span.nanoseconds)
        return Self(nanoseconds: sum.overflow ? (span.nanoseconds < 0 ? .min : .max) : sum.partialValue)
    }

    /// The span from the right instant to the left one.
    public static func - (left: Self, right: Self) -> TimeSpan {
        let difference = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        return TimeSpan(nanoseconds: difference.overflow ? (left < right ? .min : .max) : difference.partialValue)
    }
}

/// A span of time between two instants, in nanoseconds.
///
/// The standard library's `Duration` is 128 bits wide; transcripts hold many spans, and nanoseconds are the finest
/// unit that a capture knows.
public struct TimeSpan: Hashable, Comparable, Sendable {
    /// The length in nanoseconds; negative when the end lies before the start.
    public var nanoseconds: Int64

    /// A span of that many nanoseconds.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// A span of that many milliseconds, saturating.
    public static func milliseconds(_ count: Int64) -> TimeSpan {
        let product = count.multipliedReportingOverflow(by: 1_000_000)
        return TimeSpan(nanoseconds: product.overflow ? (count < 0 ? .min : .max) : product.partialValue)
    }

    /// A span of that many seconds, saturating.
    public static func seconds(_ count: Int64) -> TimeSpan {
        let product = count.multipliedReportingOverflow(by: 1_000_000_000)
        return TimeSpan(nanoseconds: product.overflow ? (count < 0 ? .min : .max) : product.partialValue)
    }

    /// No time at all.
    public static let zero = TimeSpan(nanoseconds: 0)

    /// The shorter span comes first.
    public static func < (left: Self, right: Self) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension TimeSpan {
    /// The sum of two spans, saturating.
    public static func + (left: Self, right: Self) -> Self {
        let sum = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        return Self(nanoseconds: sum.overflow ? (right.nanoseconds < 0 ? .min : .max) : sum.partialValue)
    }
}
