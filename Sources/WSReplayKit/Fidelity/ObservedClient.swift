import ProxyModel
import WireBasics

/// The client of an observation: sends what was planned, and keeps everything that it gets.
struct ObservedClient: ClientActor {
    private let sends: [Observation.TimedBytes]
    private let start: CaptureInstant
    /// When the client leaves by itself.
    private let leave: CaptureInstant
    /// Everything that came.
    private(set) var received: [UInt8] = []
    private var hasBegun = false
    private var isSwitched = false

    private static let leaving = -1

    init(sends: [Observation.TimedBytes], start: CaptureInstant, leave: CaptureInstant) {
        self.sends = sends
        self.start = start
        self.leave = leave
    }

    mutating func connected(at instant: CaptureInstant) -> [ClientCommand] {
        sends.enumerated().map { .wake($0.offset, at: start + .milliseconds(Int64($0.element.at))) }
            + [.wake(Self.leaving, at: leave)]
    }

    mutating func woken(_ token: Int, at instant: CaptureInstant) -> [ClientCommand] {
        guard token != Self.leaving else { return [.close(.full)] }
        let bytes = sends[token].bytes
        // Frames go out only after a 101: no request begins with a byte above 0x7F, every frame that is final does.
        if let first = bytes.first, first >= 0x80, !isSwitched { return [] }
        let begin: [ClientCommand] = hasBegun ? [] : [.beginExchange]
        hasBegun = true
        return begin + [.send(bytes)]
    }

    mutating func received(_ bytes: [UInt8], at instant: CaptureInstant) -> [ClientCommand] {
        received += bytes
        if bytes.starts(with: Array("HTTP/1.1 101".utf8)) { isSwitched = true }
        return []
    }

    mutating func tunnelOpened(at instant: CaptureInstant) -> [ClientCommand] {
        []
    }

    mutating func closed(_ how: Closing, at instant: CaptureInstant) -> [ClientCommand] {
        []
    }
}
