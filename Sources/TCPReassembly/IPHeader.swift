import WireBasics

/// The header of an IP packet: RFC 791 §3.1, RFC 8200 §3 with its extension headers.
struct IPHeader {
    var source: IPAddress
    var destination: IPAddress
    /// What follows: 6 is TCP.
    var protocolNumber: UInt8
    /// Where the payload belongs when it is a part of a datagram only.
    var fragment: Fragment?

    /// A part of a datagram.
    struct Fragment {
        var identification: UInt32
        /// Offset of the part in the datagram's payload, in bytes.
        var offset: Int
        /// Whether this is the last part.
        var isLast: Bool
    }

    /// Reads a header and moves the extent to the payload, without padding behind it.
    @inline(__always)
    init(_ bytes: RawSpan, _ extent: inout Extent) throws(DecodeStop) {
        try extent.require(1)
        switch bytes.byte(at: extent.start) >> 4 {
        case 4: self = try IPHeader(v4: bytes, &extent)
        case 6: self = try IPHeader(v6: bytes, &extent)
        default: throw .malformed
        }
    }

    @inline(__always)
    private init(v4 bytes: RawSpan, _ extent: inout Extent) throws(DecodeStop) {
        try extent.require(20)
        let start = extent.start
        let headerLength = Int(bytes.byte(at: start) & 0x0F) * 4
        // A length of 0 is what the kernel shows of a packet that the network card will cut (segmentation offload).
        let claimed = Int(bytes.uint16(at: start + 2))
        let totalLength = claimed == 0 ? extent.wireCount : claimed
        guard headerLength >= 20, totalLength >= headerLength else { throw .malformed }
        source = IPAddress(v4: bytes.uint32(at: start + 12))
        destination = IPAddress(v4: bytes.uint32(at: start + 16))
        protocolNumber = bytes.byte(at: start + 9)
        let flags = bytes.uint16(at: start + 6)
        if flags & 0x3FFF != 0 {
            fragment = Fragment(
                identification: UInt32(bytes.uint16(at: start + 4)), offset: Int(flags & 0x1FFF) * 8,
                isLast: flags & 0x2000 == 0)
        }
        extent.limit(to: totalLength)
        try extent.advance(headerLength)
    }

    private init(v6 bytes: RawSpan, _ extent: inout Extent) throws(DecodeStop) {
        try extent.require(40)
        let start = extent.start
        // 0 is a jumbogram (RFC 2675) or segmentation offload.
        let claimed = Int(bytes.uint16(at: start + 4))
        source = IPAddress(v6High: bytes.uint64(at: start + 8), low: bytes.uint64(at: start + 16))
        destination = IPAddress(v6High: bytes.uint64(at: start + 24), low: bytes.uint64(at: start + 32))
        protocolNumber = bytes.byte(at: start + 6)
        if claimed != 0 { extent.limit(to: 40 + claimed) }
        try extent.advance(40)
        try skipExtensionHeaders(bytes, &extent)
    }

    /// Moves the extent behind IPv6 extension headers; stops behind a fragment header that is more than a formality.
    mutating func skipExtensionHeaders(_ bytes: RawSpan, _ extent: inout Extent) throws(DecodeStop) {
        while true {
            let start = extent.start
            switch protocolNumber {
            case 0, 43, 60, 135, 139, 140:  // hop by hop, routing, destination, mobility, HIP, shim6
                try extent.require(8)
                protocolNumber = bytes.byte(at: start)
                try extent.advance(8 + 8 * Int(bytes.byte(at: start + 1)))
            case 51:  // authentication header (RFC 4302 §2.2)
                try extent.require(8)
                protocolNumber = bytes.byte(at: start)
                try extent.advance(8 + 4 * Int(bytes.byte(at: start + 1)))
            case 44:
                try extent.require(8)
                protocolNumber = bytes.byte(at: start)
                let place = bytes.uint16(at: start + 2)
                let identification = bytes.uint32(at: start + 4)
                try extent.advance(8)
                // A fragment that is the whole datagram is "atomic" (RFC 6946) and no fragment to us.
                guard place & 0xFFF9 == 0 else {
                    fragment = Fragment(
                        identification: identification, offset: Int(place & 0xFFF8), isLast: place & 1 == 0)
                    return
                }
            default:
                return
            }
        }
    }
}
