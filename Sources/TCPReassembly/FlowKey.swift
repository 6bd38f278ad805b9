import WireBasics

/// The two ends of a connection in an order that does not depend on who sends: plain words, quick to compare.
struct FlowKey: Hashable, Sendable {
    /// The end with the smaller address and port.
    let lowerHigh: UInt64
    let lowerLow: UInt64
    let upperHigh: UInt64
    let upperLow: UInt64
    /// Lower port, upper port, and whether the addresses are IPv6.
    let ports: UInt64

    /// The key of what an end sends to another, and whether the lower end sends it.
    @inline(__always)
    static func of(
        _ source: IPAddress, _ sourcePort: UInt16, to destination: IPAddress, _ destinationPort: UInt16
    ) -> (key: FlowKey, isFromLower: Bool) {
        let (from, to) = (UInt64(sourcePort), UInt64(destinationPort))
        let isFromLower =
            source.high != destination.high
            ? source.high < destination.high
            : source.low != destination.low ? source.low < destination.low : from <= to
        let family: UInt64 = source.isV6 ? 1 << 32 : 0
        return isFromLower
            ? (
                FlowKey(
                    lowerHigh: source.high, lowerLow: source.low, upperHigh: destination.high,
                    upperLow: destination.low, ports: family | from << 16 | to), true
            )
            : (
                FlowKey(
                    lowerHigh: destination.high, lowerLow: destination.low, upperHigh: source.high,
                    upperLow: source.low, ports: family | to << 16 | from), false
            )
    }

    /// The end with the smaller address and port.
    var lower: Endpoint {
        Endpoint(address: address(lowerHigh, lowerLow), port: UInt16(truncatingIfNeeded: ports >> 16))
    }

    /// The other end.
    var upper: Endpoint {
        Endpoint(address: address(upperHigh, upperLow), port: UInt16(truncatingIfNeeded: ports))
    }

    private func address(_ high: UInt64, _ low: UInt64) -> IPAddress {
        ports >> 32 == 1 ? IPAddress(v6High: high, low: low) : IPAddress(v4: UInt32(truncatingIfNeeded: low))
    }

    /// A multiply-and-mix hash (the finaliser of MurmurHash3).
    ///
    /// It is not seeded: an output must not depend on a run, and who can choose ports to make keys collide slows down
    /// only the reading of their own capture.
    @inline(__always)
    var hash: UInt32 {
        var word = lowerHigh &* 0x9E37_79B9_7F4A_7C15 ^ lowerLow
        word = (word ^ word >> 32) &* 0xFF51_AFD7_ED55_8CCD ^ upperHigh
        word = (word ^ word >> 32) &* 0xC4CE_B9FE_1A85_EC53 ^ upperLow
        word = (word ^ word >> 32) &* 0xFF51_AFD7_ED55_8CCD ^ ports
        word = (word ^ word >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return UInt32(truncatingIfNeeded: word ^ word >> 33)
    }
}
