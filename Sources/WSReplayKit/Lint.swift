import ProxyDialects
public import ProxyModel
public import ReportWriters
import Verdicts
import WireBasics

/// Looks for WebSocket mistakes in configurations that need no traffic to be seen.
///
///     let report = Lint(configurations: [ProxyChoice(path: "nginx.conf")]).run()
///     for found in report.configurations.flatMap(\.findings) { print(found.location, found.finding.message) }
public struct Lint: Sendable {
    /// The configurations, each by itself.
    public var configurations: [ProxyChoice]
    /// Where configuration files come from.
    public var source: any ConfigSource

    /// A lint of these configurations.
    public init(configurations: [ProxyChoice], source: any ConfigSource = DiskConfigSource()) {
        self.configurations = configurations
        self.source = source
    }

    /// Applies the rules.
    ///
    /// A configuration that its product refuses is in the report, with the product's complaint.
    ///
    /// - Throws: `UserError` when a file cannot be read or is in no dialect that is known.
    public func run(command: String = "") throws(UserError) -> LintReport {
        var dialects: [any ProxyDialect] = []
        var linted: [LintedConfiguration] = []
        for choice in configurations {
            let recording = RecordingConfigSource(source)
            let dialect = try choice.chosenDialect(recording)
            if !dialects.contains(where: { $0.name == dialect.name }) { dialects.append(dialect) }
            linted.append(try lint(choice, dialect, recording))
        }
        return LintReport(
            command: command, rules: dialects.flatMap(\.lintRules).sorted { $0.id < $1.id }, configurations: linted)
    }

    private func lint(
        _ choice: ProxyChoice, _ dialect: any ProxyDialect, _ recording: RecordingConfigSource
    ) throws(UserError) -> LintedConfiguration {
        guard !dialect.lintRules.isEmpty else {
            throw UserError(
                message: "there are no rules for \(VisibleText.escape(choice.path)): it is read as \(dialect.name)",
                mend:
                    "name a configuration of nginx, or drive requests through it with `wsreplay try` and `wsreplay replay`"
            )
        }
        let chosenBy = choice.whyVersion(of: dialect)
        do {
            let lint = try dialect.lint(choice.path, from: recording, version: choice.version)
            return LintedConfiguration(
                name: lint.name, product: lint.product, versionChosenBy: chosenBy, files: recording.configuration,
                findings: lint.findings, ignored: lint.ignored, notices: lint.notices)
        } catch {
            // What is no version of the product is a mistake of the command line, not of the configuration.
            guard !error.nativeOutput.isEmpty else { throw UserError(error, path: choice.path) }
            return LintedConfiguration(
                name: choice.path, product: dialect.name, versionChosenBy: chosenBy, files: recording.configuration,
                problems: error.problems, nativeOutput: error.nativeOutput)
        }
    }

    /// The rules of every dialect, by id.
    public static var rules: [LintRule] {
        DialectRegistry.dialects.flatMap(\.lintRules).sorted { $0.id < $1.id }
    }
}

extension UserError {
    /// A configuration that its product refuses; nil for one that it takes.
    public init?(refusalOf configuration: LintedConfiguration) {
        guard configuration.isRefused else { return nil }
        self.init(
            ConfigurationError(problems: configuration.problems, nativeOutput: configuration.nativeOutput),
            path: configuration.name)
    }
}
