import WireBasics

/// A TCP segment (RFC 9293 §3.1) and where its payload lies.
struct TCPSegment: Sendable {
    /// The connection that it belongs to.
    let flow: FlowKey
    /// The hash of the connection's ends.
    let hash: UInt32
    /// Whether the lower end of the key sent it.
    let isFromLower: Bool
    var sequence: SequenceNumber
    var acknowledgement: SequenceNumber
    var flags: Flags
    /// Offset of the payload in the bytes that it was read from.
    var payloadStart: Int
    /// Payload bytes that were captured.
    var payloadCount: Int
    /// Payload bytes that were sent behind them and not captured.
    var missing: Int

    /// Where the payload lies.
    var payload: Range<Int> { payloadStart..<payloadStart + payloadCount }

    struct Flags: OptionSet, Sendable {
        let rawValue: UInt8
        static let fin = Flags(rawValue: 1)
        static let syn = Flags(rawValue: 2)
        static let rst = Flags(rawValue: 4)
        static let ack = Flags(rawValue: 16)
    }

    /// Reads the header; the extent is the payload of the IP packet.
    @inline(__always)
    init(_ bytes: RawSpan, _ extent: Extent, ip: IPHeader) throws(DecodeStop) {
        try extent.require(20)
        let start = extent.start
        let headerLength = Int(bytes.byte(at: start + 12) >> 4) * 4
        guard headerLength >= 20 else { throw .malformed }
        let headerEnd = start + headerLength
        guard headerEnd <= extent.wireEnd else { throw .malformed }
        (flow, isFromLower) = FlowKey.of(
            ip.source, bytes.uint16(at: start), to: ip.destination, bytes.uint16(at: start + 2))
        hash = flow.hash
        sequence = SequenceNumber(bytes.uint32(at: start + 4))
        acknowledgement = SequenceNumber(bytes.uint32(at: start + 8))
        flags = Flags(rawValue: bytes.byte(at: start + 13))
        // Options are not looked at, so it does not matter whether they were captured.
        payloadStart = min(headerEnd, extent.end)
        payloadCount = extent.end - payloadStart
        missing = extent.wireEnd - max(headerEnd, extent.end)
    }
}
