import TCPReassembly
import Testing
import WireBasics

@Suite("From a packet to its TCP segment")
struct PacketDecoderTests {
    private static let packet = TestPacket.data(.client, 100, "GET /")

    struct Wrapping: CustomTestStringConvertible {
        var testDescription: String
        var linkType: LinkType
        var bytes: [UInt8]

        init(_ name: String, _ linkType: LinkType, _ bytes: [UInt8]) {
            (testDescription, self.linkType, self.bytes) = (name, linkType, bytes)
        }
    }

    private static func ethernet(_ types: UInt16..., then bytes: [UInt8]) -> [UInt8] {
        // A VLAN tag is its type, two bytes of number, and then the next type.
        let header = TestPacket.ethernetHeader(types[0])
        return types.dropFirst().reduce(header) { $0 + [0, 5] + bigEndian($1) } + bytes
    }

    private static func cooked(_ type: UInt16) -> [UInt8] {
        [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0] + bigEndian(type)
    }

    static let links: [Wrapping] = [
        Wrapping("Ethernet", .ethernet, packet.ethernet),
        Wrapping("Ethernet with IPv6", .ethernet, ethernet(0x86DD, then: packet.ipv6)),
        Wrapping("802.1Q", .ethernet, ethernet(0x8100, 0x0800, then: packet.ipv4)),
        Wrapping("QinQ", .ethernet, ethernet(0x88A8, 0x8100, 0x0800, then: packet.ipv4)),
        Wrapping("three old tags", .ethernet, ethernet(0x9100, 0x9100, 0x8100, 0x86DD, then: packet.ipv6)),
        Wrapping(
            "802.3 with SNAP", .ethernet,
            TestPacket.ethernetHeader(200) + [0xAA, 0xAA, 3, 0, 0, 0, 8, 0] + packet.ipv4),
        Wrapping("two MPLS labels", .ethernet, ethernet(0x8847, then: [0, 1, 0, 64, 0, 2, 1, 64] + packet.ipv4)),
        Wrapping(
            "Ethernet in an MPLS pseudowire", .ethernet,
            ethernet(0x8847, then: [0, 2, 1, 64, 0, 0, 0, 0] + packet.ethernet)),
        Wrapping(
            "PPPoE", .ethernet,
            ethernet(
                0x8864, then: [0x11, 0, 0, 9] + bigEndian(UInt16(packet.ipv4.count + 2)) + [0, 0x21] + packet.ipv4)),
        Wrapping("NULL, little-endian", .null, [2, 0, 0, 0] + packet.ipv4),
        Wrapping("NULL, big-endian, FreeBSD's number of IPv6", .null, [0, 0, 0, 28] + packet.ipv6),
        Wrapping("NULL, macOS's number of IPv6", .null, [30, 0, 0, 0] + packet.ipv6),
        Wrapping("LOOP", .loop, [0, 0, 0, 24] + packet.ipv6),
        Wrapping("RAW", .raw, packet.ipv4),
        Wrapping("RAW with IPv6", .raw, packet.ipv6),
        Wrapping("RAW as libpcap numbers it", LinkType(rawValue: 12), packet.ipv4),
        Wrapping("RAW as OpenBSD numbers it", LinkType(rawValue: 14), packet.ipv4),
        Wrapping("IPV4", .ipv4, packet.ipv4),
        Wrapping("IPV6", .ipv6, packet.ipv6),
        Wrapping("SLL", .linuxCooked, cooked(0x0800) + packet.ipv4),
        Wrapping("SLL with a VLAN tag", .linuxCooked, cooked(0x8100) + [0, 5, 8, 0] + packet.ipv4),
        Wrapping(
            "SLL2", .linuxCooked2,
            [0x86, 0xDD, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0] + packet.ipv6),
        Wrapping("PPP", .ppp, [0, 0x21] + packet.ipv4),
        Wrapping("PPP with HDLC bytes and a short protocol", .ppp, [0xFF, 3, 0x57] + packet.ipv6),
    ]

