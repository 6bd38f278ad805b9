public import ProxyModel
public import Verdicts
public import WireBasics

/// Input that cannot be used: what, where, why, how to mend.
///
/// Exit status 2.
public struct UserError: Error, Hashable, Sendable {
    /// What cannot be used, and why.
    public var message: String
    /// Where; nil where a whole file is meant and the message names it.
    public var location: ConfigLocation?
    /// The reason, where the message does not say.
    public var why: String
    /// How to mend it.
    public var mend: String
    /// Further problems of the same input.
    public var further: [ConfigurationProblem]
    /// What the product's own check would print, for example `nginx -t`.
    public var nativeOutput: [String]

    /// An error with all its parts.
    public init(
        message: String, location: ConfigLocation? = nil, why: String = "", mend: String,
        further: [ConfigurationProblem] = [], nativeOutput: [String] = []
    ) {
        self.message = message
        self.location = location
        self.why = why
        self.mend = mend
        self.further = further
        self.nativeOutput = nativeOutput
    }

    /// Whether a configuration was refused, rather than a capture or a command line.
    public private(set) var isConfigurationError = false

    /// What is wrong with a capture whose packets could be read up to some point only; nil for a whole one.
    public init?(damageOf capture: CaptureSummary) {
        guard let damage = capture.damage else { return nil }
        self.init(message: damage.message, why: damage.why, mend: damage.mend)
    }

    /// A configuration that its product would refuse.
    init(_ error: ConfigurationError, path: String) {
        let first = error.problems.first
        self.init(
            message: first?.message ?? "the configuration cannot be used",
            location: first?.location ?? ConfigLocation(file: path, line: 1), why: first?.why ?? "",
            mend: first?.mend ?? "", further: Array(error.problems.dropFirst()), nativeOutput: error.nativeOutput)
        isConfigurationError = true
    }
}
