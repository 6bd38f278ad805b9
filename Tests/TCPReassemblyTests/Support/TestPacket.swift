import WireBasics

/// A TCP packet of a test, built byte by byte: client 10.0.0.1:40000, server 10.0.0.2:80 where nothing else is said.
struct TestPacket {
    var from: Party
    var sequence: UInt32
    var acknowledgement: UInt32?
    var flags: UInt8 = 0
    var payload: [UInt8] = []
    var clientPort: UInt16 = 40000
    var serverPort: UInt16 = 80
    /// Payload bytes at the end that the capture does not hold.
    var cut = 0

    static let fin: UInt8 = 1
    static let syn: UInt8 = 2
    static let rst: UInt8 = 4

    /// Data of one end.
    static func data(_ from: Party, _ sequence: UInt32, _ text: String, ack: UInt32? = 0) -> TestPacket {
        TestPacket(from: from, sequence: sequence, acknowledgement: ack, payload: Array(text.utf8))
    }

    /// A segment without data.
    static func ack(_ from: Party, _ sequence: UInt32, _ acknowledgement: UInt32) -> TestPacket {
        TestPacket(from: from, sequence: sequence, acknowledgement: acknowledgement)
    }

    /// A SYN, FIN or RST.
    static func flag(
        _ flags: UInt8, _ from: Party, _ sequence: UInt32, ack: UInt32? = nil, _ text: String = ""
    ) -> TestPacket {
        TestPacket(from: from, sequence: sequence, acknowledgement: ack, flags: flags, payload: Array(text.utf8))
    }

    /// The TCP segment.
    var segment: [UInt8] {
        let ports = from == .client ? [clientPort, serverPort] : [serverPort, clientPort]
        return ports.flatMap(bigEndian) + bigEndian(sequence) + bigEndian(acknowledgement ?? 0)
            + [0x50, flags | (acknowledgement == nil ? 0 : 16), 0xFF, 0xFF, 0, 0, 0, 0] + payload
    }

    /// The packet from its IPv4 header on.
    var ipv4: [UInt8] { Self.ipv4(segment, from: from) }

    /// The packet from its IPv6 header on: fd00::1 is the client, fd00::2 the server.
    var ipv6: [UInt8] { Self.ipv6(segment, from: from) }

    /// The Ethernet frame.
    var ethernet: [UInt8] { Self.ethernetHeader(0x0800) + ipv4 }

    static func ethernetHeader(_ type: UInt16) -> [UInt8] {
        [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1] + bigEndian(type)
    }

    static func ipv4(
        _ payload: [UInt8], from: Party, protocolNumber: UInt8 = 6, fragment: UInt16 = 0, totalLength: Int? = nil,
        options: [UInt8] = []
    ) -> [UInt8] {
        let ends: [UInt8] = from == .client ? [10, 0, 0, 1, 10, 0, 0, 2] : [10, 0, 0, 2, 10, 0, 0, 1]
        let length = totalLength ?? 20 + options.count + payload.count
        return [0x45 + UInt8(options.count / 4), 0] + bigEndian(UInt16(truncatingIfNeeded: length))
            + bigEndian(UInt16(7)) + bigEndian(fragment) + [64, protocolNumber, 0, 0] + ends + options + payload
    }

    static func ipv6(_ payload: [UInt8], from: Party, nextHeader: UInt8 = 6, length: Int? = nil) -> [UInt8] {
        let prefix: [UInt8] = [0xFD] + Array(repeating: 0, count: 14)
        let ends = from == .client ? prefix + [1] + prefix + [2] : prefix + [2] + prefix + [1]
        return [0x60, 0, 0, 0] + bigEndian(UInt16(truncatingIfNeeded: length ?? payload.count)) + [nextHeader, 64]
            + ends + payload
    }
}

/// The bytes of an integer, most significant first.
func bigEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
}
