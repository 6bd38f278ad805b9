import WireBasics

/// The host that a request names, as nginx compares it.
///
/// Source: nginx `ngx_http_validate_host`.
enum RequestHost {
    /// In lower case, without port and one trailing dot; nil where nginx refuses it.
    static func normalized(_ host: ByteString, strictly: Bool) -> ByteString? {
        strictly ? strict(host.bytes) : lenient(host.bytes)
    }

    private static func lenient(_ bytes: [UInt8]) -> ByteString? {
        var lastDot: Int?
        var length = bytes.count
        var isLiteral = false
        var isOver = false
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "."):
                if let lastDot, lastDot == index - 1 { return nil }
                lastDot = index
            case UInt8(ascii: ":"):
                if !isLiteral, !isOver {
                    length = index
                    isOver = true
                }
            case UInt8(ascii: "["):
                if index == 0 { isLiteral = true }
            case UInt8(ascii: "]"):
                if isLiteral, !isOver {
                    length = index + 1
                    isOver = true
                    isLiteral = false
                }
            case UInt8(ascii: "/"), 0...32, 127: return nil
            default: break
            }
        }
        return finish(bytes, length, lastDot)
    }

    /// As RFC 3986 has it, since 1.29.4.
    private static func strict(_ bytes: [UInt8]) -> ByteString? {
        var lastDot: Int?
        var index = 0
        var length = bytes.count
        let isLiteral = bytes.first == UInt8(ascii: "[")
        if isLiteral { index = 1 }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: ".") {
                if let lastDot, lastDot == index - 1 { return nil }
                lastDot = index
            } else if byte == UInt8(ascii: "]"), isLiteral {
                length = index + 1
                index += 1
                break
            } else if byte == UInt8(ascii: ":"), !isLiteral {
                length = index
                break
            } else if !isHostByte(byte), !(byte == UInt8(ascii: "%") && !isLiteral), !(byte == UInt8(ascii: ":")) {
                return nil
            }
            index += 1
        }
        if isLiteral, length == bytes.count, bytes.last != UInt8(ascii: "]") { return nil }
        if index < bytes.count {
            guard bytes[index] == UInt8(ascii: ":") else { return nil }
            var port = 0
            for byte in bytes[(index + 1)...] {
                guard (48...57).contains(byte) else { return nil }
                port = port * 10 + Int(byte - 48)
                if port > 65535 { return nil }
            }
        }
        return finish(bytes, length, lastDot)
    }

    private static func finish(_ bytes: [UInt8], _ length: Int, _ lastDot: Int?) -> ByteString? {
        let end = lastDot == length - 1 && length > 0 ? length - 1 : length
        return end == 0 ? nil : ByteString(bytes[..<end]).lowercased
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 65...90, 97...122, 48...57: true
        default: "-_~!$&'()*+,;=".utf8.contains(byte)
        }
    }
}
