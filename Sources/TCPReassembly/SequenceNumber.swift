/// A TCP sequence number: modulo 2^32 (RFC 9293 §3.4), so that only distances mean anything.
package struct SequenceNumber: Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    package var rawValue: UInt32

    /// The sequence number of that value.
    @inline(__always)
    package init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// How far this one lies ahead of another, in bytes; negative when it lies behind.
    ///
    /// Shape: -2^31 ..< 2^31, by the shorter way round.
    @inline(__always)
    package func distance(from other: SequenceNumber) -> Int {
        Int(Int32(bitPattern: rawValue &- other.rawValue))
    }

    /// The number that many bytes ahead, wrapping.
    @inline(__always)
    package static func + (left: SequenceNumber, count: Int) -> SequenceNumber {
        SequenceNumber(left.rawValue &+ UInt32(truncatingIfNeeded: count))
    }

    /// The number on the wire, in decimal digits.
    package var description: String { String(rawValue) }
}
