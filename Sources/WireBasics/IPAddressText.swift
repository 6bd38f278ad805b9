// How addresses are written and read: RFC 5952 for IPv6, dotted quads for IPv4.

extension IPAddress: CustomStringConvertible, LosslessStringConvertible {
    /// `127.0.0.1`, or IPv6 in the canonical form of RFC 5952 without brackets.
    public var description: String {
        guard isV6 else {
            return "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255)"
        }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> (48 - 16 * ($0 % 4))) }
        let hex = groups.map { String($0, radix: 16) }
        guard let zeros = longestZeroRun(groups) else { return hex.joined(separator: ":") }
        return hex[..<zeros.lowerBound].joined(separator: ":") + "::" + hex[zeros.upperBound...].joined(separator: ":")
    }

    /// Reads a dotted quad or an IPv6 address without brackets and zone.
    public init?(_ text: String) {
        if text.contains(":") {
            guard let groups = Self.groups(of: text) else { return nil }
            let words = groups.map(UInt64.init)
            self.init(
                v6High: words[0] << 48 | words[1] << 32 | words[2] << 16 | words[3],
                low: words[4] << 48 | words[5] << 32 | words[6] << 16 | words[7])
        } else {
            guard let v4 = Self.dottedQuad(text) else { return nil }
            self.init(v4: v4)
        }
    }

    private static func dottedQuad(_ text: String) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (48...57).contains($0) }),
                let octet = UInt8(part)
            else { return nil }
            address = address << 8 | UInt32(octet)
        }
        return address
    }

    /// The eight groups of an IPv6 address, `::` filled in, a dotted quad at the end read as two groups.
    private static func groups(of text: String) -> [UInt16]? {
        var text = text
        if let colon = text.lastIndex(of: ":"), text[colon...].contains(".") {
            guard let quad = dottedQuad(String(text[text.index(after: colon)...])) else { return nil }
            text = text[...colon] + String(quad >> 16, radix: 16) + ":" + String(quad & 0xFFFF, radix: 16)
        }
        guard let gap = text.firstRange(of: "::") else {
            let groups = hexGroups(text)
            return groups?.count == 8 ? groups : nil
        }
        guard let head = hexGroups(text[..<gap.lowerBound]), let tail = hexGroups(text[gap.upperBound...]),
            head.count + tail.count <= 7
        else { return nil }
        return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    private static func hexGroups(_ text: some StringProtocol) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            guard (1...4).contains(part.utf8.count), part.first != "+", part.first != "-",
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }
}

/// The longest run of two or more zero groups, the first of equals: what RFC 5952 §4.2 writes as `::`.
private func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
    var best: Range<Int>?
    var start = 0
    while start < groups.count {
        var end = start
        while end < groups.count, groups[end] == 0 { end += 1 }
        if end - start >= 2, end - start > (best?.count ?? 0) { best = start..<end }
        start = max(end, start + 1)
    }
    return best
}

extension Endpoint: CustomStringConvertible, LosslessStringConvertible, Codable {
    /// `127.0.0.1:80` or `[::1]:80`.
    public var description: String {
        address.isV6 ? "[\(address)]:\(port)" : "\(address):\(port)"
    }

    /// Reads `127.0.0.1:80` or `[::1]:80`.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard let address = IPAddress(String(host)) else { return nil }
        self.init(address: address, port: port)
    }

    /// Reads what `description` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let endpoint = Endpoint(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not ADDRESS:PORT: \(text)")
        }
        self = endpoint
    }

    /// Writes `description`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
