import Foundation
import WSReplayKit

/// Where a command writes: standard output and report files.
///
/// A report file is checked before the work starts and written after it, so that a run that cannot be done leaves
/// neither an empty report nor the loss of an older one.
struct OutputFiles {
    struct File {
        let path: String
        let writer: any ReportWriter
    }

    let files: [File]

    /// Checks that a file can be written, and leaves everything as it is.
    static func check(_ path: String) throws {
        let isNew = access(path, F_OK) != 0
        guard let file = fopen(path, "ab") else { throw cannotWrite(path) }
        fclose(file)
        if isNew { unlink(path) }
    }

    /// Writes standard output and every report file.
    func write(_ document: ReportDocument, _ output: OutputOptions, _ options: ReportOptions) throws {
        guard let writer = ReportRegistry.writer(named: output.format.rawValue) else { return }
        // A stream of our own on the descriptor: the C library's `stdout` is a variable that anybody may change.
        guard let stream = fdopen(STDOUT_FILENO, "wb") else { throw Self.cannotWrite("standard output") }
        try Self.write(document, writer, options, to: stream, path: "standard output")
        try writeReports(document, options)
    }

    /// Writes every report file.
    func writeReports(_ document: ReportDocument, _ options: ReportOptions) throws {
        for file in files {
            guard let stream = fopen(file.path, "wb") else { throw Self.cannotWrite(file.path) }
            defer { fclose(stream) }
            try Self.write(document, file.writer, options, to: stream, path: file.path)
        }
    }

    private static func write(
        _ document: ReportDocument, _ writer: any ReportWriter, _ options: ReportOptions,
        to stream: UnsafeMutablePointer<FILE>, path: String
    ) throws {
        writer.write(document, options) { bytes in fwrite(bytes, 1, bytes.count, stream) }
        guard fflush(stream) == 0, ferror(stream) == 0 else { throw cannotWrite(path) }
    }

    private static func cannotWrite(_ path: String) -> UserError {
        UserError(
            message: "cannot write \(VisibleText.escape(path)): \(String(cString: strerror(errno)))",
            mend: "name a file in a folder that exists and can be written, on a disk that is not full")
    }
}
