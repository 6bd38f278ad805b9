public import WireBasics

/// The header of the PROXY protocol: a load balancer sends it in front of the first request to say who the client is.
///
/// Source: haproxy, doc/proxy-protocol.txt, §2.1 (version 1, a line of text) and §2.2 (version 2, binary).
public struct ProxyProtocolHeader: Hashable, Sendable, Codable {
    /// 1 or 2.
    public var version: Int
    /// Who connected to the load balancer; nil where the header does not say (`UNKNOWN`, `LOCAL`), or not readably.
    public var source: Endpoint?
    /// Where the client connected to; nil likewise.
    public var destination: Endpoint?
    /// Every byte of the header.
    @Base64Coded public var bytes: [UInt8]

    /// Reads a whole header; nil when these bytes are none.
    public init?(_ bytes: [UInt8]) {
        var start = ProxyProtocolStart()
        for (index, byte) in bytes.enumerated() {
            switch start.receive(byte) {
            case .undecided: continue
            case .absent: return nil
            case .complete:
                guard index == bytes.count - 1 else { return nil }
                self.init(whole: bytes)
                return
            }
        }
        return nil
    }

    /// The header that these bytes are, which are known to be one.
    package init(whole bytes: [UInt8]) {
        self.bytes = bytes
        let isBinary = bytes.first != UInt8(ascii: "P")
        version = isBinary ? 2 : 1
        let ends = isBinary ? Self.binaryEnds(bytes) : Self.textEnds(bytes)
        (source, destination) = (ends?.source, ends?.destination)
    }

    private typealias Ends = (source: Endpoint, destination: Endpoint)

    /// `PROXY TCP4 192.0.2.1 198.51.100.1 56324 443`.
    private static func textEnds(_ bytes: [UInt8]) -> Ends? {
        let line = bytes.prefix { $0 != 13 && $0 != 10 }
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 6, let source = IPAddress(words[2]), let destination = IPAddress(words[3]),
            let sourcePort = UInt16(words[4]), let destinationPort = UInt16(words[5]),
            source.isV6 == (words[1] == "TCP6"), destination.isV6 == source.isV6
        else { return nil }
        return (
            Endpoint(address: source, port: sourcePort), Endpoint(address: destination, port: destinationPort)
        )
    }

    /// Byte 12: version 2 and the command (`LOCAL` 0, `PROXY` 1); byte 13: TCP over IPv4 (0x11) or IPv6 (0x21).
    private static func binaryEnds(_ bytes: [UInt8]) -> Ends? {
        guard bytes.count >= ProxyProtocolStart.binaryHeader, bytes[12] == 0x21 else { return nil }
        let addresses = bytes.span.bytes.extracting(ProxyProtocolStart.binaryHeader..<bytes.count)
        switch bytes[13] {
        case 0x11 where addresses.byteCount >= 12:
            return (
                Endpoint(address: IPAddress(v4: addresses.uint32(at: 0)), port: addresses.uint16(at: 8)),
                Endpoint(address: IPAddress(v4: addresses.uint32(at: 4)), port: addresses.uint16(at: 10))
            )
        case 0x21 where addresses.byteCount >= 36:
            return (
                Endpoint(address: v6(addresses, at: 0), port: addresses.uint16(at: 32)),
                Endpoint(address: v6(addresses, at: 16), port: addresses.uint16(at: 34))
            )
        default: return nil
        }
    }

    private static func v6(_ bytes: RawSpan, at offset: Int) -> IPAddress {
        IPAddress(v6High: bytes.uint64(at: offset), low: bytes.uint64(at: offset + 8))
    }
}

/// Recognises the header of the PROXY protocol byte by byte.
///
/// Bytes are kept until it is certain what they are, at most 107 of the text form and those of the whole binary form,
/// whose length has 16 bits.
package struct ProxyProtocolStart: Sendable {
    package enum Finding {
        /// More bytes are needed.
        case undecided
        /// The bytes are the start of something else.
        case absent
        /// The last byte completed it.
        case complete
    }

    /// The bytes so far.
    package private(set) var bytes: [UInt8] = []

    private static let texts = ["PROXY TCP4 ", "PROXY TCP6 ", "PROXY UNKNOWN"].map { Array($0.utf8) }
    private static let longestText = 107
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]
    static let binaryHeader = 16

    /// Nothing came yet.
    package init() {}

    /// Takes the next byte.
    package mutating func receive(_ byte: UInt8) -> Finding {
        bytes.append(byte)
        if Self.texts.contains(where: agrees) {
            if byte == 10 { return .complete }
            return bytes.count < Self.longestText ? .undecided : .absent
        }
        guard agrees(with: Self.signature) else { return .absent }
        guard bytes.count >= Self.binaryHeader else { return .undecided }
        return bytes.count == Self.binaryHeader + (Int(bytes[14]) << 8 | Int(bytes[15])) ? .complete : .undecided
    }

    /// Whether one is the beginning of the other.
    private func agrees(with start: [UInt8]) -> Bool {
        let length = min(bytes.count, start.count)
        return bytes[..<length] == start[..<length]
    }
}
