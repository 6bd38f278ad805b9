import WireBasics

/// The addresses that `allow`, `deny`, `geo` and `set_real_ip_from` mean: one, a network, all, Unix sockets.
enum AddressRange: Hashable, Sendable {
    /// Every address.
    case all
    /// Clients of Unix domain sockets.
    case unix
    /// A network: its address and how many leading bits count.
    case network(IPAddress, bits: Int)

    /// Reads `all`, `unix:`, `10.0.0.0/8`, `::1`.
    ///
    /// Source: nginx `ngx_ptocidr`.
    init?(_ text: ByteString) {
        switch text {
        case "all": self = .all
        case "unix:": self = .unix
        default:
            let (host, length) = text.splitOnce(at: UInt8(ascii: "/"))
            guard let address = IPAddress(host.latin1) else { return nil }
            let width = address.isV6 ? 128 : 32
            guard let length else {
                self = .network(address, bits: width)
                return
            }
            guard let bits = DirectiveValue.int(length), bits <= Int64(width) else { return nil }
            self = .network(address, bits: Int(bits))
        }
    }

    /// Whether an address lies in it; nil stands for a client without one, of a Unix socket.
    func contains(_ address: IPAddress?) -> Bool {
        switch (self, address) {
        case (.all, _): true
        case (.unix, let address): address == nil
        case (.network, nil): false
        case (.network(let network, let bits), .some(let address)):
            Self.matches(network, bits, address)
        }
    }

    private static func matches(_ network: IPAddress, _ bits: Int, _ address: IPAddress) -> Bool {
        var address = address
        if !network.isV6, address.isV6, address.high == 0, address.low >> 32 == 0xFFFF {
            address = IPAddress(v4: UInt32(truncatingIfNeeded: address.low))
        }
        guard network.isV6 == address.isV6 else { return false }
        if !network.isV6 {
            let mask: UInt64 = bits == 0 ? 0 : (~0 << UInt64(32 - bits)) & 0xFFFF_FFFF
            return network.low & mask == address.low & mask
        }
        let highMask: UInt64 = bits == 0 ? 0 : ~0 << UInt64(64 - min(64, bits))
        let lowMask: UInt64 = bits <= 64 ? 0 : ~0 << UInt64(128 - bits)
        return network.high & highMask == address.high & highMask && network.low & lowMask == address.low & lowMask
    }
}
