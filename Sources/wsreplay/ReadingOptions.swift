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
