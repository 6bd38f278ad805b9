/// What a packet starts with: the number that capture files give (`LINKTYPE_…`, tcpdump.org/linktypes.html).
public struct LinkType: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The number in the file.
    ///
    /// libpcap's own `DLT_RAW` (12 or 14) means the same as `LINKTYPE_RAW` (101).
    public var rawValue: UInt32

    /// The link type of that number, known or not.
    @inlinable
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// BSD loopback: the address family in the byte order of the capturing machine.
    public static let null = LinkType(rawValue: 0)
    /// Ethernet.
    public static let ethernet = LinkType(rawValue: 1)
    /// PPP, with or without the HDLC address and control bytes.
    public static let ppp = LinkType(rawValue: 9)
    /// PPP with HDLC framing.
    public static let pppSerial = LinkType(rawValue: 50)
    /// A PPPoE session header and what follows.
    public static let pppoe = LinkType(rawValue: 51)
    /// An IPv4 or IPv6 packet and nothing before it.
    public static let raw = LinkType(rawValue: 101)
    /// OpenBSD loopback: the address family in network order.
    public static let loop = LinkType(rawValue: 108)
    /// Linux cooked capture, what `tcpdump -i any` wrote before libpcap 1.10.
    public static let linuxCooked = LinkType(rawValue: 113)
    /// An IPv4 packet and nothing before it.
    public static let ipv4 = LinkType(rawValue: 228)
    /// An IPv6 packet and nothing before it.
    public static let ipv6 = LinkType(rawValue: 229)
    /// Linux cooked capture, version 2.
    public static let linuxCooked2 = LinkType(rawValue: 276)

    /// The name that tcpdump.org gives it, for example `ETHERNET`, or the number where we know none.
    public var description: String {
        Self.names[rawValue] ?? "link type \(rawValue)"
    }

    /// The names that a user is likely to meet, supported or not.
    private static let names: [UInt32: String] = [
        0: "NULL", 1: "ETHERNET", 6: "IEEE802_5", 7: "ARCNET_BSD", 8: "SLIP", 9: "PPP", 10: "FDDI", 12: "RAW",
        14: "RAW",
        50: "PPP_HDLC", 51: "PPP_ETHER", 101: "RAW", 104: "C_HDLC", 105: "IEEE802_11", 107: "FRELAY", 108: "LOOP",
        113: "LINUX_SLL", 117: "PFLOG", 119: "IEEE802_11_PRISM", 127: "IEEE802_11_RADIOTAP", 143: "DOCSIS",
        189: "USB_LINUX", 192: "PPI", 195: "IEEE802_15_4_WITHFCS", 201: "BLUETOOTH_HCI_H4_WITH_PHDR",
        220: "USB_LINUX_MMAPPED",
        226: "IPNET", 227: "CAN_SOCKETCAN", 228: "IPV4", 229: "IPV6", 239: "NFLOG", 240: "NETANALYZER", 249: "USBPCAP",
        251: "BLUETOOTH_LE_LL", 253: "NETLINK", 258: "PKTAP", 274: "ETHERNET_MPACKET", 276: "LINUX_SLL2",
    ]
}