    static let networks: [Wrapping] = [
        Wrapping("padding behind a short packet", .ethernet, packet.ethernet + [0xEE, 0xEE, 0xEE]),
        Wrapping("IPv4 options", .raw, TestPacket.ipv4(packet.segment, from: .client, options: [1, 1, 1, 0])),
        Wrapping(
            "a total length of 0, from segmentation offload", .raw,
            TestPacket.ipv4(packet.segment, from: .client, totalLength: 0)),
        Wrapping("a payload length of 0", .raw, TestPacket.ipv6(packet.segment, from: .client, length: 0)),
        Wrapping(
            "hop-by-hop, routing and destination options", .raw,
            TestPacket.ipv6(
                [43, 0, 1, 4, 0, 0, 0, 0] + [60, 0, 0, 0, 0, 0, 0, 0] + [6, 1] + [UInt8](repeating: 0, count: 14)
                    + packet.segment, from: .client, nextHeader: 0)),
        Wrapping(
            "an authentication header", .raw,
            TestPacket.ipv6([6, 4] + [UInt8](repeating: 0, count: 22) + packet.segment, from: .client, nextHeader: 51)),
        Wrapping(
            "a fragment header around the whole datagram", .raw,
            TestPacket.ipv6([6, 0, 0, 0, 0, 0, 0, 9] + packet.segment, from: .client, nextHeader: 44)),
    ]

    private static func udp(_ port: UInt16, _ payload: [UInt8]) -> [UInt8] {
        let segment = bigEndian(UInt16(5555)) + bigEndian(port) + bigEndian(UInt16(8 + payload.count)) + [0, 0]
        return TestPacket.ipv4(segment + payload, from: .server, protocolNumber: 17)
    }

    private static func gre(_ header: [UInt8], _ payload: [UInt8]) -> [UInt8] {
        TestPacket.ipv4(header + payload, from: .server, protocolNumber: 47)
    }

    static let tunnels: [Wrapping] = [
        Wrapping("IP in IP", .raw, TestPacket.ipv4(packet.ipv4, from: .server, protocolNumber: 4)),
        Wrapping("IPv6 in IPv4", .raw, TestPacket.ipv4(packet.ipv6, from: .server, protocolNumber: 41)),
        Wrapping("GRE", .raw, gre([0, 0, 8, 0], packet.ipv4)),
        Wrapping(
            "GRE with checksum, key and number", .raw,
            gre([0xB0, 0, 0x86, 0xDD] + [UInt8](repeating: 1, count: 12), packet.ipv6)),
        Wrapping("GRE with Ethernet", .raw, gre([0, 0, 0x65, 0x58], packet.ethernet)),
        Wrapping(
            "ERSPAN type II", .raw,
            gre([0x10, 0, 0x88, 0xBE, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 8), packet.ethernet)),
        Wrapping("VXLAN", .raw, udp(4789, [8, 0, 0, 0, 0, 0, 42, 0] + packet.ethernet)),
        Wrapping(
            "Geneve with an option", .raw, udp(6081, [1, 0, 0x65, 0x58, 0, 0, 1, 0, 0, 0, 0, 0] + packet.ethernet)),
        Wrapping("GTP-U", .raw, udp(2152, [0x30, 255, 0, 0, 0, 0, 0, 1] + packet.ipv4)),
        Wrapping(
            "GTP-U with an extension header", .raw,
            udp(2152, [0x34, 255, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 9, 0] + packet.ipv4)),
        Wrapping(
            "VXLAN in IP in IP", .raw,
            TestPacket.ipv4(
                udp(4789, [8, 0, 0, 0, 0, 0, 42, 0] + packet.ethernet), from: .client, protocolNumber: 4)),
    ]

    @Test("The segment is found behind every link header", arguments: links)
    func link(_ wrapping: Wrapping) {
        expectRequest(wrapping)
    }

    @Test("The segment is found in every kind of IP packet", arguments: networks)
    func network(_ wrapping: Wrapping) {
        expectRequest(wrapping)
    }

    @Test("The segment is found in every kind of tunnel", arguments: tunnels)
    func tunnel(_ wrapping: Wrapping) {
        expectRequest(wrapping)
    }

    private func expectRequest(_ wrapping: Wrapping) {
        let played = play(frames: [(wrapping.bytes[...], wrapping.bytes.count)], linkType: wrapping.linkType)
        #expect(played.log.events == ["client GET /", "finish"])
        #expect(played.packets.tcp == 1)
    }

