import WireBasics

/// Percent escapes as nginx writes and reads them.
///
/// Source: nginx `ngx_escape_uri`, `ngx_unescape_uri`.
struct EscapedURI {
    /// Whether all that RFC 3986 forbids is escaped (1.21.1), and not only what would end a path or an argument.
    let asRFC3986: Bool

    /// Escapes what cannot stand in a path: for what is passed to an upstream, and for `Location`.
    func path(_ text: ByteString) -> ByteString {
        Self.escape(text) { isForbidden($0) || "#%?".utf8.contains($0) }
    }

    /// Escapes what cannot stand in arguments.
    func arguments(_ text: ByteString) -> ByteString {
        Self.escape(text) { isForbidden($0) || "#%&+?".utf8.contains($0) || (asRFC3986 && $0 == UInt8(ascii: ";")) }
    }

    private func isForbidden(_ byte: UInt8) -> Bool {
        byte <= 32 || byte >= 127 || (asRFC3986 && "\"<>\\^`{|}".utf8.contains(byte))
    }

    private static func escape(_ text: ByteString, _ isUnsafe: (UInt8) -> Bool) -> ByteString {
        let digits = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in text.bytes {
            if isUnsafe(byte) {
                out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                out.append(byte)
            }
        }
        return ByteString(out)
    }

    /// Resolves the escapes of a redirect's replacement: those that the rewrite put there, and none that would change
    /// where the URL ends.
    ///
    /// Source: nginx `ngx_unescape_uri` with `NGX_UNESCAPE_REDIRECT`: stops at the first `?`.
    static func redirect(_ text: ByteString) -> ByteString {
        var out: [UInt8] = []
        let bytes = text.bytes
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "?") { return ByteString(out + bytes[index...]) }
            guard byte == UInt8(ascii: "%"), index + 2 < bytes.count, let high = hex(bytes[index + 1]),
                let low = hex(bytes[index + 2])
            else {
                out.append(byte)
                index += 1
                continue
            }
            let decoded = high << 4 | low
            if decoded == UInt8(ascii: "?") { return ByteString(out + [decoded] + bytes[(index + 3)...]) }
            if decoded > UInt8(ascii: "%"), decoded < 0x7F {
                out.append(decoded)
            } else {
                out += bytes[index..<(index + 3)]
            }
            index += 3
        }
        return ByteString(out)
    }

    /// Resolves all escapes of a path: `X-Accel-Redirect`.
    static func decoded(_ text: ByteString) -> ByteString {
        var out: [UInt8] = []
        let bytes = text.bytes
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = hex(bytes[index + 1]),
                let low = hex(bytes[index + 2])
            {
                out.append(high << 4 | low)
                index += 3
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return ByteString(out)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
