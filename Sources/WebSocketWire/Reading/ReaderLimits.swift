/// How much a reader of sessions keeps of one connection before it gives up; reaching a limit is a loss that is named.
public struct ReaderLimits: Hashable, Sendable {
    /// Bytes of one message head.
    ///
    /// Default: 256 KiB, eight times what nginx takes (`large_client_header_buffers`).
    public var headBytes = 262_144
    /// Bytes of one direction that are kept while they wait for the other end.
    ///
    /// A client's wait behind an upgrade that is not answered yet, a server's until the request is seen.
    /// Default: 1 MiB.
    public var heldBytes = 1_048_576
    /// Requests that wait for their response at one time.
    ///
    /// Default: 1,000.
    public var unansweredRequests = 1000
    /// Interim responses (1xx) that are kept with one exchange; more are passed over.
    ///
    /// Default: 16.
    public var interimResponses = 16
    /// Bytes that are kept of the start of a body.
    ///
    /// Default: 16 KiB.
    public var bodyBytes = 16_384
    /// Bytes that one message may inflate to.
    ///
    /// Default: 1 GiB; they are counted and never kept, so that this bounds time, not memory.
    public var inflatedMessageBytes = 1 << 30
    /// Bytes that one byte of a compressed message may inflate to on average.
    ///
    /// Default: 1,100, which DEFLATE cannot reach (1,032): what may be written in few bytes is bounded by
    /// `inflatedMessageBytes` alone. The first 64 KiB of a message are free.
    public var inflateRatio = 1100
    /// Bytes of one direction that are kept behind a hole while it is not certain that frames begin with them.
    ///
    /// Default: 256 KiB.
    public var searchedBytes = 262_144
    /// Bytes of one direction that are checked against an agreed window of less than 15 bits.
    ///
    /// Default: 4 MiB; the check goes byte by byte.
    public var windowCheckBytes = 4_194_304
    /// Violations of one code by one end that are kept with one session; the last one counts those behind it.
    ///
    /// Default: 10.
    public var violationsOfOneCode = 10

    /// The defaults.
    public init() {}
}

/// What a transcript holds beyond totals.
public struct ReaderDetail: Hashable, Sendable {
    /// How many frames of one session are kept as records, and how many messages.
    public var keptRecords: Int
    /// Bytes of payload that each record shows.
    public var previewBytes: Int
    /// Whether each record has a SHA-256.
    public var digests: Bool
    /// Whether the totals of each direction have a CRC-32: one more look at every byte.
    public var checksums: Bool

    /// Details of one's own choice.
    public init(keptRecords: Int, previewBytes: Int, digests: Bool, checksums: Bool = true) {
        self.keptRecords = keptRecords
        self.previewBytes = previewBytes
        self.digests = digests
        self.checksums = checksums
    }

    /// Totals, and the first four frames and messages with 32 bytes each for people to look at.
    public static let totals = ReaderDetail(keptRecords: 4, previewBytes: 32, digests: false, checksums: false)
    /// Every frame and every message with its SHA-256.
    public static let frames = ReaderDetail(keptRecords: .max, previewBytes: 64, digests: true)
}
