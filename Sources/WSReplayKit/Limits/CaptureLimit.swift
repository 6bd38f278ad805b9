import TCPReassembly
import WebSocketWire
import WireBasics

/// One of the limits: its name, what it bounds, and what is said when it is reached.
///
/// Help, documentation and findings are written from it.
public struct CaptureLimit: Sendable {
    /// The name in `--limit NAME=VALUE`.
    public let name: String
    /// What its number counts.
    public let unit: Unit
    /// What it bounds, in one sentence.
    public let summary: String
    /// What a report says when it is reached: the code of a loss or a finding, or words where the place itself shows it.
    public let sign: String
    let path: any WritableKeyPath<CaptureLimits, Int> & Sendable

    /// What the number of a limit counts.
    public enum Unit: Sendable {
        /// Bytes; k, M and G are powers of 1,024.
        case bytes
        /// Things; k, M and G are powers of 1,000.
        case things
    }

    private init(
        _ name: String, _ unit: Unit, _ path: any WritableKeyPath<CaptureLimits, Int> & Sendable, _ sign: String,
        _ summary: String
    ) {
        self.name = name
        self.unit = unit
        self.path = path
        self.sign = sign
        self.summary = summary
    }

    /// All of them, in the order in which bytes come to them.
    public static let all: [CaptureLimit] = [
        CaptureLimit(
            "fragments", .things, \.reassembly.fragmentedDatagrams, "limit.fragments",
            "IP datagrams that wait for fragments at one time"),
        CaptureLimit(
            "fragment-bytes", .bytes, \.reassembly.fragmentBytes, "limit.fragments", "bytes of all waiting fragments"),
        CaptureLimit(
            "connections", .things, \.reassembly.connections, "limit.connections",
            "TCP connections followed at one time; those silent longest are given up for new ones"),
        CaptureLimit(
            "reorder", .bytes, \.reassembly.heldBytes, "limit.reorder",
            "bytes that one end of a connection holds back while earlier ones are missing"),
        CaptureLimit(
            "reorder-segments", .things, \.reassembly.heldSegments, "limit.reorder",
            "TCP segments that one end of a connection holds back"),
        CaptureLimit(
            "head", .bytes, \.reader.headBytes, "limit.head", "bytes of one request head or response head"),
        CaptureLimit(
            "requests", .things, \.reader.unansweredRequests, "limit.requests",
            "requests of one connection that wait for their response"),
        CaptureLimit(
            "interim", .things, \.reader.interimResponses, "limit.interim",
            "interim responses (1xx) kept with one exchange"),
        CaptureLimit(
            "held", .bytes, \.reader.heldBytes, "limit.held",
            "bytes that one end sends before the other end's answer says what they are"),
        CaptureLimit(
            "body", .bytes, \.reader.bodyBytes, "the body's length beside it",
            "bytes kept of the start of a body; the rest is counted"),
        CaptureLimit(
            "inflate", .bytes, \.reader.inflatedMessageBytes, "limit.inflate",
            "bytes that one message may inflate to; they are counted and not kept"),
        CaptureLimit(
            "inflate-ratio", .things, \.reader.inflateRatio, "limit.inflate-ratio",
            "bytes that one compressed byte of a message may inflate to on average; DEFLATE itself ends at 1,032"),
        CaptureLimit(
            "search", .bytes, \.reader.searchedBytes, "ws.frame.boundary-unknown",
            "bytes kept behind a hole while it is not certain that frames begin with them"),
        CaptureLimit(
            "window-check", .bytes, \.reader.windowCheckBytes, "limit.window-check",
            "bytes of one end that are checked against an agreed window of less than 15 bits"),
        CaptureLimit(
            "violations", .things, \.reader.violationsOfOneCode, "the count of the last one kept",
            "violations of one code by one end that a session lists"),
        CaptureLimit(
            "frames", .things, \.listedRecords, "limit.frames", "frames and messages that --frames lists in all"),
        CaptureLimit(
            "preview", .bytes, \.previewBytes, "… behind the text", "bytes of each payload that --frames shows"),
    ]

    static func named(_ name: String) -> CaptureLimit? {
        all.first { $0.name == name }
    }

    static func nearest(to name: String) -> String? {
        NearestName.find(name, in: all.map(\.name))
    }

    /// The number that it has there.
    public func value(of limits: CaptureLimits) -> Int {
        limits[keyPath: path]
    }

    /// How to raise it, for a finding that says it was reached.
    func mend(from limits: CaptureLimits) -> String {
        let value = value(of: limits)
        let raised = value.multipliedReportingOverflow(by: 4)
        return "raise it with --limit \(name)=\(unit.written(raised.overflow ? .max : raised.partialValue))"
    }
}

extension CaptureLimit.Unit {
    /// What is counted, in a word.
    var noun: String {
        switch self {
        case .bytes: "bytes"
        case .things: "items"
        }
    }

    private var factor: Int {
        switch self {
        case .bytes: 1024
        case .things: 1000
        }
    }

    private static let suffixes = ["", "k", "M", "G"]

    /// Reads `65536`, `64k`, `1M`; nil for what is no number from 1 on.
    func read(_ text: String) -> Int? {
        let digits = text.prefix { ("0"..."9").contains($0) }
        let suffix = text.dropFirst(digits.count).lowercased()
        guard let count = Int(digits), count > 0,
            let power = Self.suffixes.firstIndex(where: { $0.lowercased() == suffix })
        else { return nil }
        var value = count
        for _ in 0..<power {
            let product = value.multipliedReportingOverflow(by: factor)
            guard !product.overflow else { return nil }
            value = product.partialValue
        }
        return value
    }

    /// `64k` where the number has no other digits, else the number.
    public func written(_ value: Int) -> String {
        var (value, power) = (value, 0)
        while power < Self.suffixes.count - 1, value != 0, value % factor == 0 {
            value /= factor
            power += 1
        }
        return "\(value)\(Self.suffixes[power])"
    }
}
