import ArgumentParser
import WSReplayKit

/// How captures are read, and which of their sessions are of interest.
struct ReadingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only sessions that meet a condition; repeat for several that must all be met.",
            discussion: """
                KEY=VALUE or KEY!=VALUE; commas between values that will all do; * stands for any text. A KEY alone asks \
                whether there is any, !KEY whether there is none. For example --filter path=/chat/* \
                --filter status=4xx,5xx --filter client!=10.0.0.0/8 --filter violation
                keys: \(FilterKey.allCases.map(\.rawValue).joined(separator: ", "))
                """, valueName: "condition"))
    var filter: [String] = []

    @Option(
        help: ArgumentHelp(
            "Another limit on what is kept, for example --limit head=1M; repeatable.",
            discussion: """
                with their defaults: \
                \(CaptureLimit.all.map { "\($0.name)=\($0.unit.written($0.value(of: CaptureLimits())))" }.joined(separator: " "))
                """, valueName: "name=value"))
    var limit: [String] = []

    @Option(
        help: ArgumentHelp(
            "Threads that read the connections of a large capture (default: one a core); the result is the same.",
            valueName: "count"))
    var jobs: Int?

    func validate() throws {
        guard let jobs, jobs < 1 else { return }
        throw UserError(message: "--jobs \(jobs): there must be a thread to work", mend: "name a number from 1 on")
    }

    /// The filter that was asked for; nil for none.
    func filter(knowsVerdicts: Bool) throws -> SessionFilter? {
        guard !filter.isEmpty else { return nil }
        do throws(FilterError) {
            return try SessionFilter(filter, knowsVerdicts: knowsVerdicts)
        } catch {
            throw UserError(error)
        }
    }

    var limits: CaptureLimits {
        get throws { try CaptureLimits(limit) }
    }
}
