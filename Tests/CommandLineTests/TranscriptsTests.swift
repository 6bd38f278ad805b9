import Foundation
import Testing

@Suite("Transcripts in place of the capture")
struct TranscriptsTests {
    @Test("inspect --transcripts, then replay of them: the verdicts of the capture", arguments: Bundled.captured)
    func sameVerdicts(_ name: String) throws {
        let folder = try TemporaryFolder()
        let transcripts = folder.path("sessions.ndjson")
        let inspected = try Wsreplay.run("inspect", Bundled.capture(name), "--transcripts", transcripts)
        #expect(inspected.status == 0)
        #expect(inspected.diagnostics == "")
        for proxy in [name, "chat-no-headers-at-all", "idle-timeout"] {
            let options = ["--proxy", Bundled.configuration(proxy), "--format", "json"]
            let direct = try Wsreplay.run(["replay", Bundled.capture(name)] + options)
            let later = try Wsreplay.run(["replay", transcripts] + options)
            #expect(later.status == direct.status)
            #expect(later.diagnostics.isEmpty == direct.diagnostics.isEmpty)
            guard direct.status != 2 else { continue }
            #expect(try Verdicts(later.output) == Verdicts(direct.output))
        }
    }

    @Test("--format ndjson prints what --transcripts writes")
    func onStandardOutput() throws {
        let folder = try TemporaryFolder()
        let transcripts = folder.path("sessions.ndjson")
        _ = try Wsreplay.run("inspect", Bundled.capture("chat"), "--transcripts", transcripts)
        let printed = try Wsreplay.run("inspect", Bundled.capture("chat"), "--format", "ndjson")
        #expect(printed.status == 0)
        #expect(printed.output == FileManager.default.contents(atPath: transcripts))
        // A line for the capture and one for each session. Each line is an object whose keys are sorted.
        #expect(printed.text.split(separator: "\n").count == 7)
        for line in printed.text.split(separator: "\n") { #expect(JSONKeys.complaints(about: String(line)) == []) }
    }

    @Test("payloads are not in them")
    func noPayloads() throws {
        let folder = try TemporaryFolder()
        let transcripts = folder.path("sessions.ndjson")
        _ = try Wsreplay.run("inspect", Bundled.capture("frames"), "--transcripts", transcripts)
        let size = try Data(contentsOf: URL(filePath: transcripts)).count
        #expect(size < 40_000, "the capture has 155,213 bytes, the transcripts \(size)")
    }
}
