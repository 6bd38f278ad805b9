import Foundation

/// The program as a user runs it: a process of its own, with an environment of its own and a time limit.
enum Wsreplay {
    /// The program that was built together with these tests.
    static let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appending(path: "wsreplay")
    /// The root of the package: where commands run, so that paths read as in the README.
    static let root = URL(filePath: #filePath, directoryHint: .notDirectory).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every command here takes well under a second; other people's builds may slow it down.
    static let timeLimit: TimeInterval = 120

    /// Where standard output goes.
    enum Output {
        /// Into a file, as in `wsreplay … > file`.
        case file
        /// To a terminal.
        case terminal
        /// Into a pipe that nobody reads any more.
        case closedPipe
    }

    /// Runs a command and waits for its end.
    static func run(
        _ arguments: [String], input: URL? = nil, output: Output = .file, environment: [String: String] = [:]
    ) throws -> Ended {
        let folder = try TemporaryFolder()
        let (out, err) = (try folder.create("out"), try folder.create("err"))
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = root
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"].merging(environment) { $1 }
        process.standardInput = try input.map { try FileHandle(forReadingFrom: $0) } ?? FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: err)
        var terminal: Terminal?
        switch output {
        case .file: process.standardOutput = try FileHandle(forWritingTo: out)
        case .terminal:
            let new = try Terminal()
            process.standardOutput = new.programSide
            terminal = new
        case .closedPipe:
            let pipe = Pipe()
            process.standardOutput = pipe.fileHandleForWriting
            try pipe.fileHandleForReading.close()
        }
        try process.run()
        let identifier = process.processIdentifier
        let watchdog = DispatchWorkItem { kill(identifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + timeLimit, execute: watchdog)
        let shown = terminal?.readAll()
        process.waitUntilExit()
        watchdog.cancel()
        guard process.terminationReason == .exit || process.terminationStatus != SIGKILL else {
            throw TookTooLong(command: arguments)
        }
        return Ended(
            status: process.terminationStatus, byExit: process.terminationReason == .exit,
            output: try shown ?? Data(contentsOf: out),
            diagnostics: String(decoding: try Data(contentsOf: err), as: UTF8.self))
    }

    /// Runs a command.
    static func run(_ arguments: String...) throws -> Ended { try run(arguments) }

    /// A command did not end.
    struct TookTooLong: Error {
        let command: [String]
    }
}

/// How a command ended.
struct Ended {
    /// The exit status, or the number of the signal that ended it.
    let status: Int32
    /// Whether the program ended by itself.
    let byExit: Bool
    /// Standard output.
    let output: Data
    /// Standard error.
    let diagnostics: String

    /// Standard output as text.
    var text: String { String(decoding: output, as: UTF8.self) }

    /// Standard output without line breaks and indentation: how a sentence reads that the terminal's width wraps.
    var prose: String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
