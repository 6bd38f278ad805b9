import CaptureFiles

/// Reads text line by line; empty lines count, and are not handed on.
struct LineReader {
    /// The number of the last line that was handed on, 1-based.
    private(set) var number = 0
    /// Why there are no more lines although the text does not end; nil at its end.
    private(set) var failure: String?

    private let bytes: CaptureBytes
    private var buffer: [UInt8] = []
    /// Where the next line starts, and how far no line feed was found.
    private var start = 0
    private var searched = 0
    private var isAtEnd = false

    /// No transcript is longer; what is has no line feeds for another reason.
    private static let longestLine = 1 << 30
    private static let chunk = 1 << 16

    init(_ bytes: CaptureBytes) {
        self.bytes = bytes
    }

    /// The next line that is not empty, without its line feed.
    mutating func next() -> [UInt8]? {
        while failure == nil {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { (start, searched) = (end + 1, end + 1) }
                number += 1
                if end > start { return Array(buffer[start..<end]) }
            } else if isAtEnd {
                guard start < buffer.count else { return nil }
                defer { (start, searched) = (buffer.count, buffer.count) }
                number += 1
                return Array(buffer[start...])
            } else {
                fill()
            }
        }
        return nil
    }

    private mutating func fill() {
        buffer.removeFirst(start)
        (start, searched) = (0, buffer.count)
        guard buffer.count <= Self.longestLine else {
            failure = "a line is longer than \(Self.longestLine) bytes"
            return
        }
        var chunk = [UInt8](repeating: 0, count: Self.chunk)
        let count = chunk.withUnsafeMutableBytes { bytes.read(into: $0) }
        buffer += chunk[..<count]
        isAtEnd = count == 0
        if isAtEnd { failure = bytes.failure }
    }
}
