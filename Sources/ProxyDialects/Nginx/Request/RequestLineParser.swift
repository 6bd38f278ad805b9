import WireBasics

/// Reads a request line, byte by byte.
///
/// States and what they accept are nginx's, which is neither RFC 9112 nor lenient: blanks between the parts may be
/// several, `HTTP/1.2` is fine, a raw blank in the target is not.
/// Source: nginx `ngx_http_parse_request_line`.
struct RequestLineParser: Sendable {
    /// The bytes from the method on.
    private(set) var line: [UInt8] = []

    /// The version as nginx counts it: 9, 1000, 1001.
    private(set) var version = 1000
    /// Where the target lies in `line`; for `http://a` without a path the first slash of `//`.
    private(set) var target = 0..<0
    /// Where the query begins, behind the `?`.
    private(set) var queryStart: Int?
    /// Where scheme and host of an absolute target lie.
    private(set) var schemeRange: Range<Int>?
    private(set) var hostRange: Range<Int>?
    /// Where the method ends.
    private(set) var methodEnd = 0
    /// Where the line ends, its line end not counted.
    private(set) var end = 0
    /// Where the version's text begins.
    private(set) var protocolStart: Int?
    /// What the target holds.
    private(set) var isComplex = false
    private(set) var isQuoted = false
    private(set) var hasPlus = false
    private(set) var lacksPath = false

    /// Whether nothing but line ends came so far.
    var isAtStart: Bool { state == .start }

    private let readsConnectTarget: Bool
    private let requiresConnectPort: Bool
    private let acceptsEmptyPath: Bool
    private var state = State.start
    private var major = 0
    private var minor = 0
    private var isConnect = false

    private enum State: Equatable {
        case start, method, blanksBeforeTarget, scheme, schemeSlash, schemeSlashes, hostStart, host, literal,
            literalEnd, port
        case afterSlash, checkTarget, restOfTarget, blanksBeforeVersion, protocolName(Int), firstMajor, major
        case firstMinor, minor, blanksAfterVersion, lineFeed
    }

    /// A parser of a release.
    init(_ behaviour: NginxBehaviour) {
        readsConnectTarget = behaviour.readsConnectTarget
        requiresConnectPort = behaviour.requiresConnectPort
        acceptsEmptyPath = behaviour.acceptsEmptyPathBeforeQuery
    }

