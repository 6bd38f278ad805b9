import ReportWriters
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

/// The connections of a series of files: packets in, sessions and an account of all packets and bytes out.
///
/// All that knows how connections are put together and read; what stands before it knows files and packets only.
/// Connections are divided into shares for several threads; what comes out does not depend on how many.
struct SeriesConnections: ~Copyable {
    /// Link types that cannot be read, in this file.
    var unsupportedLinks: [PacketIntake.UnsupportedLink] { intake.unsupportedLinks }

    private var intake: PacketIntake
    private let shares: [ConnectionShare]
    /// The segments for each share that are not handed over yet.
    private var batches: [SegmentBatch]
    private var handedOver = 0
    private var last = 0
    private let limits: CaptureLimits
    private let budget: RecordBudget?

    /// How many bytes of each direction are kept for `comparesRepeatedBytes`: the last segments, since what is sent again is
    /// one of them as a rule.
    private static let comparedBytes = 4096
    private let batchesAlone: Int

    /// Connections without a packet; what the arguments mean is told in `CaptureReading`.
    ///
    /// - Parameter budget: what the frames that are listed count against.
    init(
        detail: ReaderDetail, limits: CaptureLimits, budget: RecordBudget?, comparesRepeatedBytes: Bool,
        division: ConnectionDivision
    ) {
        (self.limits, self.budget) = (limits, budget)
        var limits = limits
        limits.reassembly.comparedBytes = comparesRepeatedBytes ? Self.comparedBytes : 0
        let frozen = limits
        intake = PacketIntake(limits: frozen.reassembly)
        // What all connections count against together needs one table for all.
        let isDivided = budget == nil && limits.reassembly.dividesConnections
        shares = (0..<(isDivided ? division.shares : 1)).map { _ in
            ConnectionShare(detail: detail, limits: frozen, budget: budget)
        }
        batches = shares.map { _ in SegmentBatch() }
        batchesAlone = division.batchesAlone
    }

    /// Takes a packet; its bytes are needed during the call only.
    mutating func receive(_ bytes: RawSpan, linkType: LinkType, originalLength: Int, at mark: PacketMark) {
        last = mark.packet
        let full = intake.receive(
            bytes, linkType: linkType, originalLength: originalLength, at: mark, into: &batches)
        guard let index = full else { return }
        shares[index].exchange(&batches[index])
        handedOver += 1
        if handedOver == batchesAlone, shares.count > 1 { shares.forEach { $0.runByItself() } }
    }

    /// What was counted so far, in all files.
    mutating func account() -> SeriesAccount {
        for index in shares.indices where !batches[index].isEmpty { shares[index].exchange(&batches[index]) }
        var account = SeriesAccount(packets: intake.packets)
        for share in shares {
            let part = share.account(upTo: last)
            account.stream += part.stream
            account.uses += part.uses
            account.connections += part.connections
        }
        return account
    }

    /// What is worth saying of bytes that are in no session, and of the limits that were reached.
    var findings: [Finding] {
        mutating get {
            var log = FindingLog()
            for share in shares { log += share.findings }
            return log.findings
                + limits.findings(account().stream, datagrams: intake.datagramsOverLimit, budget)
        }
    }

    /// The next packets are those of another file.
    mutating func goOnInNextFile() {
        _ = account()
        intake.goOnInNextFile()
        shares.forEach { $0.goOnInNextFile() }
    }

    /// There are no more packets.
    ///
    /// - Returns: the sessions in order of their first packets, without names, and the tunnels without a handshake.
    mutating func finish() -> (sessions: [InspectedSession], tunnels: [MidstreamTranscript]) {
        _ = account()
        shares.forEach { $0.finish() }
        var found = shares.map { $0.take() }
        var sessions = found[0].sessions
        var tunnels = found[0].tunnels
        if shares.count > 1 {
            let numbers = Self.numbers(found.map(\.openings))
            (sessions, tunnels) = ([], [])
            sessions.reserveCapacity(found.reduce(0) { $0 + $1.sessions.count })
            for index in found.indices {
                for place in found[index].sessions.indices {
                    let number = found[index].sessions[place].transcript.tcpStream
                    found[index].sessions[place].transcript.tcpStream = numbers[index][number]
                }
                for place in found[index].tunnels.indices {
                    found[index].tunnels[place].tcpStream = numbers[index][found[index].tunnels[place].tcpStream]
                }
                sessions += found[index].sessions
                tunnels += found[index].tunnels
                (found[index].sessions, found[index].tunnels) = ([], [])
            }
        }
        // In place: a copy of a transcript is dozens of references to count, and there may be many.
        sessions.sort { $0.place < $1.place }
        tunnels.sort { ($0.first.packet, $0.tcpStream) < ($1.first.packet, $1.tcpStream) }
        return (sessions, tunnels)
    }

    /// The numbers of the connections of each share among all, in order of first packet, as Wireshark counts them.
    private static func numbers(_ openings: [[Int]]) -> [[Int]] {
        var all = openings.enumerated().flatMap { share, packets in
            packets.enumerated().map { (packet: $1, share: share, number: $0) }
        }
        all.sort { $0.packet < $1.packet }
        var numbers = openings.map { [Int](repeating: 0, count: $0.count) }
        for (number, one) in all.enumerated() { numbers[one.share][one.number] = number }
        return numbers
    }
}

extension InspectedSession {
    /// Where it stands among those of its series.
    fileprivate var place: (Int, Int, Int) {
        (transcript.request.first.packet, transcript.tcpStream, transcript.requestsBefore)
    }
}
