import Testing
import WSReplayKit

@Suite("An inspection on a terminal")
struct InspectPageTests {
    private func lines(_ path: String, columns: Int, frames: Bool, colour: Bool = false) throws -> [Substring] {
        let report = try Inspection(captures: [path], frames: frames).run()
        let writer = try #require(ReportRegistry.writer(named: "text"))
        var options = ReportOptions()
        (options.columns, options.listsFrames, options.usesColour) = (columns, frames, colour)
        return String(decoding: writer.render(.inspect(report), options), as: UTF8.self).split(separator: "\n")
    }

    @Test(
        "fits the terminal, and has nothing in it that would move the cursor",
        arguments: Repository.captures.map(\.path), [60, 80, 160])
    func fits(path: String, columns: Int) throws {
        for line in try lines(path, columns: columns, frames: true) + lines(path, columns: columns, frames: false) {
            // Emoji and East Asian characters take two columns, so that characters are at most as many.
            #expect(line.count <= columns, "\(line)")
            #expect(!line.hasSuffix(" "), "\(line)")
            #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "\(line)")
        }
    }

    @Test("shows a message of several frames, and one that was compressed, as it was sent")
    func messages() throws {
        let frames = try lines(Repository.path("Captures/frames/capture.pcap"), columns: 100, frames: true)
        let words = frames.map { $0.split(separator: " ").joined(separator: " ") }
        #expect(words.contains("0.001 s 40 → text 1… 4 one"))
        #expect(words.contains("0.001 s 44 → …4 0"))
        #expect(words.contains("→ = text 13 one two three"))
        let deflated = try lines(Repository.path("Captures/compression/capture.pcap"), columns: 100, frames: true)
        let inflated = deflated.map { $0.split(separator: " ").joined(separator: " ") }
        #expect(inflated.contains("0.001 s 10 → text 45 in 5 The quick brown fox jumps over the lazy dog."))
    }

    @Test("names close codes and shows binary payloads in hexadecimal and ASCII")
    func payloads() throws {
        let closes = try lines(Repository.path("Captures/closes/capture.pcap"), columns: 100, frames: true)
        #expect(closes.contains { $0.contains("1008 policy violation") })
        let frames = try lines(Repository.path("Captures/frames/capture.pcap"), columns: 100, frames: true)
        #expect(frames.contains { $0.contains("c3 49 a1 d6  .I..") })
    }

    @Test("sums packets and bytes up, and counts the sessions")
    func sums() throws {
        let lines = try lines(Repository.path("Captures/chat/capture.pcap"), columns: 100, frames: false)
        #expect(lines.contains("  packets   98 = 98 tcp"))
        #expect(lines.contains("  bytes     8,952 = 3,938 head + 1,329 body + 3,685 frame"))
        #expect(lines.contains("  sessions  6 = 3 websocket + 3 http; 3 upgraded"))
    }
}
