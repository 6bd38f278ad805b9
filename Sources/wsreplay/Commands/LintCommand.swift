import ArgumentParser
import WSReplayKit

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Find WebSocket mistakes in configurations that need no traffic to be seen.",
        discussion: """
            A whole nginx.conf, or a file of conf.d. A comment leaves a finding out, on its line or above it:

              # wsreplay: ignore RULE-ID because REASON

            EXAMPLE
              wsreplay lint /etc/nginx/nginx.conf --format sarif > wsreplay.sarif
            """)

    @Argument(help: ArgumentHelp("Configurations.", valueName: "config"))
    var configurations: [String] = []

    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("The dialect of the configurations, where it is not recognised.", valueName: "name"))
    var dialect: String?

    @Option(help: ArgumentHelp("The version of the proxy, for example 1.22.1.", valueName: "version"))
    var proxyVersion: String?

    @Option(help: ArgumentHelp("What makes the command fail: error, warning, or note (a hint).", valueName: "severity"))
    var failOn = FailOnSeverity.warning

    @Flag(help: "Print every rule with an example, as Markdown, and do nothing else.")
    var rules = false

    func run() throws {
        guard !rules else {
            print(LintCatalogue().markdown, terminator: "")
            return
        }
        guard !configurations.isEmpty else {
            throw ValidationError("Missing expected argument '<config> ...': which configurations shall be read?")
        }
        let files = try output.files(formats: [.text, .json, .sarif])
        let choices = configurations.map { ProxyChoice(path: $0, dialect: dialect, version: proxyVersion) }
        let report = try Lint(configurations: choices).run(command: Program.commandLine)
        try files.write(.lint(report), output, output.reportOptions())
        // The text has it already.
        if output.format != .text {
            report.configurations.compactMap(UserError.init(refusalOf:)).forEach(Diagnostics.write)
        }
        try ExitStatus(report, failingOn: failOn).finish()
    }
}

/// What makes a lint fail.
enum FailOnSeverity: String, ExpressibleByArgument, CaseIterable {
    case error, warning, note

    /// The same in the words of findings.
    var severity: Finding.Severity {
        switch self {
        case .error: .error
        case .warning: .warning
        case .note: .hint
        }
    }
}