    /// Takes a byte; true when the line is complete.
    mutating func take(_ byte: UInt8) throws(RequestRefusal) -> Bool {
        if state == .start {
            if byte == 13 || byte == 10 { return false }
            guard isMethodByte(byte) else { throw invalidMethod }
            state = .method
            line.append(byte)
            return false
        }
        line.append(byte)
        let at = line.count - 1
        switch state {
        case .start: break
        case .method: try method(byte, at)
        case .blanksBeforeTarget: try beforeTarget(byte, at)
        case .scheme:
            switch byte {
            case 65...90, 97...122, 48...57, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): break
            case UInt8(ascii: ":"):
                schemeRange = (schemeRange?.lowerBound ?? at)..<at
                state = .schemeSlash
            default: throw invalid
            }
        case .schemeSlash, .schemeSlashes:
            guard byte == UInt8(ascii: "/") else { throw invalid }
            state = state == .schemeSlash ? .schemeSlashes : .hostStart
        case .hostStart:
            hostRange = at..<at
            if byte == UInt8(ascii: "[") {
                state = .literal
            } else {
                state = .host
                try host(byte, at)
            }
        case .host: try host(byte, at)
        case .literal: try literal(byte, at)
        case .literalEnd: try hostEnd(byte, at)
        case .port: try port(byte, at)
        case .afterSlash, .checkTarget, .restOfTarget: return try inTarget(byte, at)
        case .blanksBeforeVersion: return try beforeVersion(byte, at)
        case .protocolName(let matched): try protocolName(byte, matched, at)
        case .firstMajor, .major, .firstMinor: try versionDigits(byte)
        case .minor, .blanksAfterVersion: return try afterVersion(byte, at)
        case .lineFeed:
            guard byte == 10 else { throw invalid }
            end = at - 1
            return try finish()
        }
        return false
    }

    // MARK: - Parts in order

    private mutating func method(_ byte: UInt8, _ at: Int) throws(RequestRefusal) {
        if byte == 32 {
            methodEnd = at
            isConnect = ByteString(line[..<at]) == "CONNECT"
            state = isConnect && readsConnectTarget ? .hostStart : .blanksBeforeTarget
            return
        }
        guard isMethodByte(byte) else { throw invalidMethod }
    }

    private mutating func beforeTarget(_ byte: UInt8, _ at: Int) throws(RequestRefusal) {
        switch byte {
        case UInt8(ascii: "/"):
            target = at..<at
            state = .afterSlash
        case 65...90, 97...122:
            schemeRange = at..<at
            state = .scheme
        case 32: break
        default: throw invalid
        }
    }

    private mutating func host(_ byte: UInt8, _ at: Int) throws(RequestRefusal) {
        if isConnect, readsConnectTarget, byte == 32, hostRange?.lowerBound == at {
            state = .hostStart
            return
        }
        switch byte {
        case 65...90, 97...122, 48...57, UInt8(ascii: "."), UInt8(ascii: "-"): break
        default: try hostEnd(byte, at)
        }
    }

    private mutating func literal(_ byte: UInt8, _ at: Int) throws(RequestRefusal) {
        switch byte {
        case 65...90, 97...122, 48...57: break
        case UInt8(ascii: "]"): state = .literalEnd
        default:
            guard ":-._~!$&'()*+,;=".utf8.contains(byte) else { throw invalid }
        }
    }

    private mutating func hostEnd(_ byte: UInt8, _ at: Int) throws(RequestRefusal) {
        hostRange = (hostRange?.lowerBound ?? at)..<at
        if byte == UInt8(ascii: ":") {
            state = .port
            return
        }
        if isConnect, readsConnectTarget { throw invalid }
        try afterAuthority(byte, at)
    }

    private mutating func port(_ byte: UInt8, _ at: Int) throws(RequestRefusal) {
        if (48...57).contains(byte) { return }
        if readsConnectTarget { hostRange = (hostRange?.lowerBound ?? at)..<at }
        if isConnect, readsConnectTarget {
            guard byte == 32, !requiresConnectPort || line[at - 1] != UInt8(ascii: ":") else { throw invalid }
            state = .blanksBeforeVersion
            return
        }
        try afterAuthority(byte, at)
    }

    private mutating func afterAuthority(_ byte: UInt8, _ at: Int) throws(RequestRefusal) {
        switch byte {
        case UInt8(ascii: "/"):
            target = at..<at
            state = .afterSlash
        case UInt8(ascii: "?") where acceptsEmptyPath:
            target = at..<at
            queryStart = at + 1
            lacksPath = true
            state = .restOfTarget
        case 32:
            let slash = (schemeRange?.upperBound ?? at) + 1
            target = slash..<(slash + 1)
            state = .blanksBeforeVersion
        default: throw invalid
        }
    }

    private mutating func inTarget(_ byte: UInt8, _ at: Int) throws(RequestRefusal) -> Bool {
        switch byte {
        case 32:
            target = target.lowerBound..<at
            state = .blanksBeforeVersion
        case 13:
            target = target.lowerBound..<at
            version = 9
            state = .lineFeed
        case 10:
            target = target.lowerBound..<at
            version = 9
            end = at
            return try finish()
        case UInt8(ascii: "#"):
            isComplex = true
            state = .restOfTarget
        case 0...31, 127: throw invalid
        case _ where state == .restOfTarget: break
        case UInt8(ascii: "."):
            if state == .afterSlash {
                isComplex = true
                state = .restOfTarget
            }
        case UInt8(ascii: "%"):
            isQuoted = true
            state = .restOfTarget
        case UInt8(ascii: "/"):
            if state == .afterSlash {
                isComplex = true
                state = .restOfTarget
            } else {
                state = .afterSlash
            }
        case UInt8(ascii: "?"):
            queryStart = at + 1
            state = .restOfTarget
        case UInt8(ascii: "+"):
            hasPlus = true
        default:
            state = .checkTarget
        }
        return false
    }

    private mutating func beforeVersion(_ byte: UInt8, _ at: Int) throws(RequestRefusal) -> Bool {
        switch byte {
        case 32: break
        case 13:
            version = 9
            state = .lineFeed
        case 10:
            version = 9
            end = at
            return try finish()
        case UInt8(ascii: "H"):
            protocolStart = at
            state = .protocolName(1)
        default: throw invalid
        }
        return false
    }

    private mutating func protocolName(_ byte: UInt8, _ matched: Int, _ at: Int) throws(RequestRefusal) {
        let name = Array("HTTP/".utf8)
        guard byte == name[matched] else { throw invalid }
        state = matched + 1 < name.count ? .protocolName(matched + 1) : .firstMajor
        if matched + 1 == name.count, isConnect, readsConnectTarget { target = at..<(at + 1) }
    }

    private mutating func versionDigits(_ byte: UInt8) throws(RequestRefusal) {
        if state == .major, byte == UInt8(ascii: ".") {
            state = .firstMinor
            return
        }
        guard (48...57).contains(byte) else { throw invalid }
        switch state {
        case .firstMajor where byte == 48: throw invalid
        case .firstMinor:
            minor = Int(byte - 48)
            state = .minor
        default:
            major = major * 10 + Int(byte - 48)
            guard major <= 1 else { throw RequestRefusal(status: 505, reason: "client sent invalid version") }
            state = .major
        }
    }

    private mutating func afterVersion(_ byte: UInt8, _ at: Int) throws(RequestRefusal) -> Bool {
        switch byte {
        case 13:
            version = major * 1000 + minor
            state = .lineFeed
        case 10:
            version = major * 1000 + minor
            end = at
            return try finish()
        case 32:
            version = major * 1000 + minor
            state = .blanksAfterVersion
        case 48...57 where state == .minor:
            minor = minor * 10 + Int(byte - 48)
            guard minor <= 99 else { throw invalid }
        default: throw invalid
        }
        return false
    }

    private func finish() throws(RequestRefusal) -> Bool {
        if version == 9, ByteString(line[..<methodEnd]) != "GET" {
            throw RequestRefusal(
                status: 400, reason: "client sent invalid method in HTTP/0.9 request", isHTTP09: true)
        }
        return true
    }

    private func isMethodByte(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private var invalid: RequestRefusal { RequestRefusal(status: 400, reason: "client sent invalid request") }
    private var invalidMethod: RequestRefusal { RequestRefusal(status: 400, reason: "client sent invalid method") }
}
