public import WireBasics

/// One running instance of a modelled proxy: a configuration and the state that its connections share (round-robin
/// weights, failure counts, limits, kept-alive connections).
///
/// A pure state machine: events go in, actions come out. It reads no clock, socket, file or random source; the same
/// events give the same actions.
public protocol Proxy: Sendable {
    /// What reports call it: the configuration file as the user named it.
    var name: String { get }
    /// The product and version that is modelled, for example `nginx/1.22.1`.
    var product: String { get }
    /// The addresses it listens at, in the order of the configuration.
    var listeners: [Listener] { get }
    /// What is worth saying about the configuration itself.
    var findings: [Finding] { get }

    /// Takes an event and says what to do. Instants never decrease from call to call.
    mutating func handle(_ event: ProxyEvent, at instant: CaptureInstant) -> [ProxyAction]
}

/// An address that a proxy listens at.
public struct Listener: Hashable, Sendable {
    /// The address; a wildcard (`0.0.0.0`, `::`) takes every address of the machine.
    public var address: PeerAddress
    /// Whether it expects TLS.
    public var usesTLS: Bool
    /// The line that says so; nil for a default.
    public var source: ConfigLocation?

    /// A listener with all its parts.
    public init(address: PeerAddress, usesTLS: Bool, source: ConfigLocation?) {
        self.address = address
        self.usesTLS = usesTLS
        self.source = source
    }
}

extension Listener {
    /// Whether a connection to that address comes in here: it is the very address, or one of all those of the machine.
    package func takes(_ other: PeerAddress) -> Bool {
        guard case .tcp(let own) = address, case .tcp(let asked) = other, own.address.isWildcard else {
            return address == other
        }
        return own.port == asked.port && own.address.isV6 == asked.address.isV6
    }
}

/// A way to write down a proxy: what files say and what they mean.
public protocol ProxyDialect: Sendable {
    /// The name for `--dialect`: `nginx`, `policy`.
    var name: String { get }

    /// Whether a file of that name and content is written in this dialect.
    func recognises(path: String, contents: [UInt8]) -> Bool

    /// Whether what it describes comes in versions that behave differently.
    var hasVersions: Bool { get }

    /// Whether that version of the product is modelled.
    func models(version: String) -> Bool

    /// Reads a configuration.
    ///
    /// - Parameters:
    ///   - path: the main file, as the user named it; messages repeat it so.
    ///   - source: where files come from.
    ///   - version: the product's version to model, as `--proxy-version` gives it; nil for the newest stable one that is modelled.
    /// - Throws: `ConfigurationError` with everything that is wrong, first what the product itself would say.
    func load(_ path: String, from source: any ConfigSource, version: String?) throws(ConfigurationError) -> any Proxy

    /// What the product's own check of the configuration prints: `nginx -t`.
    func check(_ path: String, from source: any ConfigSource, version: String?) -> ConfigurationCheck

    /// What the dialect knows, for people to read; no two pages of all dialects have one name.
    var pages: [ReferencePage] { get }

    /// The mistakes that `lint` looks for; none where a dialect has no rules.
    var lintRules: [LintRule] { get }

    /// What is wrong with WebSocket in a configuration that the product would take.
    ///
    /// - Throws: `ConfigurationError` where the product would not.
    func lint(
        _ path: String, from source: any ConfigSource, version: String?
    ) throws(ConfigurationError) -> ConfigurationLint
}

extension ProxyDialect {
    /// No pages.
    public var pages: [ReferencePage] { [] }

    /// No rules.
    public var lintRules: [LintRule] { [] }

    /// What loading the configuration has to say.
    public func lint(
        _ path: String, from source: any ConfigSource, version: String?
    ) throws(ConfigurationError) -> ConfigurationLint {
        let proxy = try load(path, from: source, version: version)
        return ConfigurationLint(
            name: proxy.name, product: proxy.product, findings: [], ignored: [], notices: proxy.findings)
    }
}

/// What a product's own check of a configuration says: `nginx -t`.
public struct ConfigurationCheck: Hashable, Sendable {
    /// 0 when it accepts the configuration.
    public var exitStatus: Int
    /// Its lines.
    public var output: [String]

    /// A check with all its parts.
    public init(exitStatus: Int, output: [String]) {
        self.exitStatus = exitStatus
        self.output = output
    }
}

/// Where configuration files come from: the disk, or a dictionary in tests.
public protocol ConfigSource: Sendable {
    /// The bytes of a file.
    func contents(of path: String) throws(ConfigSourceError) -> [UInt8]

    /// The files that a pattern with `*`, `?` and `[…]` matches (as `glob(3)`), sorted; empty when none.
    func paths(matching pattern: String) -> [String]
}

/// A file that cannot be read.
public struct ConfigSourceError: Error, Hashable, Sendable {
    /// The file.
    public var path: String
    /// The operating system's `errno`, for example 2.
    public var number: Int32
    /// Its text, for example `No such file or directory`.
    public var text: String

    /// An error with all its parts.
    public init(path: String, number: Int32, text: String) {
        self.path = path
        self.number = number
        self.text = text
    }
}

/// A configuration that cannot be used.
public struct ConfigurationError: Error, Hashable, Sendable {
    /// What is wrong, the product's own first complaint first.
    public var problems: [ConfigurationProblem]
    /// What the product's own check prints on standard error, line by line (`nginx -t`); empty where it has none.
    public var nativeOutput: [String]

    /// An error with all its parts.
    public init(problems: [ConfigurationProblem], nativeOutput: [String] = []) {
        self.problems = problems
        self.nativeOutput = nativeOutput
    }
}

/// One thing that is wrong with a configuration.
public struct ConfigurationProblem: Hashable, Sendable, Codable {
    /// What the product would say, for example `unknown directive "192.168.3.1:3000"`, or our own sentence.
    public var message: String
    /// Where; nil where the product gives no place and none can be told.
    public var location: ConfigLocation?
    /// Why it is wrong, where the message does not say.
    public var why: String
    /// What was probably meant, and what to write.
    public var mend: String

    /// A problem with all its parts.
    public init(message: String, location: ConfigLocation?, why: String = "", mend: String = "") {
        self.message = message
        self.location = location
        self.why = why
        self.mend = mend
    }
}
