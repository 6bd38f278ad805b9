/// Takes a chunked body apart.
///
/// Source: nginx `ngx_http_parse_chunked`.
struct ChunkedBody: Sendable {
    /// What happened with the bytes so far.
    enum State: Hashable, Sendable {
        case size, extensions, sizeEnd, data, afterData, dataEnd, trailer, trailerLine, trailerLineEnd, lastEnd, done
        /// The body breaks the format.
        case invalid
    }

    /// What comes next.
    private(set) var state = State.size
    /// The bytes of the chunks.
    private(set) var body: [UInt8] = []

    private let refusesBareLF: Bool
    private var rest = 0
    private var digits = 0

    /// A decoder of a release.
    init(_ behaviour: NginxBehaviour) {
        refusesBareLF = behaviour.refusesBareLFInChunks
    }

    /// Takes bytes up to the end of the body.
    ///
    /// - Returns: how many of them belong to it.
    mutating func take(_ bytes: [UInt8]) -> Int {
        var index = 0
        while index < bytes.count, state != .done, state != .invalid {
            if state == .data {
                let count = min(rest, bytes.count - index)
                body += bytes[index..<(index + count)]
                rest -= count
                index += count
                if rest == 0 { state = .afterData }
                continue
            }
            step(bytes[index])
            index += 1
        }
        return index
    }

    private mutating func step(_ byte: UInt8) {
        let isLF = byte == 10 && !refusesBareLF
        switch state {
        case .size: size(byte, isLF)
        case .extensions:
            if byte == 13 { state = .sizeEnd } else if isLF { endSize() } else if byte == 10 { state = .invalid }
        case .sizeEnd: byte == 10 ? endSize() : fail()
        case .afterData: byte == 13 ? (state = .dataEnd) : isLF ? beginSize() : fail()
        case .dataEnd: byte == 10 ? beginSize() : fail()
        case .trailer:
            if byte == 13 {
                state = .lastEnd
            } else if isLF {
                state = .done
            } else if byte == 10 {
                fail()
            } else {
                state = .trailerLine
            }
        case .trailerLine:
            if byte == 13 { state = .trailerLineEnd } else if isLF { state = .trailer } else if byte == 10 { fail() }
        case .trailerLineEnd: byte == 10 ? (state = .trailer) : fail()
        case .lastEnd: byte == 10 ? (state = .done) : fail()
        case .data, .done, .invalid: break
        }
    }

    private mutating func size(_ byte: UInt8, _ isLF: Bool) {
        let digit: Int
        switch byte {
        case 48...57: digit = Int(byte) - 48
        case 65...70: digit = Int(byte) - 55
        case 97...102: digit = Int(byte) - 87
        case 13 where digits > 0:
            state = .sizeEnd
            return
        case 10 where digits > 0 && isLF: return endSize()
        case UInt8(ascii: ";"), 32, 9:
            if digits > 0 { state = .extensions } else { fail() }
            return
        default: return fail()
        }
        let product = rest.multipliedReportingOverflow(by: 16)
        guard !product.overflow, product.partialValue < Int.max - 16 else { return fail() }
        rest = product.partialValue + digit
        digits += 1
    }

    private mutating func endSize() {
        state = rest == 0 ? .trailer : .data
    }

    private mutating func beginSize() {
        (state, rest, digits) = (.size, 0, 0)
    }

    private mutating func fail() {
        state = .invalid
    }
}
