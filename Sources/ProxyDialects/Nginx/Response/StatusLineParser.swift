import WireBasics

/// Reads a status line byte by byte, as nginx accepts it: any digits of version, blanks before the code, a reason or
/// none, `.` instead of the blank behind the code, LF instead of CRLF.
///
/// States and inputs: `literal` H, T, T, P, / → `major` digit… → `minor` digit… → `code` three digits → `afterCode`
/// blank or dot → `reason` up to CR or LF → `beforeLF` LF. Any other byte: no status line.
/// Source: nginx `ngx_http_parse_status_line`.
struct StatusLineParser: Hashable, Sendable {
    /// A status line.
    struct Line: Hashable, Sendable {
        /// The three digits as a number.
        var status: Int
        /// From the code to the end of the line.
        var text: ByteString
        /// Whether the version is 1.1 or higher.
        var isHTTP11: Bool
    }

    /// What reading came to.
    enum Result: Hashable, Sendable {
        case needsMore, notHTTP
        case line(Line)
    }

    private enum State: Hashable {
        case literal(Int), firstMajor, major, firstMinor, minor, code, afterCode, reason, beforeLF
    }

    private var state = State.literal(0)
    private var (major, minor) = (0, 0)
    private var digits: [UInt8] = []
    private var text: [UInt8] = []

    /// Reads on from a position, and moves it behind what was read.
    mutating func read(_ buffer: ArraySlice<UInt8>, from position: inout Int) -> Result {
        while position < buffer.endIndex {
            let byte = buffer[position]
            position += 1
            guard let done = step(byte) else { return .notHTTP }
            if done {
                let status = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
                let isHTTP11 = major * 1000 + minor >= 1001
                return .line(Line(status: status, text: ByteString(digits + text), isHTTP11: isHTTP11))
            }
        }
        return .needsMore
    }

    /// Takes one byte; whether the line is over, nil when this is no status line.
    private mutating func step(_ byte: UInt8) -> Bool? {
        let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        let digit = Int(byte) - Int(UInt8(ascii: "0"))
        switch state {
        case .literal(let index):
            let literal = Array("HTTP/".utf8)
            guard byte == literal[index] else { return nil }
            state = index + 1 < literal.count ? .literal(index + 1) : .firstMajor
        case .firstMajor:
            guard isDigit, digit > 0 else { return nil }
            (major, state) = (digit, .major)
        case .major:
            if byte == UInt8(ascii: ".") {
                state = .firstMinor
            } else {
                guard isDigit, major <= 99 else { return nil }
                major = major * 10 + digit
            }
        case .firstMinor:
            guard isDigit else { return nil }
            (minor, state) = (digit, .minor)
        case .minor:
            if byte == UInt8(ascii: " ") {
                state = .code
            } else {
                guard isDigit, minor <= 99 else { return nil }
                minor = minor * 10 + digit
            }
        case .code:
            if byte == UInt8(ascii: " ") { break }
            guard isDigit else { return nil }
            digits.append(byte)
            if digits.count == 3 { state = .afterCode }
        case .afterCode:
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "."):
                text.append(byte)
                state = .reason
            case 13: state = .beforeLF
            case 10: return true
            default: return nil
            }
        case .reason:
            switch byte {
            case 13: state = .beforeLF
            case 10: return true
            default: text.append(byte)
            }
        case .beforeLF:
            return byte == 10 ? true : nil
        }
        return false
    }
}
