import WireBasics

/// What lies in front of an IP packet: link header, VLAN tags, MPLS labels, PPP.
enum LinkHeader {
    /// Moves the extent to the IP header.
    ///
    /// - Throws: `unsupportedLink`, `notIP`, `headersCut`, `malformed`.
    @inline(__always)
    static func strip(_ bytes: RawSpan, _ extent: inout Extent, _ linkType: LinkType) throws(DecodeStop) {
        if linkType == .ethernet {
            try stripEthernet(bytes, &extent)
        } else {
            try stripOther(bytes, &extent, linkType)
        }
    }

    private static func stripOther(
        _ bytes: RawSpan, _ extent: inout Extent, _ linkType: LinkType
    ) throws(DecodeStop) {
        switch linkType.rawValue {
        case 12, 14, LinkType.raw.rawValue, LinkType.ipv4.rawValue, LinkType.ipv6.rawValue:
            return
        case LinkType.null.rawValue, LinkType.loop.rawValue:
            try extent.require(4)
            let family = bytes.uint32(at: extent.start)
            // AF_INET is 2 everywhere, AF_INET6 is 10, 24, 28 or 30; NULL is in the order of the machine that wrote it.
            guard [2, 10, 24, 28, 30].contains(family) || [2, 10, 24, 28, 30].contains(family.byteSwapped) else {
                throw .notIP
            }
            try extent.advance(4)
        case LinkType.linuxCooked.rawValue:
            try extent.require(16)
            let type = bytes.uint16(at: extent.start + 14)
            try extent.advance(16)
            try stripEtherType(bytes, &extent, type)
        case LinkType.linuxCooked2.rawValue:
            try extent.require(20)
            let type = bytes.uint16(at: extent.start)
            try extent.advance(20)
            try stripEtherType(bytes, &extent, type)
        case LinkType.ppp.rawValue, LinkType.pppSerial.rawValue:
            try stripPPP(bytes, &extent)
        case LinkType.pppoe.rawValue:
            try stripEtherType(bytes, &extent, 0x8864)
        default:
            throw .unsupportedLink
        }
    }

    @inline(__always)
    static func stripEthernet(_ bytes: RawSpan, _ extent: inout Extent) throws(DecodeStop) {
        try extent.require(14)
        let type = bytes.uint16(at: extent.start + 12)
        try extent.advance(14)
        if type != 0x0800, type != 0x86DD { try stripEtherType(bytes, &extent, type) }
    }

    /// Moves the extent to the IP header from behind an EtherType (IEEE 802 numbers).
    static func stripEtherType(_ bytes: RawSpan, _ extent: inout Extent, _ type: UInt16) throws(DecodeStop) {
        var type = type
        while true {
            switch type {
            case 0x0800, 0x86DD:
                return
            case 0x8100, 0x88A8, 0x9100, 0x9200, 0x9300:  // 802.1Q, 802.1ad and what came before it
                try extent.require(4)
                type = bytes.uint16(at: extent.start + 2)
                try extent.advance(4)
            case 0x8847, 0x8848:
                return try stripMPLS(bytes, &extent)
            case 0x8864:  // PPPoE session: version and type, code, session, length (RFC 2516 §4)
                try extent.require(6)
                guard bytes.byte(at: extent.start) == 0x11, bytes.byte(at: extent.start + 1) == 0 else {
                    throw .malformed
                }
                let length = Int(bytes.uint16(at: extent.start + 4))
                try extent.advance(6)
                extent.limit(to: length)
                return try stripPPP(bytes, &extent)
            case 0...1500:  // IEEE 802.3: a length, then LLC; SNAP carries an EtherType (RFC 1042)
                try extent.require(8)
                guard bytes.uint32(at: extent.start) == 0xAAAA_0300, bytes.uint16(at: extent.start + 4) == 0 else {
                    throw .notIP
                }
                type = bytes.uint16(at: extent.start + 6)
                guard type > 1500 else { throw .notIP }
                try extent.advance(8)
            default:
                throw .notIP
            }
        }
    }

    /// RFC 3032: labels up to the one with the bottom-of-stack bit; what follows is told by its first four bits.
    private static func stripMPLS(_ bytes: RawSpan, _ extent: inout Extent) throws(DecodeStop) {
        var isBottom = false
        while !isBottom {
            try extent.require(4)
            isBottom = bytes.byte(at: extent.start + 2) & 1 == 1
            try extent.advance(4)
        }
        try extent.require(1)
        switch bytes.byte(at: extent.start) >> 4 {
        case 4, 6:
            return
        case 0:  // a pseudowire's control word, then Ethernet (RFC 4448 §4.6)
            try extent.advance(4)
            try extent.require(14)
            let type = bytes.uint16(at: extent.start + 12)
            guard type == 0x0800 || type == 0x86DD || type == 0x8100 else { throw .notIP }
            try extent.advance(14)
            try stripEtherType(bytes, &extent, type)
        default:
            throw .notIP
        }
    }

    /// RFC 1661 §2, RFC 1662 §3.1: address and control may be left out, the protocol may be one byte.
    private static func stripPPP(_ bytes: RawSpan, _ extent: inout Extent) throws(DecodeStop) {
        try extent.require(2)
        if bytes.uint16(at: extent.start) == 0xFF03 { try extent.advance(2) }
        try extent.require(1)
        var type = UInt16(bytes.byte(at: extent.start))
        if type & 1 == 0 {
            try extent.require(2)
            type = bytes.uint16(at: extent.start)
            try extent.advance(2)
        } else {
            try extent.advance(1)
        }
        switch type {
        case 0x0021, 0x0057: return
        case 0x0281: return try stripMPLS(bytes, &extent)
        default: throw .notIP
        }
    }
}
