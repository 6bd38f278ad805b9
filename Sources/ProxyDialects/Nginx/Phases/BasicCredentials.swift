import WireBasics

/// Name and password of an `Authorization: Basic` line.
///
/// Source: nginx `ngx_http_auth_basic_user`.
struct BasicCredentials: Hashable, Sendable {
    /// The name.
    var user: ByteString
    /// The password.
    var password: ByteString

    /// Reads a line; nil where there is none that nginx understands.
    init?(_ line: ByteString?) {
        guard let line, line.hasPrefixIgnoringCase("Basic ") else { return nil }
        let encoded = line.bytes.dropFirst(6).drop { $0 == 32 }
        guard !encoded.isEmpty, let decoded = Self.decodeBase64(Array(encoded)) else { return nil }
        let (user, password) = ByteString(decoded).splitOnce(at: UInt8(ascii: ":"))
        guard let password, !user.isEmpty else { return nil }
        (self.user, self.password) = (user, password)
    }

    /// Source: nginx `ngx_decode_base64`: padding ends the text, its amount is not checked.
    static func decodeBase64(_ bytes: [UInt8]) -> [UInt8]? {
        let text = bytes.prefix { $0 != UInt8(ascii: "=") }
        guard text.count % 4 != 1 else { return nil }
        var out: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text {
            guard let value = value(of: byte) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return out
    }

    private static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case 65...90: byte - 65
        case 97...122: byte - 71
        case 48...57: byte + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
