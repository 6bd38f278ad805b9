import ArgumentParser
import Foundation
import WSReplayKit

/// Where results go and in which form; the same for every command.
struct OutputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Form of standard output: \(Format.allValueStrings.joined(separator: ", ")).", valueName: "form"))
    var format = Format.text

    @Option(help: ArgumentHelp("Also write an HTML report.", valueName: "file"))
    var html: String?

    @Option(help: ArgumentHelp("Also write a JUnit report.", valueName: "file"))
    var junit: String?

    @Option(help: ArgumentHelp("Also write JSON.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Colour on the terminal: auto, always, never (NO_COLOR is obeyed).", valueName: "when"))
    var color = ColourChoice.auto

    @Flag(help: "Show credentials as captured instead of redacting them.")
    var showSecrets = false

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
        /// Transcripts, one a line: `inspect` alone has them.
        case ndjson
        /// Findings at their lines: `lint` alone has them.
        case sarif

        /// The command that has this form, where not all have it.
        var command: String? {
            switch self {
            case .text, .json: nil
            case .ndjson: "inspect"
            case .sarif: "lint"
            }
        }
    }

    enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
        case auto, always, never
    }

    /// The report files that were asked for.
    ///
    /// To be called before the work starts: a path that cannot be written is known at once.
    ///
    /// - Parameter formats: the forms of standard output that the command has.
    func files(formats: [Format] = [.text, .json]) throws -> OutputFiles {
        guard formats.contains(format) else {
            throw UserError(
                message: "--format \(format.rawValue) is a form of `\(format.command ?? "")` alone",
                mend: format == .ndjson
                    ? "use text or json, or write transcripts with `wsreplay inspect CAPTURE --format ndjson`"
                    : "use \(formats.map(\.rawValue).joined(separator: " or "))")
        }
        var files: [OutputFiles.File] = []
        for (format, path) in [("html", html), ("junit", junit), ("json", json)] {
            guard let path, let writer = ReportRegistry.writer(named: format) else { continue }
            try OutputFiles.check(path)
            files.append(OutputFiles.File(path: path, writer: writer))
        }
        return OutputFiles(files: files)
    }

    /// How reports are written on this terminal.
    func reportOptions(frames: Bool = false, trace: Bool = false) -> ReportOptions {
        var options = ReportOptions()
        options.program = Program.name
        options.showsSecrets = showSecrets
        options.listsFrames = frames
        options.listsTrace = trace
        options.columns = Terminal.columns
        options.usesColour = usesColour
        return options
    }

    private var usesColour: Bool {
        switch color {
        case .always: true
        case .never: false
        // no-color.org: any value but the empty one.
        case .auto: Terminal.isTerminal && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        }
    }
}

extension OutputOptions {
    /// Where the user asked for JSON, an error is a document too: a reader that parses standard output finds one.
    static func writeErrorDocument(_ error: UserError, arguments: [String]) {
        let asksForJSON =
            arguments.contains("--format=json")
            || zip(arguments, arguments.dropFirst()).contains { $0 == "--format" && $1 == "json" }
        guard asksForJSON, let writer = ReportRegistry.writer(named: "json") else { return }
        let first = ConfigurationProblem(
            message: error.message, location: error.location, why: error.why, mend: error.mend)
        let document = ErrorReport(
            subject: error.isConfigurationError ? .configuration : .file, problems: [first] + error.further,
            nativeOutput: error.nativeOutput)
        writer.write(.error(document), ReportOptions()) { FileHandle.standardOutput.write(Data($0)) }
    }
}
