import ArgumentParser
import WSReplayKit

/// How captures are read; the same for every command that reads large ones.
struct ReadingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Threads that read the connections of a large capture (default: one a core); the result is the same.",
            valueName: "count"))
    var jobs: Int?

    func validate() throws {
        guard let jobs, jobs < 1 else { return }
        throw UserError(message: "--jobs \(jobs): there must be a thread to work", mend: "name a number from 1 on")
    }
}
