import Foundation

/// A classic pcap file as bytes, to be cut: a header of 24 bytes, then records of 16 bytes and a packet.
struct Pcap {
    let bytes: [UInt8]
    /// Where each packet ends, and first where the header does.
    let boundaries: [Int]

    init(_ data: Data) {
        bytes = Array(data)
        var boundaries = [24]
        // The bundled captures are little-endian.
        while let start = boundaries.last, start + 16 <= bytes.count {
            let length = bytes[start + 8..<start + 12].reversed().reduce(0) { $0 << 8 | Int($1) }
            boundaries.append(start + 16 + length)
        }
        self.boundaries = boundaries
    }

    /// The file with its first packets only.
    func prefix(ofPackets count: Int) -> ArraySlice<UInt8> { bytes[..<boundaries[count]] }

    /// The files that it makes when it is cut behind those packets.
    func split(behind cuts: [Int]) -> [Data] {
        zip([0] + cuts, cuts + [boundaries.count - 1]).map {
            Data(bytes[..<24] + bytes[boundaries[$0]..<boundaries[$1]])
        }
    }
}
