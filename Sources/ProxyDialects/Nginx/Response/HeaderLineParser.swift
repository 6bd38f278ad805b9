import HTTPWire
import WireBasics

/// Reads header lines of a response byte by byte, as nginx accepts them: underscores and odd characters in names, LF
/// instead of CRLF, lines without a colon; a line that begins with `HTTP/` is skipped (IIS sends the status line
/// twice).
///
/// Source: nginx `ngx_http_parse_header_line` with underscores allowed. What a client sends is read elsewhere: there
/// odd names are dropped, here they are passed on.
struct HeaderLineParser: Hashable, Sendable {
    /// What reading came to.
    enum Result: Hashable, Sendable {
        case needsMore, end
        case line(HeaderField)
        /// A line that nginx refuses, up to the byte that makes it so.
        case invalid([UInt8])
    }

    private enum State: Hashable {
        case start, name, beforeValue, value, skippedLine, beforeLF, beforeFinalLF
    }

    private var state = State.start
    private var name: [UInt8] = []
    private var value: [UInt8] = []

    /// Reads on from a position, and moves it behind what was read.
    mutating func read(_ buffer: ArraySlice<UInt8>, from position: inout Int) -> Result {
        while position < buffer.endIndex {
            let byte = buffer[position]
            position += 1
            switch step(byte) {
            case .goOn: continue
            case .line:
                let field = HeaderField(ByteString(name), ByteString(value.trimmingSpacesAtEnd))
                self = HeaderLineParser()
                return .line(field)
            case .end:
                self = HeaderLineParser()
                return .end
            case .invalid: return .invalid(name + [byte])
            }
        }
        return .needsMore
    }

    private enum Step { case goOn, line, end, invalid }

    private mutating func step(_ byte: UInt8) -> Step {
        let (cr, lf): (UInt8, UInt8) = (13, 10)
        switch state {
        case .start:
            switch byte {
            case cr: state = .beforeFinalLF
            case lf: return .end
            case 0...0x20, 0x7F, UInt8(ascii: ":"): return .invalid
            default:
                name = [byte]
                state = .name
            }
        case .name:
            switch byte {
            case UInt8(ascii: ":"): state = .beforeValue
            case cr: state = .beforeLF
            case lf: return .line
            case UInt8(ascii: "/") where name == Array("HTTP".utf8): state = .skippedLine
            case 0...0x20, 0x7F: return .invalid
            default: name.append(byte)
            }
        case .beforeValue:
            switch byte {
            case UInt8(ascii: " "): break
            case cr: state = .beforeLF
            case lf: return .line
            case 0: return .invalid
            default:
                value = [byte]
                state = .value
            }
        case .value:
            switch byte {
            case cr: state = .beforeLF
            case lf: return .line
            case 0: return .invalid
            default: value.append(byte)
            }
        case .skippedLine:
            if byte == lf { self = HeaderLineParser() }
        case .beforeLF:
            switch byte {
            case lf: return .line
            case cr: break
            default: return .invalid
            }
        case .beforeFinalLF:
            return byte == lf ? .end : .invalid
        }
        return .goOn
    }
}

extension [UInt8] {
    /// Without the blanks at the end; a tab stays.
    fileprivate var trimmingSpacesAtEnd: ArraySlice<UInt8> {
        prefix((lastIndex { $0 != UInt8(ascii: " ") } ?? -1) + 1)
    }
}
