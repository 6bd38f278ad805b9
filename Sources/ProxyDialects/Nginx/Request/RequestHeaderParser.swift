import WireBasics

/// Reads header lines, byte by byte.
///
/// Blanks around a value are dropped, tabs are not; a bare LF ends a line; there are no folded lines.
/// Source: nginx `ngx_http_parse_header_line`.
struct RequestHeaderParser: Sendable {
    /// What a byte completed.
    enum Event: Sendable {
        /// Nothing yet.
        case none
        /// A line: its name and value, and whether the name holds bytes that `ignore_invalid_headers` drops it for.
        case line(name: ByteString, value: ByteString, isInvalid: Bool)
        /// The empty line.
        case end
    }

    /// How much of a begun line was read; 0 between lines.
    private(set) var length = 0

    private let refusesControls: Bool
    private var state = State.start
    private var name: [UInt8] = []
    private var value: [UInt8] = []
    private var blanks = 0
    private var isInvalid = false

    private enum State {
        case start, name, blanksBeforeValue, value, blanksAfterValue, lineFeed, lastLineFeed
    }

    /// A parser of a release.
    init(_ behaviour: NginxBehaviour) {
        refusesControls = behaviour.refusesControlsInNames
    }

    /// Takes a byte.
    mutating func take(_ byte: UInt8, allowingUnderscores: Bool) throws(RequestRefusal) -> Event {
        length += 1
        switch state {
        case .start: return try start(byte, allowingUnderscores)
        case .name: return try inName(byte, allowingUnderscores)
        case .blanksBeforeValue:
            if byte == 32 { return .none }
            return try beginValue(byte)
        case .value: return try inValue(byte)
        case .blanksAfterValue:
            if byte == 32 {
                blanks += 1
                return .none
            }
            return try inValue(byte)
        case .lineFeed:
            if byte == 10 { return complete() }
            guard byte == 13 else { throw invalid }
            return .none
        case .lastLineFeed:
            guard byte == 10 else { throw invalid }
            return .end
        }
    }

    private mutating func start(_ byte: UInt8, _ underscores: Bool) throws(RequestRefusal) -> Event {
        (name, value, blanks, isInvalid) = ([], [], 0, false)
        switch byte {
        case 13:
            state = .lastLineFeed
            return .none
        case 10: return .end
        default:
            state = .name
            if byte == UInt8(ascii: ":"), refusesControls { throw invalid }
            return try inName(byte, underscores)
        }
    }

    private mutating func inName(_ byte: UInt8, _ underscores: Bool) throws(RequestRefusal) -> Event {
        switch byte {
        case 65...90, 97...122, 48...57, UInt8(ascii: "-"): break
        case UInt8(ascii: "_"): if !underscores { isInvalid = true }
        case UInt8(ascii: ":"):
            state = .blanksBeforeValue
            return .none
        case 13:
            state = .lineFeed
            return .none
        case 10: return complete()
        case 0: throw invalid
        case 0...32, 127:
            if refusesControls { throw invalid }
            isInvalid = true
        default: isInvalid = true
        }
        name.append(byte)
        return .none
    }

    private mutating func beginValue(_ byte: UInt8) throws(RequestRefusal) -> Event {
        switch byte {
        case 13:
            state = .lineFeed
            return .none
        case 10: return complete()
        case 0: throw invalid
        default:
            state = .value
            value.append(byte)
            return .none
        }
    }

    private mutating func inValue(_ byte: UInt8) throws(RequestRefusal) -> Event {
        switch byte {
        case 32:
            blanks = 1
            state = .blanksAfterValue
        case 13: state = .lineFeed
        case 10: return complete()
        case 0: throw invalid
        default:
            value += [UInt8](repeating: 32, count: blanks)
            blanks = 0
            value.append(byte)
            state = .value
        }
        return .none
    }

    private mutating func complete() -> Event {
        state = .start
        length = 0
        return .line(name: ByteString(name), value: ByteString(value), isInvalid: isInvalid)
    }

    private var invalid: RequestRefusal {
        RequestRefusal(status: 400, reason: "client sent invalid header line")
    }
}
