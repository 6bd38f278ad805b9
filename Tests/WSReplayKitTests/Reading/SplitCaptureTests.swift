import Foundation
import Testing

@testable import WSReplayKit

@Suite("A capture in several files")
struct SplitCaptureTests {
    @Test(
        "cut behind a packet, it holds the sessions of the whole one, and the account of each file closes",
        arguments: Repository.captures.map(\.name))
    func cutInTwo(_ name: String) throws {
        let trial = try Trial(name)
        let packets = trial.capture.packets
        for cut in stride(from: 1, to: packets, by: max(1, packets / 40)) { try trial.check(cutBehind: [cut]) }
    }

    @Test(
        "cut behind two packets and compressed, likewise, in whatever order the files are given",
        arguments: Repository.captures.map(\.name))
    func cutInThree(_ name: String) throws {
        let trial = try Trial(name)
        var random = Seeded("three \(name)")
        for _ in 0..<20 {
            let first = Int.random(in: 1..<trial.capture.packets - 1, using: &random)
            let second = Int.random(in: first + 1..<trial.capture.packets, using: &random)
            try trial.check(cutBehind: [first, second], compressed: true, order: [0, 1, 2].shuffled(using: &random))
        }
    }

    @Test("every order of the arguments, and the folder, give the same document byte for byte")
    func anyOrder() throws {
        let trial = try Trial("chat")
        let paths = try trial.write(cutBehind: [20, 50, 70])
        let writer = try #require(ReportRegistry.writer(named: "json"))
        func document(_ paths: [String]) throws -> [UInt8] {
            writer.render(.inspect(try Inspection(captures: paths, frames: true).run()))
        }
        let expected = try document(paths)
        #expect(try document(paths.reversed()) == expected)
        #expect(try document([paths[2], paths[0], paths[3], paths[1]]) == expected)
        #expect(try document([trial.folder.url.path]) == expected)
        #expect(try document([trial.folder.url.path + "/"]) == expected)
    }

    @Test("a file of them that is cut, empty, damaged or without a packet gives a finding, and the others are read")
    func damage() throws {
        let trial = try Trial("chat")
        let parts = trial.capture.parts(cutBehind: [40, 60])
        let damages: [(bytes: [UInt8], code: String, isWhole: Bool)] = [
            (Array(parts[1].dropLast(9)), "capture.cut", false), ([], "capture.empty", false),
            (Array(parts[1].prefix(20)), "capture.damaged-header", false),
            (Array(parts[1].prefix(trial.capture.file.boundaries[0])), "capture.no-exchange", true),
        ]
        for (index, damage) in damages.enumerated() {
            let folder = try TemporaryFolder()
            let paths = try [parts[0], damage.bytes, parts[2]].enumerated().map { place, bytes in
                try folder.create("\(index)-\(place).pcap", bytes).path
            }
            let report = try SplitCapture.read(paths)
            let captures = report.captures
            #expect(captures.count == 3)
            let bad = try #require(captures.first { $0.summary.path == paths[1] })
            #expect(bad.summary.findings.map(\.code).first == damage.code)
            #expect(bad.summary.isWhole == damage.isWhole)
            #expect(captures.filter { !$0.summary.isWhole }.count == (damage.isWhole ? 0 : 1))
            #expect(captures.flatMap(Ledger.faults) == [])
            let last = try #require(captures.first { $0.summary.path == paths[2] })
            #expect(last.summary.continuation != nil)
        }
    }

    @Test(
        "with bytes of any of its files changed, it is read or refused, and the accounts close from file to file",
        arguments: Repository.captures.map(\.name))
    func flipped(_ name: String) throws {
        let trial = try Trial(name)
        var random = Seeded("flip series \(name)")
        let third = trial.capture.packets / 3
        for round in 0..<10 {
            var parts = trial.capture.parts(cutBehind: [third, 2 * third])
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let part = Int.random(in: 0..<3, using: &random)
                let place = Int.random(in: 0..<parts[part].count, using: &random)
                parts[part][place] ^= UInt8.random(in: 1...255, using: &random)
            }
            let paths = try parts.enumerated().map { try trial.folder.create("\(round)-\($0).pcap", $1).path }
            do {
                let captures = try SplitCapture.read(paths).captures
                #expect(captures.flatMap(Ledger.faults) == [], "\(round)")
                for series in captures.map(\.summary).series {
                    #expect(Ledger.broughtForward(captures[series]) == Ledger.carriedForward(captures[series]))
                }
            } catch let error as UserError {
                #expect(!error.message.isEmpty && !error.mend.isEmpty)
            }
        }
    }

    @Test(
        "packets that were written late, behind the seam of two files, find their place", arguments: ["chat", "frames"])
    func lateAtTheSeam(_ name: String) throws {
        let trial = try Trial(name)
        let (capture, folder) = (trial.capture, try TemporaryFolder())
        let header = capture.file.boundaries[0]
        let half = capture.packets / 2
        for distance in 1...3 {
            let late = capture.part(half - distance..<half - distance + 1)
            let before =
                capture.part(0..<half - distance)
                + capture.part(half - distance + 1..<half).dropFirst(header)
            let after = late + capture.part(half..<capture.packets).dropFirst(header)
            let first = try folder.create("\(distance).pcap", before).path
            let second = try folder.create("\(distance).pcap1", after).path
            let whole = try folder.create("whole.pcap", before + after.dropFirst(header)).path
            let captures = try SplitCapture.read([second, first]).captures
            #expect(captures.map(\.summary.path) == [first, second])
            #expect(captures.map(\.summary).series.count == 1)
            let expected = try SplitCapture.read([whole]).captures.flatMap(\.sessions).map(\.transcript)
            #expect(captures.flatMap(\.sessions).map(\.transcript) == expected)
        }
    }

    @Test(
        "what Wireshark's mergecap makes of the files has the same sessions on the same streams",
        .enabled(if: hasMergecap))
    func merged() throws {
        let trial = try Trial("chat-both-legs")
        let paths = try trial.write(cutBehind: [50, 120])
        let merged = trial.folder.path("merged.pcap")
        let process = Process()
        process.executableURL = URL(filePath: Self.mergecap)
        process.arguments = ["-F", "pcap", "-w", merged] + paths
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let whole = try SplitCapture.read([merged]).captures.flatMap(\.sessions).map(\.transcript)
        #expect(try SplitCapture.read(paths).captures.flatMap(\.sessions).map(\.transcript) == whole)
    }

    private static let mergecap = "/usr/bin/mergecap"
    private static let hasMergecap = FileManager.default.isExecutableFile(atPath: mergecap)
}

