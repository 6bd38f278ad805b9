/// What became of every packet: `total` is `tcp` and the counts of all reasons.
package struct PacketLedger: Hashable, Sendable {
    /// Packets that brought a TCP segment, or completed an IP datagram that did.
    package internal(set) var tcp = 0
    private var stops = [Int](repeating: 0, count: DecodeStop.allCases.count)

    /// No packet yet.
    package init() {}

    /// All packets.
    package var total: Int { stops.reduce(tcp, +) }

    /// Packets that brought nothing for that reason.
    package subscript(stop: DecodeStop) -> Int { stops[stop.index] }

    /// `tcp` and the reasons with their counts, in a fixed order.
    package var counts: [(name: String, count: Int)] {
        [("tcp", tcp)] + DecodeStop.allCases.map { ($0.rawValue, self[$0]) }
    }

    /// One more packet without a segment.
    mutating func count(_ stop: DecodeStop) {
        stops[stop.index] &+= 1
    }

    /// What was counted since an earlier state of the same ledger.
    package static func - (left: PacketLedger, right: PacketLedger) -> PacketLedger {
        var rest = left
        rest.tcp &-= right.tcp
        for index in rest.stops.indices { rest.stops[index] &-= right.stops[index] }
        return rest
    }

    /// Adds the counts of another part of the same run.
    package static func += (left: inout PacketLedger, right: PacketLedger) {
        left.tcp &+= right.tcp
        for index in left.stops.indices { left.stops[index] &+= right.stops[index] }
    }
}
