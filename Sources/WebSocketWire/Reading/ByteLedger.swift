public import WireBasics

/// What became of every byte of a connection that its reader was given.
public struct ByteLedger: Hashable, Sendable {
    /// What a byte was, or why it was not read.
    public enum Use: String, CaseIterable, Hashable, Sendable {
        /// Part of a message head.
        case head
        /// Part of a body, chunk framing included.
        case body
        /// Part of a complete frame, header included.
        case frame
        /// A PROXY protocol header in front of the first request.
        case proxyProtocol
        /// Empty lines in front of a head.
        case emptyLine
        /// Part of a head that the capture does not complete.
        case unfinishedHead
        /// Part of a frame that the capture does not complete.
        case unfinishedFrame
        /// Behind the first close frame of its direction.
        case afterClose
        /// Behind bytes that the capture does not hold, and before the frame at which the reading goes on.
        case passedOver
        /// Behind bytes that the capture does not hold.
        case afterGap
        /// The connection speaks something else than HTTP/1.
        case notHTTP
        /// The connection switched to a protocol that is not read, or to a draft of WebSocket.
        case otherProtocol
        /// Behind a head, a body or a frame whose end cannot be known.
        case unreadable
        /// Sent behind an upgrade that the capture does not answer.
        case unanswered
        /// A response to a request that the capture does not hold.
        case unrequested
        /// Behind bytes that were too many to keep.
        case overLimit
    }

    private var counts: [Int]
    /// `allCases` makes a new array each time.
    private static let uses = Use.allCases
    /// Bytes that the capture does not hold, as far as their number is known.
    public var missing = 0

    /// Nothing yet.
    public init() {
        counts = Array(repeating: 0, count: Self.uses.count * 2)
    }

    /// Bytes of one end with one use.
    public subscript(party: Party, use: Use) -> Int {
        get { counts[Self.index(party, use)] }
        set { counts[Self.index(party, use)] = newValue }
    }

    /// Bytes of both ends with one use.
    public subscript(use: Use) -> Int {
        self[.client, use] + self[.server, use]
    }

    /// All bytes of one end.
    public subscript(party: Party) -> Int {
        var sum = 0
        for index in stride(from: party == .client ? 0 : 1, to: counts.count, by: 2) { sum += counts[index] }
        return sum
    }

    /// All bytes.
    public var total: Int { counts.reduce(0, +) }

    /// Adds what became of the bytes of another connection.
    public static func += (left: inout ByteLedger, right: ByteLedger) {
        for index in left.counts.indices { left.counts[index] &+= right.counts[index] }
        left.missing &+= right.missing
    }

    private static func index(_ party: Party, _ use: Use) -> Int {
        // The position of a case in `allCases` is that of its declaration.
        (uses.firstIndex(of: use) ?? 0) * 2 + (party == .client ? 0 : 1)
    }
}
