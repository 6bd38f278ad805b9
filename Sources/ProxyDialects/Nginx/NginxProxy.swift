package import ProxyModel
package import WireBasics

/// One running nginx: a configuration, and its worker processes, the one that takes new clients and those that a reload has left behind.
package struct NginxProxy: Proxy {
    /// The configuration file as the user named it.
    package let name: String
    /// `nginx/1.22.1`.
    package let product: String
    /// The addresses that it listens at.
    package let listeners: [Listener]
    /// What is worth saying about the configuration.
    package let findings: [Finding]

    private let configuration: NginxConfiguration
    /// In order of their start: the last one takes new clients, the others live until their last connection is closed.
    private var workers: [Worker]
    /// Which of them has the zones that all share.
    private var holder = 0
    /// How many there have been.
    private var generation = 0

    /// An nginx that has just started.
    init(_ configuration: NginxConfiguration) {
        self.configuration = configuration
        name = configuration.file
        product = "nginx/\(configuration.version)"
        listeners = configuration.listens.map {
            Listener(address: $0.address, usesTLS: $0.usesTLS, source: $0.source)
        }
        findings = configuration.findings
        workers = [Worker(configuration, generation: 0, serial: 0)]
    }

    /// Takes an event and says what to do.
    package mutating func handle(_ event: ProxyEvent, at instant: CaptureInstant) -> [ProxyAction] {
        if case .reloaded = event { return reload(at: instant) }
        guard let index = index(ofWorkerFor: event) else { return [] }
        hand(zonesTo: index)
        let actions = workers[index].handle(event, at: instant)
        if workers[index].isOver { remove(index) }
        return actions
    }

    /// The worker that an event concerns; nil where the last of them that knew of it is gone.
    private func index(ofWorkerFor event: ProxyEvent) -> Int? {
        // Nearly always there is one.
        guard workers.count > 1 else { return 0 }
        if case .accepted = event { return workers.count - 1 }
        return workers.firstIndex { $0.isConcerned(by: event) }
    }

    /// Starts new workers, which take new clients, and lets the old ones end.
    ///
    /// The configuration is read again and is the same.
    /// Source: nginx `ngx_master_process_cycle` (`ngx_reconfigure`).
    private mutating func reload(at instant: CaptureInstant) -> [ProxyAction] {
        let last = workers.count - 1
        generation += 1
        hand(zonesTo: last)
        let actions = workers[last].shutDown(at: instant)
        workers.append(Worker(configuration, generation: generation, serial: workers[last].serial))
        hand(zonesTo: last + 1)
        if workers[last].isOver { remove(last) }
        return actions
    }

    /// Gives the zones in shared memory to the worker that needs them next.
    private mutating func hand(zonesTo index: Int) {
        guard holder != index else { return }
        workers[index].zones = workers[holder].zones
        workers[holder].zones = SharedZones()
        holder = index
    }

    /// Forgets a worker that has ended; the zones stay.
    private mutating func remove(_ index: Int) {
        hand(zonesTo: workers.count - 1)
        workers.remove(at: index)
        holder = workers.count - 1
    }
}
