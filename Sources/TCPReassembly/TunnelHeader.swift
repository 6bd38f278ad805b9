import WireBasics

/// What lies between an IP packet and one that it carries: IP in IP, GRE, VXLAN, Geneve, GTP-U.
enum TunnelHeader {
    /// Moves the extent to the inner IP header.
    ///
    /// - Returns: false when the payload is no tunnel that we know.
    static func strip(
        _ bytes: RawSpan, _ extent: inout Extent, protocolNumber: UInt8
    ) throws(DecodeStop) -> Bool {
        switch protocolNumber {
        case 4, 41:  // RFC 2003, RFC 2473
            return true
        case 47:
            return try stripGRE(bytes, &extent)
        case 17:
            return try stripUDP(bytes, &extent)
        default:
            return false
        }
    }

    /// RFC 2784 §2, RFC 2890 §2; ERSPAN as Cisco's switches send it.
    private static func stripGRE(_ bytes: RawSpan, _ extent: inout Extent) throws(DecodeStop) -> Bool {
        try extent.require(4)
        let flags = bytes.uint16(at: extent.start)
        let type = bytes.uint16(at: extent.start + 2)
        guard flags & 0x4007 == 0 else { return false }  // source routing and version 1 (PPTP)
        let hasSequence = flags & 0x1000 != 0
        try extent.advance(4 + (flags & 0x8000 != 0 ? 4 : 0) + (flags & 0x2000 != 0 ? 4 : 0) + (hasSequence ? 4 : 0))
        switch type {
        case 0x6558:
            try LinkHeader.stripEthernet(bytes, &extent)
        case 0x88BE:  // type I has no header of its own, type II has eight bytes and a GRE sequence number
            if hasSequence { try extent.advance(8) }
            try LinkHeader.stripEthernet(bytes, &extent)
        default:
            try LinkHeader.stripEtherType(bytes, &extent, type)
        }
        return true
    }

    /// Tunnels that are known by their UDP port; what does not look right inside is taken for other UDP.
    private static func stripUDP(_ bytes: RawSpan, _ extent: inout Extent) throws(DecodeStop) -> Bool {
        guard extent.count >= 16 else { return false }
        let port = bytes.uint16(at: extent.start + 2)
        let length = Int(bytes.uint16(at: extent.start + 4))
        guard [4789, 8472, 6081, 2152].contains(port), length == 0 || length >= 16 else { return false }
        if length > 0, length < extent.wireCount { extent.limit(to: length) }
        try extent.advance(8)
        switch port {
        case 6081: return try stripGeneve(bytes, &extent)
        case 2152: return try stripGTP(bytes, &extent)
        default: return try stripVXLAN(bytes, &extent)
        }
    }

    /// RFC 7348 §5: flags with the I bit, a network identifier, an Ethernet frame.
    private static func stripVXLAN(_ bytes: RawSpan, _ extent: inout Extent) throws(DecodeStop) -> Bool {
        guard bytes.byte(at: extent.start) & 0x08 != 0 else { return false }
        try extent.advance(8)
        try LinkHeader.stripEthernet(bytes, &extent)
        return true
    }

    /// RFC 8926 §3.4: version 0, options, the EtherType of what follows.
    private static func stripGeneve(_ bytes: RawSpan, _ extent: inout Extent) throws(DecodeStop) -> Bool {
        let first = bytes.byte(at: extent.start)
        guard first >> 6 == 0 else { return false }
        let type = bytes.uint16(at: extent.start + 2)
        try extent.advance(8 + 4 * Int(first & 0x3F))
        if type == 0x6558 {
            try LinkHeader.stripEthernet(bytes, &extent)
        } else {
            try LinkHeader.stripEtherType(bytes, &extent, type)
        }
        return true
    }

    /// 3GPP TS 29.281 §5: version 1, message type 255, optional fields and extension headers.
    private static func stripGTP(_ bytes: RawSpan, _ extent: inout Extent) throws(DecodeStop) -> Bool {
        let flags = bytes.byte(at: extent.start)
        guard flags >> 5 == 1, flags & 0x10 != 0, bytes.byte(at: extent.start + 1) == 255 else { return false }
        try extent.advance(8)
        guard flags & 0x07 != 0 else { return true }
        try extent.require(4)
        var next = flags & 0x04 != 0 ? bytes.byte(at: extent.start + 3) : 0
        try extent.advance(4)
        while next != 0 {
            try extent.require(4)
            let length = 4 * Int(bytes.byte(at: extent.start))
            guard length > 0 else { throw .malformed }
            try extent.require(length)
            next = bytes.byte(at: extent.start + length - 1)
            try extent.advance(length)
        }
        return true
    }
}
