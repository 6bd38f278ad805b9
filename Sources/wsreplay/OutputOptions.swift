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
    }

    enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
        case auto, always, never
    }

    /// Opens every report file.
    ///
    /// To be called before the work starts: a path that cannot be written is known at once.
    func open() throws -> OutputFiles {
        var files: [OutputFiles.File] = []
        for (format, path) in [("html", html), ("junit", junit), ("json", json)] {
            guard let path, let writer = ReportRegistry.writer(named: format) else { continue }
            files.append(OutputFiles.File(path: path, writer: writer, stream: try OutputFiles.open(path)))
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

/// Facts about standard output.
enum Terminal {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Columns of the terminal; the default of `ReportOptions` where there is none.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else {
            return ReportOptions().columns
        }
        return Int(size.ws_col)
    }
}

/// The report files of a run, open since before it began.
struct OutputFiles {
    struct File {
        let path: String
        let writer: any ReportWriter
        let stream: UnsafeMutablePointer<FILE>
    }

    let files: [File]

    /// Opens a file for writing, and empties it.
    static func open(_ path: String) throws -> UnsafeMutablePointer<FILE> {
        guard let file = fopen(path, "wb") else {
            throw UserError(
                message: "cannot write \(VisibleText.escape(path)): \(String(cString: strerror(errno)))",
                mend: "name a file in a folder that exists and can be written")
        }
        return file
    }

    /// Writes standard output and every report file.
    func write(_ document: ReportDocument, _ output: OutputOptions, _ options: ReportOptions) throws {
        let name = output.format.rawValue
        guard let writer = ReportRegistry.writer(named: name) else { return }
        // A stream of our own on the descriptor: the C library's `stdout` is a variable that anybody may change.
        guard let output = fdopen(STDOUT_FILENO, "wb") else { return }
        try write(document, writer, options, to: output, path: "standard output")
        for file in files {
            try write(document, file.writer, options, to: file.stream, path: file.path)
            fclose(file.stream)
        }
    }

    private func write(
        _ document: ReportDocument, _ writer: any ReportWriter, _ options: ReportOptions,
        to stream: UnsafeMutablePointer<FILE>, path: String
    ) throws {
        writer.write(document, options) { bytes in fwrite(bytes, 1, bytes.count, stream) }
        guard fflush(stream) == 0, ferror(stream) == 0 else {
            throw UserError(
                message: "cannot write \(VisibleText.escape(path)): \(String(cString: strerror(errno)))",
                mend: "check the disk's free space")
        }
    }
}
