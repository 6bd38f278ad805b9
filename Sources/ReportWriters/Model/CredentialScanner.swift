import HTTPWire
import WireBasics

/// Finds what looks like a credential in bytes.
///
/// The rules err on the side of hiding: what they hide by mistake costs a look with `--show-secrets`, what they miss
/// goes out with a report that somebody forwards.
enum CredentialScanner {
    /// What kind of text is looked at: the same words mean different things in traffic and in our own sentences.
    enum Context {
        /// Bytes of a capture, or a command line.
        case captured
        /// A line of a configuration, where `$…` is a variable and no secret.
        case configuration
        /// A sentence of ours that may quote captured bytes.
        case sentence
    }

    /// The credentials in the value of a header line, in order, without overlaps.
    static func ranges(inValueOf field: HeaderField) -> [Range<Int>] {
        let value = field.value.bytes
        switch kinds.first(where: { $0.name.equalsIgnoringCase(field.name) })?.kind {
        case .scheme: return afterScheme(value)
        case .cookies: return cookiePairs(value)
        case .cookie:
            // Attributes such as Path and Max-Age follow the first pair and hide nothing.
            let end = value.firstIndex(of: UInt8(ascii: ";")) ?? value.count
            return cookiePairs(Array(value[..<end]))
        case .subprotocols: return tokenMembers(value)
        case .harmless: return []
        case nil:
            return CredentialName.isHeader(field.name.bytes[...]) && !value.isEmpty
                ? [0..<value.count] : ranges(in: value, .captured)
        }
    }

    /// How the value of a header is built.
    private enum Kind { case scheme, cookies, cookie, subprotocols, harmless }

    private static let kinds: [(name: ByteString, kind: Kind)] = [
        ("authorization", .scheme), ("proxy-authorization", .scheme), ("cookie", .cookies), ("set-cookie", .cookie),
        (FieldName.secWebSocketProtocol, .subprotocols), (FieldName.secWebSocketKey, .harmless),
        (FieldName.secWebSocketAccept, .harmless),
    ]

