import ArgumentParser
import WSReplayKit

struct TryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "try",
        abstract: "Make one request without a capture: what reaches the upstream, why, and what comes back.",
        discussion: """
            A ws:// URL is expected to be upgraded (exit status 1 where it is not), an http:// one to be answered.

            EXAMPLE
              wsreplay try ws://example.com/chat --proxy nginx.conf -H 'Origin: http://example.com'
            """)

    @Argument(help: "ws://HOST[:PORT]/PATH or http://…")
    var url: String

    @OptionGroup var proxy: ProxyOptions
    @OptionGroup var output: OutputOptions

    @Option(
        name: [.customShort("H"), .customLong("header")],
        help: ArgumentHelp("A header line: 'Name: value' sets, 'Name:' leaves out.", valueName: "line"))
    var headers: [String] = []

    @Option(help: ArgumentHelp("Where the client comes from.", valueName: "address[:port]"))
    var from: ClientAddress?

    @Flag(help: "List the way through the configuration, step by step.")
    var trace = false

    func run() throws {
        let files = try output.files()
        let request = Try(
            url: url, proxies: try proxy.choices, headers: headers, client: from?.endpoint,
            listener: proxy.surroundings.listener,
            backends: proxy.surroundings.backends)
        let result = try request.run(command: Program.commandLine)
        try files.write(.try(result), output, output.reportOptions(trace: trace))
        try ExitStatus(result, failingOn: .broken).finish()
    }
}

/// A client's address, with or without a port.
struct ClientAddress: ExpressibleByArgument {
    let endpoint: Endpoint

    init?(argument: String) {
        if let endpoint = Endpoint(argument) {
            self.endpoint = endpoint
        } else if let address = IPAddress(argument) {
            endpoint = Endpoint(address: address, port: 50_000)
        } else {
            return nil
        }
    }
}