/// One bundled capture, to be cut in files and read again.
private struct Trial {
    let capture: SplitCapture
    let folder: TemporaryFolder
    private let whole: InspectedCapture

    init(_ name: String) throws {
        let path = try #require(Repository.captures.first { $0.name == name }).path
        capture = try SplitCapture(name, path: path)
        folder = try TemporaryFolder()
        whole = try #require(try SplitCapture.read([path], detail: .frames).captures.first)
    }

    func write(cutBehind cuts: [Int], compressed: Bool = false) throws -> [String] {
        try capture.parts(cutBehind: cuts).enumerated().map { index, bytes in
            try folder.create("part.pcap\(index)", compressed ? Gzip.stored(bytes) : bytes).path
        }
    }

    func check(cutBehind cuts: [Int], compressed: Bool = false, order: [Int]? = nil) throws {
        let paths = try write(cutBehind: cuts, compressed: compressed)
        let given = order.map { $0.map { paths[$0] } } ?? paths
        let captures = try SplitCapture.read(given, detail: .frames).captures
        #expect(captures.map(\.summary.path) == paths, "\(cuts)")
        #expect(captures.map(\.summary.continuation?.path) == [nil] + paths.dropLast(), "\(cuts)")
        #expect(captures.flatMap(\.sessions).map(\.transcript) == whole.sessions.map(\.transcript), "\(cuts)")
        #expect(captures.reduce(0) { $0 + $1.summary.connections } == whole.summary.connections, "\(cuts)")
        #expect(captures.compactMap(\.summary.damage) == [], "\(cuts)")
        checkLedgers(captures, cuts)
        checkPlaces(captures, cuts)
    }

    /// Every file's account closes; together they are that of the whole.
    private func checkLedgers(_ captures: [InspectedCapture], _ cuts: [Int]) {
        #expect(captures.flatMap(Ledger.faults) == [], "\(cuts)")
        var (sum, brought): ([String: Int], Int) = ([:], 0)
        for capture in captures {
            var counts = Dictionary(uniqueKeysWithValues: capture.ledger.bytes.map { ($0.name, $0.count) })
            #expect(counts.removeValue(forKey: "broughtForward") ?? 0 == brought, "\(cuts)")
            counts["total", default: 0] -= brought
            brought = counts.removeValue(forKey: "carriedForward") ?? 0
            sum.merge(counts, uniquingKeysWith: +)
        }
        #expect(brought == 0, "\(cuts)")
        #expect(sum == Dictionary(uniqueKeysWithValues: whole.ledger.bytes.map { ($0.name, $0.count) }), "\(cuts)")
    }

    /// Packets lie where the cuts put them, and each file numbers its sessions.
    private func checkPlaces(_ captures: [InspectedCapture], _ cuts: [Int]) {
        let places = PacketPlaces(captures.map(\.summary))
        for (index, capture) in captures.enumerated() {
            #expect(capture.sessions.map(\.id.number) == Array(1..<capture.sessions.count + 1))
            for session in capture.sessions {
                #expect(session.id.file == "part.pcap\(index)")
                let packets = places.packets(of: session.id)
                let transcript = session.transcript
                let marks = [transcript.request.first, transcript.response?.last, transcript.tunnel?.frames.last?.mark]
                for number in marks.compactMap({ $0?.packet }) {
                    let file = cuts.count { $0 < number }
                    let place = packets.place(number)
                    #expect(place.packet == number - ([0] + cuts)[file], "\(cuts)")
                    #expect(place.path == (file == index ? nil : captures[file].summary.path), "\(cuts)")
                }
            }
        }
    }
}
