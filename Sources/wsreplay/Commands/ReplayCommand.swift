import ArgumentParser
import WSReplayKit

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Drive captured sessions through a configuration and say which break, and why.",
        discussion: """
            The captured session itself is the expectation. A capture that holds both legs of a proxy is fine: sessions \
            that are not addressed to the configuration's listeners are left out, and listed.

            Files that continue each other are read as one stream, whatever their order here: connections go on from \
            file to file.

            EXAMPLE
              wsreplay replay chat.pcap --proxy nginx.conf --html report.html
            """)

    @Argument(
        help: ArgumentHelp(
            "Captures (pcap, pcapng), folders of them, or transcripts (NDJSON); - for standard input.",
            valueName: "capture"))
    var captures: [String]

    @OptionGroup var proxy: ProxyOptions
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("What makes the command fail: broken, or also changed.", valueName: "verdict"))
    var failOn = FailOn.broken

    @Option(
        help: ArgumentHelp(
            "The proxies read their configurations again then: 90s, 5m after the first packet.", valueName: "time"))
    var reloadAt: [TimeOfRun] = []

    @Flag(help: "List the way through the configuration, step by step.")
    var trace = false

    func run() throws {
        let files = try output.files()
        var replay = Replay(
            captures: captures, proxies: try proxy.choices, backends: proxy.surroundings.backends ?? BackendScripts(),
            listener: proxy.surroundings.listener, filter: try reading.filter(knowsVerdicts: true),
            limits: try reading.limits, jobs: reading.jobs)
        replay.reloads = reloadAt.map(\.span)
        let result = try replay.run(command: Program.commandLine)
        try files.write(.replay(result), output, output.reportOptions(trace: trace))
        result.captures.compactMap(UserError.init(damageOf:)).forEach(Diagnostics.write)
        try ExitStatus(result, failingOn: failOn).finish()
    }
}
