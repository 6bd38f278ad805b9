import CLibcrypto
import CaptureFiles
import Foundation
import TCPReassembly
import Testing
import WireBasics

/// Captures that another extractor and tshark agree about: streams, packets, and nothing unaccounted for.
///
/// They are not part of the project; `WSREPLAY_SHARED` names the folder that holds `captures/MANIFEST.jsonl`.
@Suite(
    "Agreement with captures of known content",
    .enabled(if: Truth.folder != nil, "SKIPPED: set WSREPLAY_SHARED to the folder with the captures of known content"))
struct TruthTests {
    @Test("Every packet is read and accounted for, and the streams are the known ones", arguments: Truth.captures)
    func agreement(_ capture: Truth) throws {
        var file: CaptureFile
        do {
            file = try CaptureFile(path: capture.path)
        } catch {
            #expect(capture.expect == "error")
            return
        }
        let log = HashedStreams()
        var table = ConnectionTable { HashingReader(log, $0) }
        while file.next({ packet, bytes in
            table.receive(
                bytes, linkType: packet.linkType, originalLength: packet.originalLength,
                at: PacketMark(packet: packet.number, instant: packet.instant))
        }) {}
        table.finish()
        #expect(file.packets == capture.packets)
        #expect(table.packets.total == capture.packets)
        #expect(table.bytes.isBalanced)
        #expect(table.bytes.held == 0)
        for (number, known) in capture.streams.enumerated() {
            let found = try #require(log.streams[number])
            // Without SYN and HTTP there the sender of the first packet counts as client, here the higher port.
            let isSwapped = found.client == known.server && found.evidence == .ports
            #expect(found.matches(isSwapped ? known.swapped : known))
        }
    }
}

/// What is known of a capture.
struct Truth: Sendable, CustomTestStringConvertible {
    struct Stream: Sendable {
        var client: String
        var server: String
        var clientBytes: Known
        var serverBytes: Known
        struct Known: Equatable, Sendable {
            var length: Int
            var sha256: String
        }

        var swapped: Stream {
            Stream(client: server, server: client, clientBytes: serverBytes, serverBytes: clientBytes)
        }
    }

    var testDescription: String
    var path: String
    var packets: Int
    var expect: String
    var streams: [Stream]

    static var folder: String? { ProcessInfo.processInfo.environment["WSREPLAY_SHARED"] }

    static let captures: [Truth] = {
        guard let folder,
            let manifest = try? String(contentsOfFile: folder + "/captures/MANIFEST.jsonl", encoding: .utf8)
        else { return [] }
        return manifest.split(separator: "\n").compactMap { line in
            guard let entry = object(Data(line.utf8)), let name = entry["name"] as? String,
                let file = entry["file"] as? String, let packets = entry["packets"] as? Int,
                let truth = (try? Data(contentsOf: URL(fileURLWithPath: folder + "/captures/truth/\(name).json")))
                    .flatMap(object)
            else { return nil }
            return Truth(
                testDescription: name, path: folder + "/captures/" + file, packets: packets,
                expect: truth["expect"] as? String ?? "",
                streams: (truth["streams"] as? [[String: Any]] ?? []).compactMap(stream))
        }
    }()

    private static func object(_ data: Data) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
    }

    private static func stream(_ entry: [String: Any]) -> Stream? {
        guard let client = entry["client"] as? String, let server = entry["server"] as? String,
            let sent = known(entry["c2s"]), let received = known(entry["s2c"])
        else { return nil }
        return Stream(client: client, server: server, clientBytes: sent, serverBytes: received)
    }

    private static func known(_ value: Any?) -> Stream.Known? {
        guard let entry = value as? [String: Any], let length = entry["length"] as? Int,
            let sha256 = entry["sha256"] as? String
        else { return nil }
        return Stream.Known(length: length, sha256: sha256)
    }
}

/// Both directions of each connection up to the first hole.
private final class HashedStreams {
    struct Found {
        var client: String
        var evidence: ConnectionStart.Evidence
        var bytes: [Party: [UInt8]] = [:]
        var holes: Set<Party> = []

        func matches(_ known: Truth.Stream) -> Bool {
            client == known.client && hash(.client) == known.clientBytes && hash(.server) == known.serverBytes
        }

        private func hash(_ party: Party) -> Truth.Stream.Known {
            let bytes = bytes[party] ?? []
            var digest = [UInt8](repeating: 0, count: 32)
            SHA256(bytes, bytes.count, &digest)
            return Truth.Stream.Known(
                length: bytes.count, sha256: digest.map { String(format: "%02x", $0) }.joined())
        }
    }

    var streams: [Int: Found] = [:]
}

private final class HashingReader: StreamReader {
    private let log: HashedStreams
    private let number: Int

    init(_ log: HashedStreams, _ start: ConnectionStart) {
        self.log = log
        number = start.tcpStream
        log.streams[number] = HashedStreams.Found(client: start.client.description, evidence: start.evidence)
    }

    func receive(_ bytes: RawSpan, from party: Party, at mark: PacketMark) {
        guard log.streams[number]?.holes.contains(party) == false else { return }
        log.streams[number]?.bytes[party, default: []] += bytes.copied
    }

    func skip(_ length: Int?, from party: Party, at mark: PacketMark) {
        log.streams[number]?.holes.insert(party)
    }

    func close(_ ending: StreamEnding, by party: Party, at mark: PacketMark) {}

    func finish() {}
}
