import TCPReassembly
import WireBasics

/// What the readers of a table were told, as text: `client abc`, `client skip 3`, `client fin`, `finish`.
final class StreamLog {
    fileprivate(set) var events: [String] = []
    fileprivate(set) var starts: [ConnectionStart] = []
    /// Every byte of each direction, by connection, holes left out.
    fileprivate(set) var streams: [Int: [Party: [UInt8]]] = [:]
    /// Offset and length of every piece: where it lies in the stream when holes are counted.
    fileprivate(set) var pieces: [(party: Party, offset: Int, bytes: [UInt8])] = []

    /// Bytes that came twice and differ: `client 3 of 4 at 102, packet 7 after 5`.
    fileprivate(set) var conflicts: [String] = []

    /// What was told of one party.
    func events(of party: Party) -> [String] {
        events.filter { $0.hasPrefix(party.rawValue) }
    }
}

/// Writes what it is told into a log that all readers of a table share.
final class LoggingReader: StreamReader {
    private let log: StreamLog
    private let start: ConnectionStart
    private let prefix: String
    private var offsets: [Party: Int] = [:]
    private var isFinished = false

    init(_ log: StreamLog, _ start: ConnectionStart, numbered: Bool) {
        self.log = log
        self.start = start
        prefix = numbered ? "#\(start.tcpStream) " : ""
        log.starts.append(start)
    }

    func receive(_ bytes: RawSpan, from party: Party, at mark: PacketMark) {
        let copy = bytes.copied
        note("\(party.rawValue) \(String(decoding: copy, as: UTF8.self))")
        log.streams[start.tcpStream, default: [:]][party, default: []] += copy
        log.pieces.append((party, offsets[party, default: 0], copy))
        offsets[party, default: 0] += copy.count
    }

    func skip(_ length: Int?, from party: Party, at mark: PacketMark) {
        note("\(party.rawValue) skip \(length.map(String.init) ?? "?")")
        offsets[party, default: 0] += length ?? 0
    }

    func conflict(_ conflict: OverlapConflict, from party: Party) {
        log.conflicts.append(
            "\(party.rawValue) \(conflict.different) of \(conflict.repeated) at \(conflict.sequence), packet "
                + "\(conflict.differing.packet) after \(conflict.counted.packet)")
    }

    func close(_ ending: StreamEnding, by party: Party, at mark: PacketMark) {
        note("\(party.rawValue) \(ending.rawValue)")
    }

    func giveUp(at mark: PacketMark) {
        note("give up")
    }

    func finish() {
        note(isFinished ? "finish again" : "finish")
        isFinished = true
    }

    private func note(_ event: String) {
        log.events.append(prefix + event)
    }
}

/// What a table made of packets.
struct Played {
    var log: StreamLog
    var packets: PacketLedger
    var bytes: StreamLedger
}

/// Plays Ethernet frames, one after the other.
func play(
    _ packets: [TestPacket], limits: ReassemblyLimits = ReassemblyLimits(), numbered: Bool = false
) -> Played {
    play(frames: packets.map { ($0.ethernet.dropLast($0.cut), $0.ethernet.count) }, limits: limits, numbered: numbered)
}

/// Plays captured packets of any link type: their bytes, and how many there were on the wire.
func play(
    frames: [(bytes: ArraySlice<UInt8>, originalLength: Int)], linkType: LinkType = .ethernet,
    limits: ReassemblyLimits = ReassemblyLimits(), numbered: Bool = false
) -> Played {
    let log = StreamLog()
    var table = ConnectionTable(limits: limits) { LoggingReader(log, $0, numbered: numbered) }
    for (index, frame) in frames.enumerated() {
        let mark = PacketMark(packet: index + 1, instant: CaptureInstant(nanoseconds: Int64(index) * 1_000_000))
        let bytes = Array(frame.bytes)
        table.receive(bytes.span.bytes, linkType: linkType, originalLength: frame.originalLength, at: mark)
    }
    table.finish()
    return Played(log: log, packets: table.packets, bytes: table.bytes)
}

/// A generator whose numbers are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
