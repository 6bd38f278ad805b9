import ArgumentParser
import WSReplayKit

/// Which proxies the traffic goes through.
struct ProxyOptions: ParsableArguments {
    @Option(
        name: .customLong("proxy"),
        help: ArgumentHelp("The configuration; repeat for a chain, client side first.", valueName: "config"))
    var paths: [String] = []

    @Option(help: ArgumentHelp("The dialect of the configuration, where it is not recognised.", valueName: "name"))
    var dialect: String?

    @Option(help: ArgumentHelp("The version of the proxy, for example 1.22.1.", valueName: "version"))
    var proxyVersion: String?

    @OptionGroup var surroundings: SurroundingOptions

    /// Checked here and not in `validate`: that one comes before options that are not known, such as `--proxi`.
    var choices: [ProxyChoice] {
        get throws {
            guard !paths.isEmpty else {
                throw ValidationError(
                    "Missing expected argument '--proxy <config>': which configuration shall it go through?")
            }
            return paths.map { ProxyChoice(path: $0, dialect: dialect, version: proxyVersion) }
        }
    }

}

/// What is in front of the proxies and behind them.
struct SurroundingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The listener that clients come in at.", valueName: "address:port"))
    var at: AddressAndPort?

    @Option(help: BackendName.help)
    var backend: BackendName?

    var listener: Endpoint? { at?.endpoint }

    var backends: BackendScripts? {
        backend.map { BackendScripts(others: BackendScript($0.answer)) }
    }
}

/// A behaviour of backends, or a server that is known, on the command line.
struct BackendName: ExpressibleByArgument {
    let answer: BackendScript.Answer

    init?(argument: String) {
        guard let answer = BackendScript.Answer(named: argument) else { return nil }
        self.answer = answer
    }

    static let allValueStrings = BackendScript.Answer.names
    static let help = ArgumentHelp(
        "How backends answer: a behaviour, or a server that is known.", valueName: "name")
}

/// What makes a replay fail.
enum FailOn: String, ExpressibleByArgument, CaseIterable {
    /// A session that worked and does not any more.
    case broken
    /// Also a session that works and that an end sees differently.
    case changed
}

/// An address and a port on the command line.
struct AddressAndPort: ExpressibleByArgument {
    let endpoint: Endpoint

    init?(argument: String) {
        guard let endpoint = Endpoint(argument) else { return nil }
        self.endpoint = endpoint
    }
}

/// A time since the beginning of a run on the command line.
struct TimeOfRun: ExpressibleByArgument {
    let span: TimeSpan

    init?(argument: String) {
        guard let span = TimeSpan(argument) else { return nil }
        self.span = span
    }
}