    /// The credentials in any bytes, in order, without overlaps: values of `token=…`, `"password": "…"`,
    /// `Authorization: …`, user information in URLs, JSON Web Tokens.
    static func ranges(in bytes: [UInt8], _ context: Context) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            let range: Range<Int>? =
                switch bytes[index] {
                case UInt8(ascii: "="): assignedValue(bytes, at: index, context)
                case UInt8(ascii: ":"): valueAfterColon(bytes, at: index, context)
                case UInt8(ascii: "e"): jsonWebToken(bytes, at: index)
                default: nil
                }
            if let range, !range.isEmpty {
                found.append(range)
                index = range.upperBound
            } else {
                index += 1
            }
        }
        return context == .configuration ? configurationWords(bytes, besides: found) : found
    }

    // MARK: Header values

    /// `Bearer …`: the scheme is no secret and tells much.
    private static func afterScheme(_ value: [UInt8]) -> [Range<Int>] {
        guard !value.isEmpty else { return [] }
        guard let blank = value.firstIndex(of: UInt8(ascii: " ")),
            CredentialName.schemes.contains(String(decoding: value[..<blank].map(\.asciiLowercased), as: UTF8.self)),
            let start = value[blank...].firstIndex(where: { $0 != UInt8(ascii: " ") })
        else { return [0..<value.count] }
        return [start..<value.count]
    }

    /// The values of `name=value; name=value`; a member without a name is a value as a whole.
    private static func cookiePairs(_ value: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        while start < value.count {
            let end = value[start...].firstIndex(of: UInt8(ascii: ";")) ?? value.count
            let member = value[start..<end]
            let first = member.firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } ?? end
            if let equals = member.firstIndex(of: UInt8(ascii: "=")),
                value[(equals + 1)..<end].contains(where: { $0 != UInt8(ascii: "=") })
            {
                found.append((equals + 1)..<end)
            } else if first < end {
                found.append(first..<end)
            }
            start = end + 1
        }
        return found
    }

    /// Members of `Sec-WebSocket-Protocol` that are tokens in disguise: browsers can send no other header, so people
    /// put credentials there, often behind a member that says so (`access_token, eyJ…`).
    private static func tokenMembers(_ value: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var announced = false
        var start = 0
        while start <= value.count {
            let end = value[start...].firstIndex(of: UInt8(ascii: ",")) ?? value.count
            let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            if let first = value[start..<end].firstIndex(where: { !isBlank($0) }),
                let last = value[start..<end].lastIndex(where: { !isBlank($0) })
            {
                let member = Array(value[first...last])
                if announced || looksLikeToken(member) { found.append(first..<(last + 1)) }
                announced = CredentialName.announcesToken(member[...])
            }
            start = end + 1
        }
        return found
    }

    private static func looksLikeToken(_ member: [UInt8]) -> Bool {
        guard member.count >= 20 else { return false }
        if jsonWebToken(member, at: 0) != nil { return true }
        let hasDigit = member.contains { (48...57).contains($0) }
        let hasUpper = member.contains { (65...90).contains($0) }
        let hasLower = member.contains { (97...122).contains($0) }
        let isHex = member.allSatisfy { (48...57).contains($0) || (97...102).contains($0.asciiLowercased) }
        return hasDigit && (hasUpper && hasLower || isHex || member.count >= 40)
    }

    // MARK: Values in text

    /// `token=…`, up to what ends a query member, a cookie or a word.
    private static func assignedValue(_ bytes: [UInt8], at equals: Int, _ context: Context) -> Range<Int>? {
        guard CredentialName.isParameter(name(in: bytes, endingAt: equals)) else { return nil }
        return unlessVariable(word(in: bytes, from: equals + 1), bytes, context)
    }

    /// `"password": "…"`, `Authorization: …`, `//user:password@host`.
    private static func valueAfterColon(_ bytes: [UInt8], at colon: Int, _ context: Context) -> Range<Int>? {
        if colon + 2 < bytes.count, bytes[colon + 1] == UInt8(ascii: "/"), bytes[colon + 2] == UInt8(ascii: "/") {
            return password(bytes, from: colon + 3)
        }
        let quoted = colon > 0 && bytes[colon - 1] == UInt8(ascii: "\"")
        let name = name(in: bytes, endingAt: quoted ? colon - 1 : colon)
        guard quoted ? CredentialName.isParameter(name) : context == .captured && CredentialName.isHeader(name) else {
            return nil
        }
        let start = bytes[(colon + 1)...].firstIndex { $0 != UInt8(ascii: " ") } ?? bytes.count
        if quoted {
            guard start < bytes.count, bytes[start] == UInt8(ascii: "\"") else { return nil }
            return (start + 1)..<closingQuote(bytes, from: start + 1)
        }
        let ends: [UInt8] = [13, 10, UInt8(ascii: "\""), UInt8(ascii: "'")]
        return start..<(bytes[start...].firstIndex(where: ends.contains) ?? bytes.count)
    }

    private static func password(_ bytes: [UInt8], from start: Int) -> Range<Int>? {
        let ends = Array("/?# \"'<>\r\n".utf8)
        let end = bytes[start...].firstIndex(where: ends.contains) ?? bytes.count
        guard let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")),
            let colon = bytes[start..<at].firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return (colon + 1)..<at
    }

    /// `eyJ….….…` (RFC 7515 §3.1): the base64url form of a text that starts with `{"`.
    private static func jsonWebToken(_ bytes: [UInt8], at start: Int) -> Range<Int>? {
        guard start + 2 < bytes.count, bytes[start] == UInt8(ascii: "e"), bytes[start + 1] == UInt8(ascii: "y"),
            bytes[start + 2] == UInt8(ascii: "J"), start == 0 || !isBase64URL(bytes[start - 1])
        else { return nil }
        let end = bytes[start...].firstIndex { !isBase64URL($0) && $0 != UInt8(ascii: ".") } ?? bytes.count
        let parts = bytes[start..<end].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0].count >= 8, parts[1].count >= 4 else { return nil }
        return start..<end
    }

    /// `proxy_set_header Authorization "…";`: the word after the name of a credential-like header.
    private static func configurationWords(_ bytes: [UInt8], besides found: [Range<Int>]) -> [Range<Int>] {
        let words = bytes.split { [9, 10, 13, 32, UInt8(ascii: ";")].contains($0) }
        guard words.count >= 3,
            ["proxy_set_header", "add_header"].contains(where: { words[0].elementsEqual($0.utf8) }),
            CredentialName.isHeader(words[1]),
            let last = words.last
        else { return found }
        var range = words[2].startIndex..<last.endIndex
        if let first = bytes[range].first, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(first) {
            range = (range.lowerBound + 1)..<max(range.lowerBound + 1, range.upperBound - 1)
        }
        guard unlessVariable(range, bytes, .configuration) != nil else { return found }
        return found.filter { !$0.overlaps(range) && $0.upperBound <= range.lowerBound } + [range]
    }

    // MARK: Words

    private static func name(in bytes: [UInt8], endingAt end: Int) -> ArraySlice<UInt8> {
        var start = end
        // A name of more than 64 bytes is none of those that are looked for.
        while start > 0, isNameByte(bytes[start - 1]) {
            start -= 1
            if end - start > 64 { return [] }
        }
        return bytes[start..<end]
    }

    private static func word(in bytes: [UInt8], from start: Int) -> Range<Int> {
        let ends = Array("&;, \"'<>#{}\t\r\n".utf8)
        return start..<(bytes[start...].firstIndex(where: ends.contains) ?? bytes.count)
    }

    private static func closingQuote(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index, bytes.count)
    }

    private static func unlessVariable(_ range: Range<Int>, _ bytes: [UInt8], _ context: Context) -> Range<Int>? {
        if context == .configuration, bytes[range].first == UInt8(ascii: "$") { return nil }
        return range
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isBase64URL(byte) || byte == UInt8(ascii: ".")
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte.asciiLowercased) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }
}
