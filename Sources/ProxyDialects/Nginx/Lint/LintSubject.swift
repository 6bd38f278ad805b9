import ProxyModel
import WireBasics

/// A configuration as the rules see it: what it means, how it is written, and what became of a handshake to each place.
struct LintSubject: Sendable {
    /// What it means.
    let configuration: NginxConfiguration
    /// How it is written, and how to write it otherwise.
    let edits: ConfigurationEdits
    /// Where requests can go, and what becomes of them.
    let places: [LintedPlace]

    init(tree: NginxSyntaxTree, configuration: NginxConfiguration, source: any ConfigSource) {
        self.configuration = configuration
        edits = ConfigurationEdits(tree: tree, source: source)
        places = LintedPlace.all(in: configuration)
    }

    /// The places that are meant for WebSocket, with the reason to think so.
    var sockets: [(place: LintedPlace, evidence: WebSocketEvidence)] {
        places.compactMap { place in place.evidence.map { (place, $0) } }
    }

    /// The settings that serve a place.
    func settings(of place: LintedPlace) -> LocationSettings {
        configuration.locations[place.serving].settings
    }

    /// How a sentence names the level that serves a place.
    func title(of place: LintedPlace) -> String {
        let location = configuration.locations[place.serving]
        return location.title.isEmpty
            ? "server \(configuration.servers[place.server].title)" : "location \(location.title)"
    }

    /// The group of servers that a place is passed to; nil where variables decide.
    func group(of place: LintedPlace) -> UpstreamGroupConfiguration? {
        settings(of: place).proxy.pass?.fixed.map { configuration.groups[$0.group] }
    }

    /// What an explanation of the model says, as the words of a finding.
    func why(_ explanation: Explanation, _ rule: LintRule) -> String {
        explanation.because.isEmpty ? rule.why : "\(explanation.because). \(rule.why)"
    }
}
