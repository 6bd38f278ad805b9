import WireBasics

/// An address as `listen`, `server` and `proxy_pass` write it: `127.0.0.1:80`, `name`, `[::1]:80`, `unix:/path`.
///
/// Source: `ngx_parse_url` in `src/core/ngx_inet.c`.
struct NginxURL: Hashable {
    /// What kind of address it is.
    enum Family: Hashable {
        case inet, inet6, unix
        /// A name, which only DNS can turn into addresses.
        case name
    }

    /// The whole text.
    var text: ByteString
    /// The kind of address.
    var family = Family.inet
    /// Address, name or path, with the brackets of an IPv6 address.
    var host = ByteString()
    /// The port; the default one where none is written; 0 for a path.
    var port = 0
    /// The last port of a range, in `listen`; 0 for none.
    var lastPort = 0
    /// Whether the text has no port.
    var hasNoPort = false
    /// What follows the address, in `proxy_pass`.
    var uri = ByteString()
    /// The address; nil for a path or a name.
    var address: IPAddress?

    /// What is wrong, in nginx's words: `invalid port`.
    struct Fault: Error, Hashable {
        /// nginx's words.
        var text: String
    }

    /// Reads an address.
    ///
    /// - Parameters:
    ///   - defaultPort: the port where none is written.
    ///   - isListen: whether a bare port, `*` and port ranges are allowed.
    ///   - hasURI: whether a path may follow.
    init(_ text: ByteString, defaultPort: Int, isListen: Bool = false, hasURI: Bool = false) throws(Fault) {
        self.text = text
        let isUnix = text.count >= 5 && ByteString(text.bytes[..<5]).equalsIgnoringCase("unix:")
        if isUnix {
            try readUnix(hasURI: hasURI)
        } else if text.bytes.first == UInt8(ascii: "[") {
            try readInet6(defaultPort, isListen, hasURI)
        } else {
            try readInet(defaultPort, isListen, hasURI)
        }
    }

    private mutating func readUnix(hasURI: Bool) throws(Fault) {
        family = .unix
        var path = text.bytes[5...]
        if hasURI, let colon = path.firstIndex(of: NginxByte.colon) {
            uri = ByteString(path[(colon + 1)...])
            path = path[..<colon]
        }
        guard !path.isEmpty else { throw Fault(text: "no path in the unix domain socket") }
        // sun_path of Linux has 108 bytes, the NUL counted.
        guard path.count < 108 else { throw Fault(text: "too long path in the unix domain socket") }
        host = ByteString(path)
    }

    private mutating func readInet(_ defaultPort: Int, _ isListen: Bool, _ hasURI: Bool) throws(Fault) {
        var rest = text.bytes[...]
        if let end = rest.firstIndex(where: { $0 == NginxByte.slash || $0 == NginxByte.question }) {
            guard !isListen, hasURI else { throw Fault(text: "invalid host") }
            uri = ByteString(rest[end...])
            rest = rest[..<end]
        }
        if let colon = rest.firstIndex(of: NginxByte.colon) {
            try readPort(rest[(colon + 1)...], isListen)
            rest = rest[..<colon]
        } else {
            if isListen, try readBarePort(rest) { return }
            hasNoPort = true
            port = defaultPort
        }
        guard !rest.isEmpty else { throw Fault(text: "no host") }
        host = ByteString(rest)
        if isListen, rest.elementsEqual([NginxByte.star]) {
            address = IPAddress(v4: 0)
        } else if let v4 = Self.inetAddress(rest) {
            address = IPAddress(v4: v4)
        } else {
            family = .name
        }
    }

