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

    init(tree: NginxSyntaxTree, configuration: NginxConfiguration, source: any ConfigSource, mostPlaces: Int) {
        self.configuration = configuration
        edits = ConfigurationEdits(tree: tree, source: source)
        places = LintedPlace.all(in: configuration, atMost: mostPlaces)
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

    /// Where a place's handshake arrives, safe to show.
    func upstream(of place: LintedPlace) -> String {
        VisibleText.escape(place.attempt?.address ?? "the upstream")
    }

    /// Whether lines of an inner level cancel an `Upgrade`.
    func cancelsUpgrade(at place: LintedPlace) -> Bool {
        let lines = settings(of: place).proxy.setHeaders
        return lines.cancelled.contains { $0.name.equalsIgnoringCase("Upgrade") }
            && !lines.lines.contains { $0.name.equalsIgnoringCase("Upgrade") }
    }

    /// Whether plain requests hardly come to a place: it is named for sockets, or others that do without the recipe take
    /// them, a wider location or one that leads to the same upstream.
    func isForSocketsAlone(_ place: LintedPlace) -> Bool {
        let name = configuration.locations[place.location].name.lowercased.latin1
        let words = Set(name.split { !($0.isLetter || $0.isNumber) }.map(String.init))
        if name.contains("websocket") || name.contains("sockjs") { return true }
        if !words.isDisjoint(with: ["ws", "wss", "cable", "mqtt", "socket"]) { return true }
        let group = settings(of: place).proxy.pass?.fixed?.group
        let others = configuration.blocks(of: place.server).filter { block in
            group != nil && block.settings.proxy.pass?.fixed?.group == group
        }
        return (configuration.wider(than: place.location, of: place.server) + others).contains { other in
            !other.settings.proxy.setHeaders.lines.contains { $0.name.equalsIgnoringCase("Upgrade") }
        }
    }

    /// The regex location that takes a socket's prefix away; nil where none does.
    func winner(over place: LintedPlace) -> LocationConfiguration? {
        let location = configuration.locations[place.location]
        guard case .prefix = location.kind, case .proxy? = location.settings.handler, location.name != "/",
            place.handshake.status != 101
        else { return nil }
        let search = LocationSearch(locations: configuration.locations)
        let found = search.find(location.name, in: configuration.servers[place.server].root)
        return found.passedOver == place.location ? configuration.locations[found.location] : nil
    }
}
