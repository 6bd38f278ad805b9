import WireBasics

/// Takes the chunks of a body apart (RFC 9112 §7.1), with nginx's tolerances.
///
/// States and inputs, a byte at a time:
///
///     start        hex digit → size
///     size         hex digit → size; CR → sizeLF; LF → data or trailer; `;`, blank, tab → extension
///     extension    LF → data or trailer; CR → sizeLF; else stays
///     data         size bytes → afterData
///     afterData    CR → afterDataLF; LF → start
///     trailer      CR → lastLF; LF → done; else → trailerLine
///     trailerLine  CR → trailerLF; LF → trailer; else stays
///
/// Any other byte makes the body invalid, and so does LF without CR since 1.29.4.
/// Source: nginx `ngx_http_parse_chunked`.
struct ChunkedParser: Hashable, Sendable {
    private enum State: Hashable {
        case start, size, sizeLF, extensions, data, afterData, afterDataLF, trailer, lastLF, trailerLine, trailerLF
    }

    /// What taking bytes came to.
    enum Result: Hashable, Sendable {
        /// More is to come.
        case needsMore
        /// The last chunk is over; so many bytes followed it.
        case done(excess: Int)
        /// nginx gives the body up.
        case invalid
    }

    /// Whether a line must end with CRLF: since 1.29.4.
    let needsCR: Bool
    private var state = State.start
    private var size = 0

    /// A parser before the first chunk.
    init(needsCR: Bool = false) {
        self.needsCR = needsCR
    }

    /// Adds the data of the chunks among these bytes to `content`.
    mutating func take(_ bytes: some Sequence<UInt8>, count: Int, into content: inout [UInt8]) -> Result {
        var seen = 0
        for byte in bytes {
            seen += 1
            if state == .data {
                content.append(byte)
                size -= 1
                if size == 0 { state = .afterData }
                continue
            }
            switch step(byte) {
            case .goOn: continue
            case .done: return .done(excess: count - seen)
            case .invalid: return .invalid
            }
        }
        return .needsMore
    }

    /// The fewest bytes that can end the body from here: what nginx waits for before it looks at a buffer again.
    ///
    /// Units: bytes. Older versions count line ends as one byte.
    var atLeast: Int {
        let (line, last) = needsCR ? (2, 5) : (1, 3)
        let rest = line + last
        switch state {
        case .start: return last
        case .size: return line + (size > 0 ? saturating(size, rest) : line)
        case .extensions, .sizeLF: return size > 0 ? saturating(lineLeft, saturating(size, rest)) : lineLeft + line
        case .data: return saturating(size, rest)
        case .afterData: return rest
        case .afterDataLF: return needsCR ? rest - 1 : rest
        case .trailer: return line
        case .lastLF: return 1
        case .trailerLine: return 2 * line
        case .trailerLF: return needsCR ? 3 : 2
        }
    }

    private var lineLeft: Int { needsCR && state == .extensions ? 2 : 1 }

    private func saturating(_ one: Int, _ other: Int) -> Int {
        let sum = one.addingReportingOverflow(other)
        return sum.overflow ? .max : sum.partialValue
    }

    private enum Step { case goOn, done, invalid }

    private mutating func step(_ byte: UInt8) -> Step {
        let (cr, lf): (UInt8, UInt8) = (13, 10)
        if byte == lf, needsCR, [.size, .afterData, .trailer].contains(state) { return .invalid }
        switch (state, byte) {
        case (.start, _), (.size, _):
            return stepInSize(byte)
        case (.extensions, cr): state = .sizeLF
        case (.extensions, lf):
            if needsCR { return .invalid }
            endSize()
        case (.extensions, _): break
        case (.sizeLF, lf): endSize()
        case (.afterData, cr): state = .afterDataLF
        case (.afterData, lf), (.afterDataLF, lf): state = .start
        case (.trailer, cr): state = .lastLF
        case (.trailer, lf), (.lastLF, lf): return .done
        case (.trailer, _): state = .trailerLine
        case (.trailerLine, cr): state = .trailerLF
        case (.trailerLine, lf):
            if needsCR { return .invalid }
            state = .trailer
        case (.trailerLine, _): break
        case (.trailerLF, lf): state = .trailer
        default: return .invalid
        }
        return .goOn
    }

    private mutating func stepInSize(_ byte: UInt8) -> Step {
        if let digit = hexDigit(byte) {
            guard state == .start || size <= Int.max / 16 - 1 else { return .invalid }
            size = state == .start ? digit : size * 16 + digit
            state = .size
            return .goOn
        }
        guard state == .size else { return .invalid }
        switch byte {
        case 13: state = .sizeLF
        case 10: endSize()
        case UInt8(ascii: ";"), UInt8(ascii: " "), UInt8(ascii: "\t"): state = .extensions
        default: return .invalid
        }
        return .goOn
    }

    private mutating func endSize() {
        state = size > 0 ? .data : .trailer
    }

    private func hexDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte | 0x20) - 0x57
        default: nil
        }
    }
}
