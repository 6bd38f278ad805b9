import WireBasics

/// Finds the end of a message head in a stream of chunks, and reads the head.
///
/// Shape: takes bytes as they come and keeps exactly those of the head, start line to empty line; empty lines before the
/// start line are counted and left out. The first bytes are judged as they come, so that a connection that speaks
/// something else is given up at once and not when the limit is reached.
package struct HeadParser: Sendable {
    /// What the head is.
    package enum Kind: Hashable, Sendable {
        case request
        case response
    }

    /// What the head is.
    package let kind: Kind
    /// The bytes of the head so far.
    package private(set) var bytes: [UInt8] = []
    /// Bytes of empty lines before the start line.
    package private(set) var leadingBytes = 0

    private let limit: Int
    private let tolerance: HeadTolerance
    /// Bytes in the line so far, its terminator and a CR at its end left out.
    private var lineLength = 0
    private var endsWithCR = false
    private var startLineIsDone = false
    /// Whether the first bytes can be those of a head.
    private var startIsJudged = false

    /// The longest method that is believed; the longest registered one has 17 characters.
    private static let longestMethod = 32

    /// A parser of one head, at most `limit` bytes long.
    package init(_ kind: Kind, limit: Int, tolerance: HeadTolerance) {
        self.kind = kind
        self.limit = limit
        self.tolerance = tolerance
    }

    /// Whether no byte of a head has come yet.
    package var isEmpty: Bool { bytes.isEmpty }

    /// Takes bytes from `start` on.
    ///
    /// - Returns: the offset behind the last byte of the head; nil when all bytes were taken and more are needed.
    /// - Throws: `notHTTP` as soon as the first bytes show it, `malformedStartLine` at the end of that line, `tooLong` at
    ///   the limit, a refused oddity of the line ends.
    package mutating func receive(_ chunk: RawSpan, from start: Int) throws(HeadError) -> Int? {
        var index = start
        while index < chunk.byteCount {
            let first = chunk.byte(at: index)
            if bytes.isEmpty, first == 10 || first == 13 {
                index += 1
                try receiveLeading(first)
                continue
            }
            // Most heads are alone in one segment.
            if bytes.isEmpty { bytes.reserveCapacity(min(chunk.byteCount - start, 1024)) }
            index = try receiveLine(chunk, from: index)
            if bytes.last == 10, try endLine() { return index }
        }
        return nil
    }

    /// Takes what the chunk holds of a line at once; returns the offset behind it.
    private mutating func receiveLine(_ chunk: RawSpan, from start: Int) throws(HeadError) -> Int {
        let end = chunk.firstOffset(of: 10, from: start)
        let next = min(end + 1, chunk.byteCount)
        let room = limit - bytes.count
        for index in start..<min(end, start + room) {
            if startIsJudged { break }
            try judgeStart(chunk.byte(at: index), at: bytes.count + index - start)
        }
        guard next - start <= room else { throw tooLong }
        chunk.extracting(start..<next).withUnsafeBytes { bytes.append(contentsOf: $0) }
        if end > start { countInLine(end - start, endingWith: chunk.byte(at: end - 1)) }
        return next
    }

    private mutating func countInLine(_ count: Int, endingWith last: UInt8) {
        lineLength += count
        // A CR counts as part of the line once it is known that no LF follows.
        if endsWithCR { lineLength += 1 }
        endsWithCR = last == 13
        if endsWithCR { lineLength -= 1 }
    }

    /// The head, once `receive` has found its end.
    package func request() throws(HeadError) -> ParsedHead<RequestHead> {
        try mentioningLeadingLines(HeadGrammar(bytes, tolerance: tolerance).request())
    }

    /// The head, once `receive` has found its end.
    package func response() throws(HeadError) -> ParsedHead<ResponseHead> {
        try mentioningLeadingLines(HeadGrammar(bytes, tolerance: tolerance).response())
    }

    private mutating func receiveLeading(_ byte: UInt8) throws(HeadError) {
        guard tolerance.allows(.leadingEmptyLines) else {
            throw HeadError(refused: .leadingEmptyLines, offset: 0)
        }
        leadingBytes += 1
        if leadingBytes > limit { throw tooLong }
    }

    /// A line feed came.
    ///
    /// - Returns: whether it ends the head.
    private mutating func endLine() throws(HeadError) -> Bool {
        if !endsWithCR, !tolerance.allows(.bareLineFeed) {
            throw HeadError(refused: .bareLineFeed, offset: bytes.count - 1)
        }
        let isEmpty = lineLength == 0
        lineLength = 0
        endsWithCR = false
        if startLineIsDone { return isEmpty }
        startLineIsDone = true
        try HeadGrammar(bytes, tolerance: .capture).checkStartLine(kind)
        return kind == .request && HeadGrammar.isVersionless(bytes[...])
    }

    /// Judges a byte of the start line: can this still be HTTP.
    private mutating func judgeStart(_ byte: UInt8, at index: Int) throws(HeadError) {
        switch kind {
        case .response:
            guard byte == Self.protocolName[index] else {
                throw notHTTP("a response starts with \"HTTP/\"", offset: index)
            }
            startIsJudged = index == Self.protocolName.count - 1
        case .request:
            if byte == UInt8(ascii: " ") {
                if index == 0 { throw notHTTP("a request starts with a method", offset: 0) }
                startIsJudged = true
            } else if !byte.isTokenCharacter {
                throw notHTTP("a method holds token characters only", offset: index)
            } else if index == Self.longestMethod {
                throw notHTTP("no method is that long", offset: index)
            }
        }
    }

    private static let protocolName = Array("HTTP/".utf8)

    private func notHTTP(_ why: String, offset: Int) -> HeadError {
        HeadError(
            .notHTTP, offset: offset, message: "this is no HTTP/1 message: \(why)", section: "RFC 9112 §2.1",
            mend: "nothing, where another protocol is spoken")
    }

    private var tooLong: HeadError {
        HeadError(
            .tooLong, offset: limit, message: "the head is longer than the limit of \(limit) bytes",
            section: "RFC 9112 §2.3", mend: "raise the limit for heads")
    }

    private func mentioningLeadingLines<Head>(_ parsed: ParsedHead<Head>) -> ParsedHead<Head> {
        guard leadingBytes > 0 else { return parsed }
        var parsed = parsed
        parsed.oddities.insert(HeadSighting(.leadingEmptyLines, offset: 0), at: 0)
        return parsed
    }
}

/// A head and what was odd about it.
package struct ParsedHead<Head: Sendable>: Sendable {
    /// The head.
    package var head: Head
    /// Each oddity once, where it was first seen.
    package var oddities: [HeadSighting]
}

/// Where an oddity was first seen.
package struct HeadSighting: Hashable, Sendable {
    /// What was seen.
    package var oddity: HeadOddity
    /// Bytes from the first byte of the head, 0-based.
    package var offset: Int

    init(_ oddity: HeadOddity, offset: Int) {
        self.oddity = oddity
        self.offset = offset
    }
}