    private mutating func readInet6(_ defaultPort: Int, _ isListen: Bool, _ hasURI: Bool) throws(Fault) {
        guard let bracket = text.bytes.firstIndex(of: UInt8(ascii: "]")) else { throw Fault(text: "invalid host") }
        family = .inet6
        var rest = text.bytes[(bracket + 1)...]
        if let slash = rest.firstIndex(of: NginxByte.slash) {
            guard !isListen, hasURI else { throw Fault(text: "invalid host") }
            uri = ByteString(rest[slash...])
            rest = rest[..<slash]
        }
        if let first = rest.first {
            guard first == NginxByte.colon else { throw Fault(text: "invalid host") }
            try readPort(rest.dropFirst(), isListen)
        } else {
            hasNoPort = true
            port = defaultPort
        }
        let inner = text.bytes[1..<bracket]
        guard !inner.isEmpty else { throw Fault(text: "no host") }
        host = ByteString(text.bytes[...bracket])
        guard let address = IPAddress(ByteString(inner).latin1), address.isV6 else {
            throw Fault(text: "invalid IPv6 address")
        }
        self.address = address
    }

    private mutating func readPort(_ digits: ArraySlice<UInt8>, _ isListen: Bool) throws(Fault) {
        var first = digits
        if isListen, let dash = digits.firstIndex(of: NginxByte.dash) {
            lastPort = try Self.port(digits[(dash + 1)...])
            first = digits[..<dash]
        }
        port = try Self.port(first)
        guard lastPort == 0 || port <= lastPort else { throw Fault(text: "invalid port range") }
    }

    /// `listen 80` and `listen 80-83`; false when it is no number.
    private mutating func readBarePort(_ text: ArraySlice<UInt8>) throws(Fault) -> Bool {
        var first = text
        var last: ArraySlice<UInt8>?
        if let dash = text.firstIndex(of: NginxByte.dash) {
            (first, last) = (text[..<dash], text[(dash + 1)...])
            guard NginxNumbers.number(ByteString(text[(dash + 1)...])) != nil else { return false }
        }
        guard NginxNumbers.number(ByteString(first)) != nil else { return false }
        if let last { lastPort = try Self.port(last) }
        port = try Self.port(first)
        guard lastPort == 0 || port <= lastPort else { throw Fault(text: "invalid port range") }
        address = IPAddress(v4: 0)
        return true
    }

    private static func port(_ digits: ArraySlice<UInt8>) throws(Fault) -> Int {
        guard let port = NginxNumbers.number(ByteString(digits)), (1...65535).contains(port) else {
            throw Fault(text: "invalid port")
        }
        return port
    }

    /// A dotted quad as nginx reads it: four numbers up to 255, an empty one is 0.
    static func inetAddress(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: NginxByte.dot, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            let octet = part.isEmpty ? 0 : NginxNumbers.number(ByteString(part)) ?? 256
            guard octet <= 255 else { return nil }
            address = address << 8 | UInt32(octet)
        }
        // INADDR_NONE is how nginx's function says that there is no address.
        return address == .max ? nil : address
    }

    /// How a network in CIDR notation is read.
    enum Network {
        /// No network.
        case invalid
        /// Host bits are set below the mask.
        case lowBits
        /// Fine.
        case valid
    }

    /// Judges `10.0.0.0/8`, `::1`, `192.168.1.1`.
    static func network(_ text: ByteString) -> Network {
        let slash = text.bytes.firstIndex(of: NginxByte.slash)
        let host = text.bytes[..<(slash ?? text.count)]
        let address: IPAddress
        if let v4 = inetAddress(host) {
            address = IPAddress(v4: v4)
        } else if let v6 = IPAddress(ByteString(host).latin1), v6.isV6 {
            address = v6
        } else {
            return .invalid
        }
        guard let slash else { return .valid }
        guard let bits = NginxNumbers.number(ByteString(text.bytes[(slash + 1)...])), bits <= (address.isV6 ? 128 : 32)
        else { return .invalid }
        var remaining = bits
        for octet in address.octets {
            let kept = min(8, remaining)
            remaining -= kept
            if octet & (0xFF >> UInt8(kept)) != 0 { return .lowBits }
        }
        return .valid
    }
}
