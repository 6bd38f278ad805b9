import HTTPWire
import TCPReassembly
import WireBasics

/// One direction of a connection while it speaks HTTP/1: heads and bodies in turn.
///
///     state    bytes                     what ends it
///     preamble kept until it is certain  the PROXY protocol complete, or something else → head
///     head     parsed up to its end      `.head`: the owner reads it and says what follows
///     body     followed to its end       `.bodyEnd` → head
///     waiting  kept                      `resume`, `switchTo`
///     tunnel   handed to the tunnel      -
///     stopped  counted                   -
struct HTTPLane {
    enum State {
        case preamble(ProxyProtocolStart)
        case head(HeadParser)
        case body(BodyScanner)
        /// For the other end: bytes are kept until it is known what they are.
        case waiting
        case tunnel
        case stopped(ByteLedger.Use)
    }

    /// What comes next in the bytes.
    enum Event {
        /// The PROXY protocol.
        case preamble(ProxyProtocolHeader)
        /// All bytes of a head; the parser reads it.
        case head(HeadParser, first: PacketMark)
        /// Bytes of a body.
        case body(Range<Int>, BodyScanner)
        /// The body is complete.
        case bodyEnd(BodyScanner)
        case noHead(HeadError)
        /// Bytes of a body up to where it cannot be read.
        case noBody(BodyError, Range<Int>, BodyScanner)
    }

    /// Bytes that wait, or a hole among them.
    enum Held {
        case bytes([UInt8], PacketMark)
        case hole(Int?, PacketMark)
    }

    var state: State {
        didSet { isTunnel = if case .tunnel = state { true } else { false } }
    }
    /// Whether bytes belong to the tunnel, kept apart because it is asked for every segment.
    private(set) var isTunnel = false
    /// What waits, in order.
    private(set) var held: [Held] = []
    private var heldBytes = 0
    /// Whether more came than may be kept; the rest of it is counted only.
    private(set) var isFull = false
    /// Whether a head was read.
    var hasSpoken = false
    private let kind: HeadParser.Kind
    private let headLimit: Int
    private let heldLimit: Int
    private var first: PacketMark?

    init(_ kind: HeadParser.Kind, limits: ReaderLimits) {
        self.kind = kind
        (headLimit, heldLimit) = (limits.headBytes, limits.heldBytes)
        state =
            kind == .request
            ? .preamble(ProxyProtocolStart()) : .head(HeadParser(kind, limit: headLimit, tolerance: .capture))
    }

    /// Whether the end of a body is still to come.
    var isInsideBody: Bool {
        if case .body(let scanner) = state { !scanner.isComplete } else { false }
    }

    /// Reads the next head.
    mutating func resume() {
        state = .head(HeadParser(kind, limit: headLimit, tolerance: .capture))
        first = nil
    }

    /// Reads no further, unless that is so already.
    mutating func stop(_ use: ByteLedger.Use) {
        if case .stopped = state { return }
        state = .stopped(use)
    }

    /// The next event in the bytes from `offset` on, which moves behind it; nil when they are used up.
    mutating func next(in bytes: RawSpan, from offset: inout Int, at mark: PacketMark) -> Event? {
        switch state {
        case .preamble(let preamble):
            return next(preamble, in: bytes, from: &offset, at: mark)
        case .head(var parser):
            guard offset < bytes.byteCount else { return nil }
            // Let go of the state's copy, so that the parser's bytes are not copied with it.
            state = .waiting
            do throws(HeadError) {
                let end = try parser.receive(bytes, from: offset)
                if first == nil, !parser.isEmpty { first = mark }
                state = .head(parser)
                offset = end ?? bytes.byteCount
                return end == nil ? nil : .head(parser, first: first ?? mark)
            } catch {
                state = .head(parser)
                return .noHead(error)
            }
        case .body(var scanner):
            if scanner.isComplete {
                resume()
                return .bodyEnd(scanner)
            }
            guard offset < bytes.byteCount else { return nil }
            let start = offset
            let known = scanner.wireLength
            do throws(BodyError) {
                offset = try scanner.receive(bytes, from: start)
                state = .body(scanner)
                return .body(start..<offset, scanner)
            } catch {
                offset = start + scanner.wireLength - known
                return .noBody(error, start..<offset, scanner)
            }
        case .waiting, .tunnel, .stopped:
            return nil
        }
    }

    private mutating func next(
        _ preamble: ProxyProtocolStart, in bytes: RawSpan, from offset: inout Int, at mark: PacketMark
    ) -> Event? {
        var preamble = preamble
        state = .waiting
        while offset < bytes.byteCount {
            if first == nil { first = mark }
            let byte = bytes.byte(at: offset)
            offset += 1
            switch preamble.receive(byte) {
            case .undecided: continue
            case .complete:
                resume()
                return .preamble(ProxyProtocolHeader(whole: preamble.bytes))
            case .absent:
                return beginHead(with: preamble.bytes, in: bytes, from: &offset, at: mark)
            }
        }
        state = .preamble(preamble)
        return nil
    }

    /// What was kept is the beginning of a head.
    private mutating func beginHead(
        with start: [UInt8], in bytes: RawSpan, from offset: inout Int, at mark: PacketMark
    ) -> Event? {
        var parser = HeadParser(kind, limit: headLimit, tolerance: .capture)
        do throws(HeadError) {
            // Never the end of a head: what is kept has no start line that is complete.
            _ = try parser.receive(start.span.bytes, from: 0)
            // Empty lines in front of a head are no part of it.
            if parser.isEmpty { first = nil }
            state = .head(parser)
            return next(in: bytes, from: &offset, at: mark)
        } catch {
            state = .head(parser)
            return .noHead(error)
        }
    }

    /// Keeps bytes for later, as far as the limit allows.
    mutating func hold(_ bytes: RawSpan, at mark: PacketMark) {
        guard !isFull, bytes.byteCount <= heldLimit - heldBytes else {
            isFull = true
            return
        }
        held.append(.bytes(bytes.copied, mark))
        heldBytes += bytes.byteCount
    }

    /// Keeps in mind that bytes are missing here.
    mutating func hold(hole length: Int?, at mark: PacketMark) {
        if !isFull { held.append(.hole(length, mark)) }
    }

    /// The bytes of a head that is not complete, or cannot be read.
    var headBytes: [UInt8] {
        if case .head(let parser) = state { parser.bytes } else { [] }
    }

    /// What waited, in order; it waits no more.
    mutating func takeHeld() -> [Held] {
        defer { (held, heldBytes) = ([], 0) }
        return held
    }
}
