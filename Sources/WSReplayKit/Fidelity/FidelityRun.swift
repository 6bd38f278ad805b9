import ProxyDialects
import ProxyModel
import WireBasics

/// The observations of one configuration, run against one fresh proxy.
struct FidelityRun {
    private let records: [Observation]
    private let fidelity: Fidelity

    /// The last session of a run has no successor that tells when it ended.
    private static let lastLeaves = TimeSpan.seconds(3)
    /// A client waits this long after the last byte before it leaves.
    private static let patience: Int64 = 250

    init(_ records: [Observation], in fidelity: Fidelity) {
        self.records = records
        self.fidelity = fidelity
    }

    func predictions() -> [Prediction] {
        guard let first = records.first, let dialect = dialect(of: first) else { return records.map(unanswered) }
        let source = RootedConfigSource(root: fidelity.folder, base: DiskConfigSource())
        let version = fidelity.proxyVersion ?? first.proxy.split(separator: "/").last.map(String.init)
        let check = dialect.check(first.config, from: source, version: version)
        guard let proxy = try? dialect.load(first.config, from: source, version: version) else {
            return records.map { $0.isConfigurationCheck ? Prediction(id: $0.id, check: check) : unanswered($0) }
        }
        let sessions = records.filter { !$0.isConfigurationCheck }
        let predicted = predict(sessions, proxy)
        return records.map { record in
            if record.isConfigurationCheck { return Prediction(id: record.id, check: check) }
            return predicted[record.id] ?? unanswered(record)
        }
    }

    private func dialect(of record: Observation) -> (any ProxyDialect)? {
        DialectRegistry.named(String(record.proxy.prefix { $0 != "/" }))
    }

    private func unanswered(_ record: Observation) -> Prediction {
        Prediction(id: record.id, received: [], exchanges: [], start: .epoch)
    }

    private func predict(_ sessions: [Observation], _ proxy: any Proxy) -> [String: Prediction] {
        let starts = sessions.map { CaptureInstant.epoch + .milliseconds(Int64($0.startedAt ?? 0)) }
        let pool = ObservedBackendPool(observations: sessions, starts: starts)
        var simulation = Simulation(hops: [proxy], pool: pool)
        for (index, session) in sessions.enumerated() {
            // A backend that refuses was stopped before the session: connections that were kept to it are gone.
            for (port, script) in session.backends.sorted(by: { $0.key < $1.key }) where script == "refuse" {
                simulation.stopServer(at: "127.0.0.1:\(port)", at: starts[index])
            }
            let client = ObservedClient(
                sends: session.clientSends, start: starts[index], leave: leave(index, sessions, starts))
            simulation.add(
                client, from: Self.address(session.clientAddress), to: Self.address(session.listen), at: starts[index])
        }
        let outcomes = simulation.run()
        var predictions: [String: Prediction] = [:]
        for (index, session) in sessions.enumerated() {
            let received = (simulation.actor(of: index) as? ObservedClient)?.received ?? []
            predictions[session.id] = Prediction(
                id: session.id, received: received, exchanges: outcomes[index], start: starts[index])
        }
        return predictions
    }

    /// A session is over just before the next one, outside its group, begins.
    private func leave(_ index: Int, _ sessions: [Observation], _ starts: [CaptureInstant]) -> CaptureInstant {
        let group = sessions[index].group
        let next = sessions.indices.first { $0 > index && (group == nil || sessions[$0].group != group) }
        guard let next else { return starts[index] + Self.lastLeaves }
        let pause = TimeSpan.milliseconds(-Int64(sessions[next].pauseBefore ?? 0) - 1)
        let lastSend = sessions[index].clientSends.map(\.at).max() ?? 0
        return max(starts[next] + pause, starts[index] + .milliseconds(Int64(lastSend) + Self.patience))
    }

    private static func address(_ text: String?) -> PeerAddress {
        let text = text ?? ""
        if let endpoint = Endpoint(text) { return .tcp(endpoint) }
        return text.hasPrefix("unix:") ? .unix(path: String(text.dropFirst(5))) : .name(host: text, port: 0)
    }
}

/// Configuration files below a folder, named relative to it.
struct RootedConfigSource: ConfigSource {
    let root: String
    let base: any ConfigSource

    func contents(of path: String) throws(ConfigSourceError) -> [UInt8] {
        do {
            return try base.contents(of: absolute(path))
        } catch {
            throw ConfigSourceError(path: path, number: error.number, text: error.text)
        }
    }

    func paths(matching pattern: String) -> [String] {
        let found = base.paths(matching: absolute(pattern))
        return pattern.hasPrefix("/") ? found : found.map { String($0.dropFirst(root.count + 1)) }
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : root + "/" + path
    }
}
