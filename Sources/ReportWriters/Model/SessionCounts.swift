import WebSocketWire

/// How many sessions of each kind there are, in a line.
struct SessionCounts {
    private var (webSocket, upgraded, http, violating, incomplete) = (0, 0, 0, 0, 0)

    init(_ transcripts: some Sequence<SessionTranscript>) {
        for transcript in transcripts {
            if transcript.kind == .websocket { webSocket += 1 } else { http += 1 }
            if transcript.tunnel != nil { upgraded += 1 }
            if !transcript.violations.isEmpty { violating += 1 }
            if !transcript.isComplete { incomplete += 1 }
        }
    }

    /// `8 = 6 websocket + 2 http; 5 upgraded, 1 with violations, 1 incomplete`.
    var text: String {
        let kinds = [(webSocket, "websocket"), (http, "http")].filter { $0.0 > 0 }
        let sum = kinds.map { "\(Quantity.grouped($0.0)) \($0.1)" }.joined(separator: " + ")
        let facts = [(upgraded, "upgraded"), (violating, "with violations"), (incomplete, "incomplete")]
            .filter { $0.0 > 0 }.map { "\(Quantity.grouped($0.0)) \($0.1)" }
        return "\(Quantity.grouped(webSocket + http)) = \(sum)"
            + (facts.isEmpty ? "" : "; " + facts.joined(separator: ", "))
    }
}
