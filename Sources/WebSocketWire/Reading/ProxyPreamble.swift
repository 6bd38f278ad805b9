/// Recognises the PROXY protocol in front of the first request of a connection.
///
/// A load balancer sends it to say who the client is. Source: haproxy, doc/proxy-protocol.txt, §2.1 (a line of text) and
/// §2.2 (binary). Bytes are kept until it is certain what they are, at most 107 of the text form and those of the whole
/// binary form, whose length has 16 bits.
struct ProxyPreamble {
    enum Finding {
        /// More bytes are needed.
        case undecided
        /// The bytes are the start of something else.
        case absent
        /// The last byte completed it.
        case complete
    }

    private(set) var bytes: [UInt8] = []

    private static let texts = ["PROXY TCP4 ", "PROXY TCP6 ", "PROXY UNKNOWN"].map { Array($0.utf8) }
    private static let longestText = 107
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]
    private static let binaryHeader = 16

    mutating func receive(_ byte: UInt8) -> Finding {
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
