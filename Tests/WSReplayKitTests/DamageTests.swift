import Foundation
import Testing

@testable import WSReplayKit

/// What a capture may look like when it was cut short or damaged on its way.
@Suite("Damaged captures")
struct DamageTests {
    /// A bundled capture and the configuration that carries all its sessions.
    static let captures = Repository.captures.map(\.name)

    @Test(
        "cut behind any packet, a capture is whole, its account closes, and no session that worked is called broken",
        arguments: captures)
    func cutBehindPackets(_ name: String) throws {
        let trial = try Trial(name)
        let whole = try trial.judged(trial.file.bytes)
        for (packets, end) in trial.file.boundaries.enumerated() {
            let judged = try trial.judged(trial.file.bytes[..<end], "cut-\(packets)")
            let capture = try #require(judged.capture)
            #expect(capture.summary.packets == packets)
            #expect(capture.summary.isWhole)
            for session in judged.run?.sessions ?? [] where session.verdict == .broken || session.verdict == .fixed {
                // One that breaks in the whole capture may do so in a part of it.
                #expect(
                    whole.verdicts[Trial.Place(session)] == session.verdict,
                    "\(session.id) of the first \(packets) packets: \(session.differences.first?.path ?? "")")
            }
        }
    }

    @Test("cut anywhere, a capture gives what is in front of the cut, and says where it is", arguments: captures)
    func cutAnywhere(_ name: String) throws {
        let trial = try Trial(name)
        var random = Seeded("cut \(name)")
        for _ in 0..<30 {
            let end = Int.random(in: 0..<trial.file.bytes.count, using: &random)
            let judged = try trial.judged(trial.file.bytes[..<end], "cut-at-\(end)", rendersReports: end % 8 == 0)
            let packets = trial.file.boundaries.lastIndex { $0 <= end }
            guard let packets, let capture = judged.capture else {
                // The header is not whole.
                #expect(end < trial.file.boundaries[0] && judged.error != nil)
                continue
            }
            #expect(capture.summary.packets == packets)
            #expect(capture.summary.isWhole == trial.file.boundaries.contains(end))
        }
    }

    @Test(
        "with bytes changed anywhere, a capture is read and replayed or refused, and its account closes",
        arguments: captures)
    func flipped(_ name: String) throws {
        let trial = try Trial(name)
        var random = Seeded("flip \(name)")
        for round in 0..<40 {
            var bytes = trial.file.bytes
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] ^= UInt8.random(in: 1...255, using: &random)
            }
            _ = try trial.judged(bytes, "flip-\(round)", rendersReports: round % 8 == 0)
        }
    }

    @Test("with packets lost, doubled and swapped, no session that worked is called broken", arguments: captures)
    func packetsOutOfOrder(_ name: String) throws {
        let trial = try Trial(name)
        let whole = try trial.judged(trial.file.bytes)
        var random = Seeded("order \(name)")
        for round in 0..<20 {
            let bytes = trial.file.mixed(using: &random)
            let judged = try trial.judged(bytes, "mixed-\(round)")
            for session in judged.run?.sessions ?? [] where session.verdict == .broken {
                #expect(
                    whole.verdicts[Trial.Place(session)] == .broken,
                    "\(session.id), round \(round): \(session.differences.first?.path ?? "")")
            }
        }
    }
}

/// One bundled capture, to be damaged, inspected and replayed.
private struct Trial {
    let file: CaptureBytes
    let name: String
    private let folder: TemporaryFolder
    private let replay: Replay

    init(_ name: String) throws {
        self.name = name
        let capture = try #require(Repository.captures.first { $0.name == name })
        file = try CaptureBytes(Array(Data(contentsOf: URL(filePath: capture.path))))
        folder = try TemporaryFolder()
        replay = Replay(
            captures: [], proxies: [ProxyChoice(path: Repository.path("Captures/\(name)/nginx.conf"))],
            listener: name == "direct" ? Endpoint("127.0.0.1:8080") : nil)
    }

    /// A session, whatever number it has.
    struct Place: Hashable {
        var client: Endpoint
        var packet: Int

        init(_ session: SessionResult) {
            client = session.transcript.client
            packet = session.transcript.requestsBefore
        }
    }

    struct Judged {
        var capture: InspectedCapture?
        var run: RunResult?
        var error: UserError?

        var verdicts: [Place: Verdict] {
            Dictionary((run?.sessions ?? []).map { (Place($0), $0.verdict) }) { first, _ in first }
        }
    }

    /// Inspects and replays the bytes.
    ///
    /// - Parameters:
    ///   - label: names the file, which stays there when the process crashes.
    ///   - rendersReports: whether every report is written, too: that takes longer than all the rest.
    func judged(
        _ bytes: some Collection<UInt8>, _ label: String = "whole", rendersReports: Bool = false
    ) throws -> Judged {
        let path = try folder.create("\(name)-\(label)", bytes).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var judged = Judged()
        do {
            let report = try Inspection(captures: [path], frames: rendersReports).run()
            judged.capture = report.captures.first
            if !(judged.capture?.summary.isWhole ?? true) {
                #expect(judged.capture?.summary.findings != [], "\(label)")
            }
            if rendersReports { for writer in ReportRegistry.writers { _ = writer.render(.inspect(report)) } }
            let capture = try #require(judged.capture)
            #expect(Ledger.faults(of: capture) == [], "\(label)")
            let run = try replay.run(on: [capture], command: "")
            judged.run = run
            guard rendersReports else { return judged }
            for writer in ReportRegistry.writers where writer.writes(.replay) {
                #expect(!writer.render(.replay(run)).isEmpty)
            }
        } catch let error as UserError {
            #expect(!error.message.isEmpty && !error.mend.isEmpty, "\(label)")
            judged.error = error
        }
        return judged
    }
}
