/// An IPv4 or IPv6 address.
///
/// Layout: IPv4 sits in the low 32 bits of `low`, as a number in network order (`127.0.0.1` is `0x7F000001`).
public struct IPAddress: Hashable, Sendable {
    /// The upper 64 bits of an IPv6 address; 0 for IPv4.
    public let high: UInt64
    /// The lower 64 bits of an IPv6 address; the 32 bits of an IPv4 one.
    public let low: UInt64
    /// Whether this is an IPv6 address.
    public let isV6: Bool

    /// An IPv4 address from its 32 bits, most significant octet first.
    public init(v4: UInt32) {
        (high, low, isV6) = (0, UInt64(v4), false)
    }

    /// An IPv6 address from its two halves, most significant first.
    public init(v6High: UInt64, low: UInt64) {
        (high, self.low, isV6) = (v6High, low, true)
    }

    /// The four octets of an IPv4 address or the sixteen of an IPv6 one, as on the wire.
    public var octets: [UInt8] {
        let bits = isV6 ? [high, low] : [low << 32]
        let all = bits.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
        return isV6 ? all : Array(all.prefix(4))
    }

    /// Whether the address means "any address of this machine": `0.0.0.0` or `::`.
    public var isWildcard: Bool {
        high == 0 && low == 0
    }

    /// Whether the address stays on the machine: `127.0.0.0/8` or `::1`.
    public var isLoopback: Bool {
        isV6 ? high == 0 && low == 1 : low >> 24 == 127
    }
}

/// An address and a TCP port.
public struct Endpoint: Hashable, Sendable {
    /// The IP address.
    public var address: IPAddress
    /// The TCP port.
    public var port: UInt16

    /// The endpoint of that address and port.
    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}