    @Test(
        "A packet cut anywhere is accounted for, and its cut payload is a hole", arguments: links + networks + tunnels)
    func cutAnywhere(_ wrapping: Wrapping) {
        for length in 0..<wrapping.bytes.count {
            let played = play(
                frames: [(wrapping.bytes.prefix(length), wrapping.bytes.count)], linkType: wrapping.linkType)
            #expect(played.packets.total == 1)
            #expect(played.packets.tcp + played.packets[.headersCut] + played.packets[.notTCP] == 1)
            if played.packets.tcp == 1, played.bytes.cut > 0 {
                #expect(played.bytes.delivered + played.bytes.cut == 5)
            }
        }
    }

    struct Stop: CustomTestStringConvertible {
        var testDescription: String
        var linkType: LinkType
        var bytes: [UInt8]
        var reason: DecodeStop

        init(_ name: String, _ linkType: LinkType, _ bytes: [UInt8], _ reason: DecodeStop) {
            (testDescription, self.linkType, self.bytes, self.reason) = (name, linkType, bytes, reason)
        }
    }

    static let stops: [Stop] = [
        Stop("802.11", LinkType(rawValue: 105), packet.ethernet, .unsupportedLink),
        Stop("ARP", .ethernet, TestPacket.ethernetHeader(0x0806) + [UInt8](repeating: 0, count: 28), .notIP),
        Stop("PPPoE discovery", .ethernet, TestPacket.ethernetHeader(0x8863) + [0x11, 9, 0, 0, 0, 0], .notIP),
        Stop("spanning tree", .ethernet, TestPacket.ethernetHeader(38) + [0x42, 0x42, 3, 0, 0, 0, 0, 0], .notIP),
        Stop("NetBIOS on NULL", .null, [17, 0, 0, 0, 0, 0], .notIP),
        Stop("DNS", .raw, udp(53, [UInt8](repeating: 7, count: 20)), .notTCP),
        Stop("ICMP", .raw, TestPacket.ipv4([8, 0, 0, 0], from: .client, protocolNumber: 1), .notTCP),
        Stop("no next header", .raw, TestPacket.ipv6([], from: .client, nextHeader: 59), .notTCP),
        Stop("PPTP", .raw, gre([0x30, 1, 0x88, 0x0B], [UInt8](repeating: 0, count: 20)), .notTCP),
        Stop("an empty packet", .ethernet, [], .malformed),
        Stop("a runt", .ethernet, [1, 2, 3], .malformed),
        Stop("IP version 5", .raw, [0x55] + packet.ipv4.dropFirst(), .malformed),
        Stop("an IPv4 header of 16 bytes", .raw, [0x44] + packet.ipv4.dropFirst(), .malformed),
        Stop(
            "a total length below the header's", .raw,
            TestPacket.ipv4(packet.segment, from: .client, totalLength: 19), .malformed),
        Stop("a TCP header of 16 bytes", .raw, damagedOffset(0x40), .malformed),
        Stop("a TCP header longer than the packet", .raw, damagedOffset(0xF0), .malformed),
        Stop(
            "IP in IP in IP without end", .raw,
            (0..<12).reduce(packet.ipv4) { inner, _ in TestPacket.ipv4(inner, from: .client, protocolNumber: 4) },
            .malformed),
    ]

    private static func damagedOffset(_ value: UInt8) -> [UInt8] {
        var segment = packet.segment
        segment[12] = value
        return TestPacket.ipv4(segment, from: .client)
    }

    @Test("A packet without a segment is counted under its reason", arguments: stops)
    func reason(_ stop: Stop) {
        let played = play(frames: [(stop.bytes[...], stop.bytes.count)], linkType: stop.linkType)
        #expect(played.packets[stop.reason] == 1)
        #expect(played.packets.total == 1)
        #expect(played.log.events.isEmpty)
    }

    @Test("A link type that cannot be read is named once, with its first packet and its count")
    func unsupportedLink() {
        var table = ConnectionTable { LoggingReader(StreamLog(), $0, numbered: false) }
        let bytes: [UInt8] = [1, 2, 3]
        for number in 1...3 {
            table.receive(
                bytes.span.bytes, linkType: LinkType(rawValue: 105), originalLength: 3,
                at: PacketMark(packet: number, instant: .epoch))
        }
        #expect(table.unsupportedLinks.map(\.linkType.description) == ["IEEE802_11"])
        #expect(table.unsupportedLinks.first?.first.packet == 1)
        #expect(table.unsupportedLinks.first?.packets == 3)
    }
}
