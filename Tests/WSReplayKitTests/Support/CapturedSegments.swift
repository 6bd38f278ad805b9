/// The packets of a capture, taken apart far enough to carry the same bytes in other segments: by the rules of IP and
/// TCP, without the reader under test.
struct CapturedSegments {
    private var packets: [Packet]
    private let linkType: Int

    /// Reads an Ethernet or SLL2 capture whose packets are all IPv4 or IPv6 with TCP.
    init(_ file: CaptureBytes) throws {
        linkType = file.linkType
        let linkLength = linkType == 1 ? 14 : 20
        packets = try file.packets.map { try Packet($0, linkLength: linkLength) }
    }

    /// The packets as a pcap file, a millisecond apart.
    var pcap: [UInt8] {
        let header: [UInt8] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8) + [0, 0, 4, 0]
        return packets.enumerated().reduce(into: header + Self.littleEndian(linkType)) { file, packet in
            let bytes = packet.element.bytes
            let length = Self.littleEndian(bytes.count)
            file += Self.littleEndian(1_700_000_000 + packet.offset / 1000)
            file += Self.littleEndian(packet.offset % 1000 * 1000) + length + length + bytes
        }
    }

    /// The same bytes in other segments: split, some of them twice, and in another order.
    ///
    /// What begins or ends a connection stays where it is, and nothing crosses it: there the order has a meaning.
    func carriedOtherwise(using random: inout some RandomNumberGenerator) -> CapturedSegments {
        var carried = self
        carried.packets = packets.flatMap { $0.split(using: &random) }
        for _ in 0..<carried.packets.count / 5 {
            let place = Int.random(in: 0..<carried.packets.count, using: &random)
            guard carried.packets[place].isOrdinary else { continue }
            carried.packets.insert(carried.packets[place], at: place)
        }
        for place in carried.packets.indices where Bool.random(using: &random) {
            let other = min(place + Int.random(in: 1...30, using: &random), carried.packets.count - 1)
            guard carried.packets[place...other].allSatisfy(\.isOrdinary) else { continue }
            carried.packets.swapAt(place, other)
        }
        return carried
    }

    fileprivate static func littleEndian(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// A packet that is no TCP over IP.
    struct NoSegment: Error {
        let bytes: [UInt8]
    }
}

/// A TCP segment with all its headers.
private struct Packet {
    private let headers: [UInt8]
    private let payload: [UInt8]
    private let network: Int
    private let transport: Int

    init(_ bytes: [UInt8], linkLength: Int) throws {
        network = linkLength
        let isV4 = bytes.count > network + 20 && bytes[network] >> 4 == 4
        transport = network + (isV4 ? 4 * Int(bytes[network] & 15) : 40)
        guard bytes.count >= transport + 20, bytes[network + (isV4 ? 9 : 6)] == 6 else {
            throw CapturedSegments.NoSegment(bytes: bytes)
        }
        let start = transport + 4 * Int(bytes[transport + 12] >> 4)
        let length = Int(bytes[network + (isV4 ? 2 : 4)]) << 8 | Int(bytes[network + (isV4 ? 3 : 5)])
        // Ethernet pads short frames.
        let end = network + length + (isV4 ? 0 : 40)
        headers = Array(bytes[..<start])
        payload = Array(bytes[start..<end])
    }

    private init(headers: [UInt8], payload: [UInt8], like packet: Packet) {
        (self.headers, self.payload) = (headers, payload)
        (network, transport) = (packet.network, packet.transport)
    }

    var bytes: [UInt8] { headers + payload }

    /// Whether it neither begins nor ends a connection.
    var isOrdinary: Bool { headers[transport + 13] & 7 == 0 }

    /// The same bytes in up to six segments.
    func split(using random: inout some RandomNumberGenerator) -> [Packet] {
        guard isOrdinary, payload.count > 1 else { return [self] }
        let cuts = (0..<Int.random(in: 0...5, using: &random)).map { _ in
            Int.random(in: 0...payload.count, using: &random)
        }
        let edges = [0] + cuts.sorted() + [payload.count]
        return zip(edges, edges.dropFirst()).filter { $0 < $1 }.map { part($0..<$1) }
    }

    private func part(_ range: Range<Int>) -> Packet {
        var headers = headers
        let length = headers.count - network + range.count
        let isV4 = headers[network] >> 4 == 4
        let claimed = isV4 ? length : length - 40
        let place = network + (isV4 ? 2 : 4)
        (headers[place], headers[place + 1]) = (UInt8(claimed >> 8), UInt8(claimed & 255))
        let old = headers[transport + 4..<transport + 8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let sequence = old &+ UInt32(range.lowerBound)
        for index in 0..<4 { headers[transport + 4 + index] = UInt8(truncatingIfNeeded: sequence >> (24 - 8 * index)) }
        return Packet(headers: headers, payload: Array(payload[range]), like: self)
    }
}
