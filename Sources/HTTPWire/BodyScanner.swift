import WireBasics

/// Follows a message body through a stream of chunks to its end.
///
/// Shape: counts bytes, keeps none.
package struct BodyScanner: Sendable {
    /// How the end is found.
    package let framing: BodyFraming
    /// Bytes on the wire so far, chunk framing included.
    package private(set) var wireLength = 0
    /// Bytes of content so far.
    package private(set) var length = 0
    /// Whether the end was reached; a body until close ends with the connection only.
    package private(set) var isComplete: Bool

    private var chunks = ChunkScanner()

    /// A scanner at the start of a body.
    package init(_ framing: BodyFraming) {
        self.framing = framing
        isComplete =
            switch framing {
            case .none, .tunnel: true
            case .length(let length): length <= 0
            case .chunked, .untilClose: false
            }
    }

    /// Takes bytes of the body from `start` on.
    ///
    /// - Returns: the offset behind the last byte of the body so far.
    /// - Throws: `BodyError` with code `chunk`.
    package mutating func receive(_ bytes: RawSpan, from start: Int) throws(BodyError) -> Int {
        let available = bytes.byteCount - start
        switch framing {
        case .none, .tunnel:
            return start
        case .length(let total):
            let taken = min(available, total - length)
            length += taken
            wireLength += taken
            isComplete = length == total
            return start + taken
        case .untilClose:
            length += available
            wireLength += available
            return bytes.byteCount
        case .chunked:
            // What was good before an error counts, wherever the chunks of the stream were cut.
            defer {
                wireLength = chunks.position
                length = chunks.length
                isComplete = chunks.isComplete
            }
            return try chunks.receive(bytes, from: start)
        }
    }

    /// The sender ended the stream.
    ///
    /// - Returns: whether that ends the body too.
    package mutating func endOfStream() -> Bool {
        if framing == .untilClose { isComplete = true }
        return isComplete
    }
}

/// Reads the chunked transfer coding (RFC 9112 §7.1).
///
///     state      digit    ;, space  CR        LF              other
///     size       size     extension sizeEnd   data | trailer  error
///     extension  -        -         -         data | trailer  extension
///     data       (counted down to dataEnd)
///     dataEnd    error    error     dataEnd   size            error
///     trailer    a line that is empty ends the body
struct ChunkScanner: Sendable {
    private enum State {
        case size, sizeEnd, extensions, data, dataEnd, trailer, done
    }

    private(set) var length = 0
    var isComplete: Bool { state == .done }

    private var state = State.size
    private var size = 0
    private var digits = 0
    private var remaining = 0
    private var lineLength = 0
    private var trailerLength = 0
    /// Bytes on the wire so far.
    private(set) var position = 0

    /// Trailers and chunk extensions are heads in disguise, and bounded like them.
    private static let lineLimit = 65_536

    mutating func receive(_ bytes: RawSpan, from start: Int) throws(BodyError) -> Int {
        var index = start
        while index < bytes.byteCount, state != .done {
            if state == .data {
                let taken = min(remaining, bytes.byteCount - index)
                remaining -= taken
                length += taken
                index += taken
                position += taken
                if remaining == 0 { state = .dataEnd }
                continue
            }
            try receive(bytes.byte(at: index))
            index += 1
            position += 1
        }
        return index
    }

    private mutating func receive(_ byte: UInt8) throws(BodyError) {
        switch (state, byte) {
        case (.size, 48...57), (.size, 65...70), (.size, 97...102):
            let digit = byte < 58 ? byte - 48 : (byte | 0x20) - 87
            guard size < 1 << 58 else { throw error("a chunk size is beyond all measure") }
            size = size << 4 | Int(digit)
            digits += 1
        case (.size, 10) where digits > 0, (.sizeEnd, 10), (.extensions, 10):
            endSize()
        case (.size, 13) where digits > 0:
            state = .sizeEnd
        case (.size, 59) where digits > 0, (.size, 32) where digits > 0, (.size, 9) where digits > 0:
            state = .extensions
            lineLength = 0
        case (.extensions, _):
            lineLength += 1
            if lineLength > Self.lineLimit { throw error("a chunk extension is longer than \(Self.lineLimit) bytes") }
        case (.dataEnd, 13):
            break
        case (.dataEnd, 10):
            (state, size, digits) = (.size, 0, 0)
        case (.trailer, 10):
            if lineLength == 0 { state = .done }
            lineLength = 0
        case (.trailer, _):
            if byte != 13 { lineLength += 1 }
            trailerLength += 1
            if trailerLength > Self.lineLimit { throw error("the trailers are longer than \(Self.lineLimit) bytes") }
        case (.dataEnd, _):
            throw error("a chunk is longer than its size says")
        default:
            throw error("a chunk starts without a size in hexadecimal digits")
        }
    }

    private mutating func endSize() {
        lineLength = 0
        remaining = size
        state = size == 0 ? .trailer : .data
    }

    private func error(_ message: String) -> BodyError {
        BodyError(.chunk, offset: position, message: message, section: "RFC 9112 §7.1", mend: "mend the sender")
    }
}
