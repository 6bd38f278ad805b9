import ArgumentParser
import WSReplayKit

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Say which captured sessions change between two configurations, or two versions of the proxy.",
        discussion: """
            What the first configuration does is the expectation of the second: a session breaks when it comes through \
            before and does not after, and is changed when an end or the upstream sees something else.

            EXAMPLES
              wsreplay compare chat.pcap --before nginx.conf --after new/nginx.conf
              wsreplay compare chat.pcap --before nginx.conf --before-version 1.28.0 --after-version 1.31.4
            """)

    @Argument(
        help: ArgumentHelp(
            "Captures (pcap, pcapng), folders of them, or transcripts (NDJSON); - for standard input.",
            valueName: "capture"))
    var captures: [String]

    @Option(
        help: ArgumentHelp("The configuration of today; repeat for a chain, client side first.", valueName: "config"))
    var before: [String] = []

    @Option(
        help: ArgumentHelp(
            "The configuration to deploy, likewise; that of today where only the version changes.", valueName: "config")
    )
    var after: [String] = []

    @Option(help: ArgumentHelp("The version of the proxy of today.", valueName: "version"))
    var beforeVersion: String?

    @Option(help: ArgumentHelp("The version of the proxy to deploy.", valueName: "version"))
    var afterVersion: String?

    @OptionGroup var surroundings: SurroundingOptions

    @Option(help: ArgumentHelp("What makes the command fail: broken, or also changed.", valueName: "verdict"))
    var failOn = FailOn.broken

    @OptionGroup var output: OutputOptions

    func run() throws {
        guard !before.isEmpty else {
            throw ValidationError("Missing expected argument '--before <config>': which configuration runs today?")
        }
        guard !after.isEmpty || beforeVersion != afterVersion else {
            throw ValidationError(
                "Missing expected argument '--after <config>': what changes? (Or give two versions of the proxy.)")
        }
        let files = try output.files()
        let compare = Compare(
            captures: captures, before: before.map { ProxyChoice(path: $0, version: beforeVersion) },
            after: (after.isEmpty ? before : after).map { ProxyChoice(path: $0, version: afterVersion) },
            backends: surroundings.backends ?? BackendScripts(), listener: surroundings.listener)
        let result = try compare.run(command: Program.commandLine)
        try files.write(.compare(result), output, output.reportOptions())
        result.captures.compactMap(UserError.init(damageOf:)).forEach(Diagnostics.write)
        try ExitStatus(result, failingOn: failOn).finish()
    }
}
