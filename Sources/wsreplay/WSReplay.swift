import ArgumentParser
import Foundation
import WSReplayKit

/// The command line: arguments in, results on standard output, diagnostics on standard error, an exit status.
@main
struct WSReplay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wsreplay",
        abstract: "Replay captured WebSocket traffic through the proxy configuration you are about to deploy.",
        discussion: """
            EXIT STATUS
              0   as expected
              1   differences: a session breaks, a case fails, a configuration has a mistake
              2   bad input: usage, configuration, capture, case; nothing to replay
              3   inconclusive only
              70  a bug in wsreplay
            """,
        version: Program.version,
        subcommands: [
            InspectCommand.self, ReplayCommand.self, CompareCommand.self, TryCommand.self, TestCommand.self,
            LintCommand.self, FidelityCommand.self, DescribeCommand.self,
        ])

    /// Runs the command and turns every ending into one of the promised exit statuses.
    static func main() {
        // A reader that goes away (`| head`) ends us quietly.
        signal(SIGPIPE, SIG_DFL)
        do {
            var command = try parseAsRoot()
            // In a script whose variable is empty, no command must not look like a run that went well.
            guard !(command is WSReplay) else {
                Diagnostics.write(helpMessage())
                throw Ending(status: .badInput)
            }
            try command.run()
        } catch let ending as Ending {
            Foundation.exit(ending.status.rawValue)
        } catch let error as UserError {
            Diagnostics.write(error)
            OutputOptions.writeErrorDocument(error, arguments: CommandLine.arguments)
            Foundation.exit(ExitStatus.badInput.rawValue)
        } catch {
            let isHelp = exitCode(for: error).isSuccess
            let message = fullMessage(for: error)
            if isHelp { print(message) } else { Diagnostics.write(message) }
            Foundation.exit(isHelp ? 0 : ExitStatus.badInput.rawValue)
        }
    }
}

/// Name and version, as `--version` and reports say.
enum Program {
    static let version = "0.1.0"
    static let name = "wsreplay \(version)"

    /// The command as the user could repeat it.
    static var commandLine: String {
        (["wsreplay"] + CommandLine.arguments.dropFirst().map(quoted)).joined(separator: " ")
    }

    private static func quoted(_ argument: String) -> String {
        let isPlain =
            !argument.isEmpty && argument.allSatisfy { $0.isLetter || $0.isNumber || "-_./:=,@%+#".contains($0) }
        return isPlain ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
    }
}
