public import ProxyModel

/// Why a command could not do its work.
public struct ErrorReport: Hashable, Sendable {
    /// What was wrong with.
    public enum Subject: String, Hashable, Sendable, Codable {
        /// The command line.
        case usage
        /// A capture file.
        case capture
        /// A configuration or policy file.
        case configuration
        /// A case folder.
        case `case`
        /// A file that could not be read or written.
        case file
        /// This program.
        case program
    }

    /// What was wrong with.
    public var subject: Subject
    /// What is wrong, the first complaint first.
    ///
    /// At least one.
    public var problems: [ConfigurationProblem]
    /// What the modelled product's own check prints (`nginx -t`); empty where there is none.
    public var nativeOutput: [String]
    /// The exit status of the command.
    public var exitStatus: Int

    /// An error with all its parts.
    public init(
        subject: Subject, problems: [ConfigurationProblem], nativeOutput: [String] = [], exitStatus: Int = 2
    ) {
        self.subject = subject
        self.problems = problems
        self.nativeOutput = nativeOutput
        self.exitStatus = exitStatus
    }
}
