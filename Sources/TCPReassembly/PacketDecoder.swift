import WireBasics

/// Finds the TCP segment in a packet, through link headers, IP and tunnels.
enum PacketDecoder {
    /// What a packet holds.
    enum Found {
        case segment(TCPSegment)
        /// A part of an IP datagram whose payload may be TCP or a tunnel.
        case fragment(IPHeader, IPHeader.Fragment, Extent)
    }

    /// Tunnels in tunnels: more than this is no network but an attack on readers.
    private static let deepestTunnel = 8

    /// Reads a captured packet.
    @inline(__always)
    static func decode(
        _ bytes: RawSpan, linkType: LinkType, originalLength: Int
    ) throws(DecodeStop) -> Found {
        var extent = Extent(captured: bytes.byteCount, original: originalLength)
        try LinkHeader.strip(bytes, &extent, linkType)
        return try decodeIP(bytes, extent, depth: 0)
    }

    /// Reads the payload of an IP datagram that was put together from fragments.
    static func decode(payload: RawSpan, of header: IPHeader) throws(DecodeStop) -> Found {
        var header = header
        header.fragment = nil
        var extent = Extent(captured: payload.byteCount, original: payload.byteCount)
        if header.source.isV6 { try header.skipExtensionHeaders(payload, &extent) }
        if let fragment = header.fragment { return .fragment(header, fragment, extent) }
        return try decodeTransport(payload, extent, header, depth: 0)
    }

    @inline(__always)
    private static func decodeIP(_ bytes: RawSpan, _ extent: Extent, depth: Int) throws(DecodeStop) -> Found {
        var extent = extent
        let header = try IPHeader(bytes, &extent)
        if let fragment = header.fragment {
            guard canCarryTCP(header.protocolNumber) || header.source.isV6 else { throw .notTCP }
            return .fragment(header, fragment, extent)
        }
        if header.protocolNumber == 6 { return .segment(try TCPSegment(bytes, extent, ip: header)) }
        return try decodeTransport(bytes, extent, header, depth: depth)
    }

    private static func canCarryTCP(_ protocolNumber: UInt8) -> Bool {
        [4, 6, 17, 41, 47].contains(protocolNumber)
    }

    private static func decodeTransport(
        _ bytes: RawSpan, _ extent: Extent, _ header: IPHeader, depth: Int
    ) throws(DecodeStop) -> Found {
        if header.protocolNumber == 6 { return .segment(try TCPSegment(bytes, extent, ip: header)) }
        guard depth < deepestTunnel else { throw .malformed }
        var extent = extent
        guard try TunnelHeader.strip(bytes, &extent, protocolNumber: header.protocolNumber) else { throw .notTCP }
        return try decodeIP(bytes, extent, depth: depth + 1)
    }
}
