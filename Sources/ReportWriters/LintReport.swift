public import ProxyModel
public import Verdicts
public import WireBasics

/// Configurations and the mistakes in them that need no traffic.
public struct LintReport: Sendable {
    /// What was run, as the user could repeat it.
    public var command: String
    /// The rules that were applied, by id.
    public var rules: [LintRule]
    /// The configurations in the order given.
    public var configurations: [LintedConfiguration]

    /// A report on these configurations.
    public init(command: String, rules: [LintRule], configurations: [LintedConfiguration]) {
        self.command = command
        self.rules = rules
        self.configurations = configurations
    }

    /// How many findings of that severity there are.
    public func count(_ severity: Finding.Severity) -> Int {
        configurations.reduce(0) { $0 + $1.findings.count { $0.finding.severity == severity } }
    }

    /// How many findings comments leave out.
    public var ignored: Int { configurations.reduce(0) { $0 + $1.ignored.count } }

    /// How many configurations their product refuses.
    public var refused: Int { configurations.count(where: \.isRefused) }

    /// How much the worst finding matters; nil where there is none.
    public var worst: Finding.Severity? {
        configurations.lazy.flatMap(\.findings).map(\.finding.severity).max()
    }
}

/// One configuration and what is wrong with it.
public struct LintedConfiguration: Sendable {
    /// The file as the user named it.
    public var name: String
    /// The product and version whose rules hold, for example `nginx/1.28.0`.
    public var product: String
    /// How that version was chosen.
    public var versionChosenBy: String
    /// The files that the configuration consists of.
    public var files: [ConfigurationFile]
    /// What was found, by place.
    public var findings: [LintFinding]
    /// What was found and is left out because a comment says so, by place.
    public var ignored: [IgnoredFinding]
    /// What else is worth knowing: how the file was read.
    public var notices: [Finding]
    /// Why the product refuses it, its own complaint first; empty where it takes it.
    public var problems: [ConfigurationProblem]
    /// What the product's own check prints where it refuses (`nginx -t`).
    public var nativeOutput: [String]

    /// Whether its product refuses it, so that no rule was applied.
    public var isRefused: Bool { !problems.isEmpty }

    /// A configuration with all its parts.
    public init(
        name: String, product: String, versionChosenBy: String, files: [ConfigurationFile],
        findings: [LintFinding] = [], ignored: [IgnoredFinding] = [], notices: [Finding] = [],
        problems: [ConfigurationProblem] = [], nativeOutput: [String] = []
    ) {
        self.name = name
        self.product = product
        self.versionChosenBy = versionChosenBy
        self.files = files
        self.findings = findings
        self.ignored = ignored
        self.notices = notices
        self.problems = problems
        self.nativeOutput = nativeOutput
    }
}
