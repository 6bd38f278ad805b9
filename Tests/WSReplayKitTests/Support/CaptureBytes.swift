import Foundation

/// A capture file as bytes, and where its packets are: found here by the formats' own rules, not by the reader under
/// test.
struct CaptureBytes {
    let bytes: [UInt8]
    /// Where the file may end: behind what comes before the first packet, and behind each packet.
    let boundaries: [Int]

    /// A little-endian pcap or pcapng file.
    init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        let isPcapng = bytes.starts(with: [0x0A, 0x0D, 0x0D, 0x0A])
        var boundaries: [Int] = []
        var position = isPcapng ? 0 : 24
        if !isPcapng { boundaries.append(position) }
        while position + 16 <= bytes.count {
            let first = Self.number(bytes, position)
            let length = isPcapng ? Self.number(bytes, position + 4) : 16 + Self.number(bytes, position + 8)
            guard length >= 12, position + length <= bytes.count else { throw NoCapture(position: position) }
            // Blocks in front of the first packet: section header, interface description.
            let isPacket = !isPcapng || first == 6 || first == 3
            if isPacket, boundaries.isEmpty { boundaries.append(position) }
            position += length
            if isPacket { boundaries.append(position) }
        }
        self.boundaries = boundaries
    }

    /// The captured bytes of each packet.
    var packets: [[UInt8]] {
        let isPcapng = bytes.starts(with: [0x0A, 0x0D, 0x0D, 0x0A])
        return boundaries.dropLast().map { start in
            // A record header of pcap, or an Enhanced Packet Block up to its data.
            let (length, data) = isPcapng ? (start + 20, start + 28) : (start + 8, start + 16)
            return Array(bytes[data..<data + Self.number(bytes, length)])
        }
    }

    /// The link type of all packets: pcap says so in its header, the bundled pcapng files are Ethernet.
    var linkType: Int { bytes.starts(with: [0x0A, 0x0D, 0x0D, 0x0A]) ? 1 : Self.number(bytes, 20) }

    /// The file with a few of its packets lost, doubled and swapped with the next one.
    func mixed(using random: inout some RandomNumberGenerator) -> [UInt8] {
        var packets = zip(boundaries, boundaries.dropFirst()).map { bytes[$0..<$1] }
        for _ in 0..<3 where packets.count > 4 {
            let place = Int.random(in: 0..<packets.count - 1, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: packets.remove(at: place)
            case 1: packets.insert(packets[place], at: place)
            default: packets.swapAt(place, place + 1)
            }
        }
        return Array(bytes[..<boundaries[0]]) + packets.joined() + bytes[(boundaries.last ?? 0)...]
    }

    private static func number(_ bytes: [UInt8], _ position: Int) -> Int {
        bytes[position..<position + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    struct NoCapture: Error {
        let position: Int
    }
}
