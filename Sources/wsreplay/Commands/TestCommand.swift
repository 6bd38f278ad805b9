import ArgumentParser
import WSReplayKit

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run every case at or below some paths.",
        discussion: """
            A case is a folder with a case.yaml:

              description: The recipe carries the chat.
              captures: [capture.pcap]
              proxy: [nginx.conf]
              expect:
                - sessions: all
                  verdict: same
                - sessions: {path: /chat}
                  status: 101
                  upstream: {headers: {Upgrade: websocket, X-Debug: {absent: true}}}
            """)

    @Argument(help: ArgumentHelp("Folders with cases at or below them.", valueName: "path"))
    var paths: [String]

    @OptionGroup var output: OutputOptions

    func run() throws {
        let files = try output.files()
        let run = try CaseRunner(paths: paths).run(command: Program.commandLine)
        try files.write(.test(run.report), output, output.reportOptions())
        for error in run.unusable { Diagnostics.write(error) }
        try ExitStatus(run).finish()
    }
}
