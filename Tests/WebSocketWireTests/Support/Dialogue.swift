import HTTPWire
import TCPReassembly
import Testing
import WireBasics

@testable import WebSocketWire

/// What two ends say to each other, to be read in one piece, byte by byte, or cut anywhere.
struct Dialogue {
    enum Step {
        case bytes([UInt8], Party)
        case hole(Int?, Party)
        /// Bytes that stood in that packet come again and differ.
        case conflict(packet: Int, Party)
        case close(StreamEnding, Party)
        /// Time passes.
        case wait(TimeSpan)
        /// Other connections need the room.
        case giveUp
    }

    /// How the bytes of a step are cut.
    enum Cut: Hashable, CustomStringConvertible, CaseIterable {
        case whole, byteByByte, random1, random2, random3

        var description: String {
            switch self {
            case .whole: "whole"
            case .byteByByte: "byte by byte"
            case .random1: "random cuts 1"
            case .random2: "random cuts 2"
            case .random3: "random cuts 3"
            }
        }

        func lengths(of count: Int, _ random: inout SplitMix) -> [Int] {
            switch self {
            case .whole: return count > 0 ? [count] : []
            case .byteByByte: return Array(repeating: 1, count: count)
            default:
                var lengths: [Int] = []
                var left = count
                while left > 0 {
                    let length = min(left, 1 + Int(random.next() % 23))
                    lengths.append(length)
                    left -= length
                }
                return lengths
            }
        }
    }

    var steps: [Step] = []
    var limits = ReaderLimits()
    /// Frames and messages that are listed at most.
    var budget: Int?
    var detail = ReaderDetail.frames
    var evidence = ConnectionStart.Evidence.handshake

    init(_ steps: [Step] = []) {
        self.steps = steps
    }

    /// A session: the handshake with these extra lines, then what both ends send.
    static func session(
        client: [UInt8] = [], server: [UInt8] = [], offer: [String] = [], answer: [String] = []
    ) -> Dialogue {
        Dialogue([
            .bytes(Wire.request(offer), .client), .bytes(Wire.response(answer), .server), .bytes(client, .client),
            .bytes(server, .server),
        ])
    }

    /// A session with permessage-deflate.
    static func deflated(
        client: [UInt8] = [], server: [UInt8] = [], parameters: String = "",
        offer: String = "; client_max_window_bits"
    ) -> Dialogue {
        session(
            client: client, server: server, offer: ["Sec-WebSocket-Extensions: permessage-deflate\(offer)"],
            answer: ["Sec-WebSocket-Extensions: permessage-deflate\(parameters)"])
    }

    /// What the reader makes of it, cut in that way; packets are numbered by step, so that cuts do not show.
    func read(_ cut: Cut = .whole) -> Reading {
        var random = SplitMix(seed: UInt64(Cut.allCases.firstIndex(of: cut) ?? 0))
        let mark = PacketMark(packet: 1, instant: CaptureInstant(seconds: 1_700_000_000, nanoseconds: 0))
        let start = ConnectionStart(
            tcpStream: 3, client: Endpoint(address: IPAddress(v4: 0x0A00_0001), port: 40_000),
            server: Endpoint(address: IPAddress(v4: 0x0A00_0002), port: 80), mark: mark, evidence: evidence)
        var reading = Reading()
        let box = Box()
        let reader = SessionReader(
            start, limits: limits, detail: detail, budget: budget.map(RecordBudget.init),
            report: { box.findings.append($0) }, account: { box.ledger = $0 },
            emitMidstream: { box.midstream.append($0) }
        ) {
            box.transcripts.append($0)
        }
        var now = mark
        for step in steps {
            now.packet += 1
            switch step {
            case .bytes(let bytes, let party):
                reading.bytes += bytes.count
                var offset = 0
                for length in cut.lengths(of: bytes.count, &random) {
                    reader.receive(bytes.span.bytes.extracting(offset..<offset + length), from: party, at: now)
                    offset += length
                }
            case .conflict(let packet, let party):
                reader.conflict(
                    OverlapConflict(
                        counted: PacketMark(packet: packet, instant: mark.instant), differing: now,
                        sequence: SequenceNumber(4711), repeated: 10, different: 3), from: party)
            case .hole(let length, let party): reader.skip(length, from: party, at: now)
            case .close(let ending, let party): reader.close(ending, by: party, at: now)
            case .giveUp: reader.giveUp(at: now)
            case .wait(let span): now.instant = now.instant + span
            }
        }
        reader.finish()
        reading.transcripts = box.transcripts
        reading.midstream = box.midstream
        reading.ledger = box.ledger
        reading.findings = box.findings
        return reading
    }

    /// Reads it in every way and checks that all say the same, and that the ledger closes.
    func readEveryWay(sourceLocation: SourceLocation = #_sourceLocation) -> Reading {
        let whole = read(.whole)
        for cut in Cut.allCases {
            let other = read(cut)
            #expect(other.difference(from: whole) == nil, "\(cut)", sourceLocation: sourceLocation)
            #expect(other.ledger == whole.ledger, "\(cut)", sourceLocation: sourceLocation)
            #expect(other.findings.map(\.code) == whole.findings.map(\.code), "\(cut)", sourceLocation: sourceLocation)
        }
        #expect(whole.ledger.total == whole.bytes, sourceLocation: sourceLocation)
        return whole
    }

    private final class Box {
        var transcripts: [SessionTranscript] = []
        var midstream: [MidstreamTranscript] = []
        var ledger = ByteLedger()
        var findings: [Finding] = []
    }
}

/// What a reader made of a dialogue.
struct Reading {
    var transcripts: [SessionTranscript] = []
    var midstream: [MidstreamTranscript] = []
    var ledger = ByteLedger()
    /// What was said of bytes that are in no transcript.
    var findings: [Finding] = []
    /// How many bytes it was given.
    var bytes = 0

    var violations: [String] { transcripts.flatMap { $0.violations.map { "\($0.party.rawValue) \($0.code)" } } }
    var losses: [String] { transcripts.flatMap { $0.losses.map(\.code) } }
    var tunnel: TunnelTranscript? { transcripts.last?.tunnel }

    /// The first lines in which the transcripts differ; nil when they are the same.
    func difference(from other: Reading) -> String? {
        guard midstream == other.midstream else { return "\(midstream) where \(other.midstream) is expected" }
        guard transcripts != other.transcripts else { return nil }
        guard transcripts.count == other.transcripts.count else {
            return "\(transcripts.count) transcripts, \(other.transcripts.count) expected"
        }
        for (left, right) in zip(transcripts, other.transcripts) where left != right {
            var (mine, theirs) = ("", "")
            dump(left, to: &mine)
            dump(right, to: &theirs)
            let lines = zip(mine.split(separator: "\n"), theirs.split(separator: "\n"))
            return lines.first { $0 != $1 }.map { "\($0) where \($1) is expected" } ?? "more lines"
        }
        return nil
    }

    func messages(_ party: Party) -> [String] {
        tunnel?.messages.filter { $0.party == party }.map { String(decoding: $0.preview, as: UTF8.self) } ?? []
    }
}

/// A small generator of numbers with a seed (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
