import WireBasics

/// What nginx makes of the target of a request: the URI that locations are chosen by, and the arguments.
///
/// Source: nginx `ngx_http_process_request_uri`, `ngx_http_parse_complex_uri`.
struct RequestTarget: Hashable, Sendable {
    /// Decoded once, dots resolved, slashes merged: `$uri`.
    var uri: ByteString
    /// What follows the `?`: `$args`.
    var arguments: ByteString
    /// As sent, without scheme and host: `$request_uri`.
    var unparsed: ByteString
    /// Whether the target can go out as it was sent.
    var canPassUnparsed: Bool
    /// Whether it held a percent escape, so that what is passed on is escaped again.
    var isQuoted: Bool
    /// Whether it held a `+`.
    var hasPlus: Bool

    /// Reads the target of a parsed request line; nil when nginx refuses it.
    init?(_ line: RequestLineParser, mergingSlashes: Bool) {
        let raw = Array(line.line[line.target])
        unparsed = ByteString(raw)
        canPassUnparsed = !line.lacksPath
        isQuoted = line.isQuoted
        hasPlus = line.hasPlus
        guard line.isComplex || line.isQuoted || line.lacksPath else {
            let query = line.queryStart.map { $0 - line.target.lowerBound }
            uri = ByteString(raw[..<(query.map { $0 - 1 } ?? raw.count)])
            arguments = ByteString(query.map { raw[$0...] } ?? [])
            return
        }
        var path = ComplexPath(mergesSlashes: mergingSlashes)
        guard let query = path.read(raw, lacksPath: line.lacksPath) else { return nil }
        uri = ByteString(path.out)
        hasPlus = hasPlus || path.hasPlus
        arguments = ByteString()
        if let query {
            let rest = raw[query...]
            arguments = ByteString(rest.prefix { $0 != UInt8(ascii: "#") })
        }
    }

    /// Normalises the path of an internal redirect, as `X-Accel-Redirect` and subrequests get it: nothing but split at
    /// the `?`.
    static func split(_ text: ByteString) -> (uri: ByteString, arguments: ByteString) {
        let (uri, arguments) = text.splitOnce(at: UInt8(ascii: "?"))
        return (uri, arguments ?? "")
    }
}

/// The path of a target that holds escapes, dots or double slashes.
private struct ComplexPath {
    let mergesSlashes: Bool
    var out: [UInt8] = []
    var hasPlus = false

    private enum State {
        case usual, slash, dot, dots
    }

    /// Reads a target; nil when it is refused, else where the query starts (nil without one).
    mutating func read(_ raw: [UInt8], lacksPath: Bool) -> Int?? {
        var state = State.usual
        var index = 0
        if lacksPath { out.append(UInt8(ascii: "/")) }
        while index < raw.count {
            var byte = raw[index]
            index += 1
            if byte == UInt8(ascii: "%") {
                guard index + 1 < raw.count, let high = hex(raw[index]), let low = hex(raw[index + 1]) else {
                    return nil
                }
                index += 2
                byte = high << 4 | low
                if byte == 0 { return nil }
                if byte == UInt8(ascii: "%") || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "?") {
                    out.append(byte)
                    state = .usual
                    continue
                }
            } else if byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") {
                guard close(state) else { return nil }
                return .some(byte == UInt8(ascii: "?") ? index : nil)
            }
            if byte == UInt8(ascii: "+") { hasPlus = true }
            guard step(byte, &state) else { return nil }
        }
        guard close(state) else { return nil }
        return .some(nil)
    }

    private mutating func step(_ byte: UInt8, _ state: inout State) -> Bool {
        let isSlash = byte == UInt8(ascii: "/")
        let isDot = byte == UInt8(ascii: ".")
        switch state {
        case .usual:
            out.append(byte)
            if isSlash { state = .slash }
        case .slash:
            if isSlash {
                if !mergesSlashes { out.append(byte) }
            } else {
                out.append(byte)
                state = isDot ? .dot : .usual
            }
        case .dot:
            if isSlash {
                out.removeLast()
                state = .slash
            } else {
                out.append(byte)
                state = isDot ? .dots : .usual
            }
        case .dots:
            if isSlash {
                guard climb() else { return false }
                state = .slash
            } else {
                out.append(byte)
                state = .usual
            }
        }
        return true
    }

    /// Ends the path: a final `.` or `..` counts as a segment.
    private mutating func close(_ state: State) -> Bool {
        switch state {
        case .dot:
            out.removeLast()
            return true
        case .dots: return climb()
        default: return true
        }
    }

    /// Takes back `/segment/..`, leaving the slash before the segment.
    private mutating func climb() -> Bool {
        guard out.count > 3 else { return false }
        out.removeLast(3)
        while let last = out.last {
            if last == UInt8(ascii: "/") { return true }
            out.removeLast()
        }
        return false
    }

    private func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
