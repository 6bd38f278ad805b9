/// Why a packet brings no TCP segment.
package enum DecodeStop: String, Error, CaseIterable, Hashable, Sendable {
    /// The file says that packets start with something that we cannot read.
    case unsupportedLink
    /// ARP, LLDP, PPPoE discovery and the like.
    case notIP
    /// UDP, ICMP, ESP and the like.
    case notTCP
    /// A part of an IP datagram of which other parts come later, or never.
    case fragment
    /// The capture keeps too few bytes of the packet (`tcpdump -s`) to read its headers.
    case headersCut
    /// A header contradicts itself or the length of the packet.
    case malformed

    /// Where its count is kept.
    var index: Int {
        switch self {
        case .unsupportedLink: 0
        case .notIP: 1
        case .notTCP: 2
        case .fragment: 3
        case .headersCut: 4
        case .malformed: 5
        }
    }
}
