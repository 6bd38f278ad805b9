import ArgumentParser
import Foundation
import WSReplayKit

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "List the exchanges, sessions, frames and protocol violations of captures.",
        discussion: """
            With --format ndjson the transcripts come out, one JSON object a line; `replay` reads them in place of a \
            capture, from a file or a pipe.

            Files that continue each other are read as one stream, whatever their order here: connections go on from \
            file to file.

            EXAMPLE
              wsreplay inspect /var/captures/monday
              zstdcat chat.pcap.zst | wsreplay inspect -
            """)

    @Argument(
        help: ArgumentHelp(
            "Captures (pcap, pcapng; gzip is fine), folders of them, or - for standard input.", valueName: "capture"))
    var captures: [String]

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "List every frame and message, with SHA-256.")
    var frames = false

    @Option(
        help: ArgumentHelp(
            "Also write the transcripts as NDJSON, to be replayed in place of the captures.", valueName: "file"))
    var transcripts: String?

    func run() throws {
        let files = try output.files(formats: [.text, .json, .ndjson])
        if let transcripts { try OutputFiles.check(transcripts) }
        let inspection = Inspection(
            captures: captures, frames: frames, filter: try reading.filter(knowsVerdicts: false),
            limits: try reading.limits, checksums: output.format == .ndjson || transcripts != nil, jobs: reading.jobs)
        let report = try inspection.run()
        let options = output.reportOptions(frames: frames)
        if output.format == .ndjson {
            TranscriptFile.write(report) { FileHandle.standardOutput.write($0) }
            try files.writeReports(.inspect(report), options)
        } else {
            try files.write(.inspect(report), output, options)
        }
        if let transcripts { try TranscriptFile.write(report, to: transcripts) }
        report.captures.map(\.summary).compactMap(UserError.init(damageOf:)).forEach(Diagnostics.write)
        ExitStatus(report).end(keeping: report)
    }
}
