import ProxyModel
import WireBasics

extension UpstreamGroup {
    /// The group that a configuration describes.
    ///
    /// Source: nginx `ngx_http_upstream_server`, the balancing modules' directives; defaults of the release.
    init(_ configuration: UpstreamGroupConfiguration, _ behaviour: NginxBehaviour) {
        guard let block = configuration.block else {
            let address =
                configuration.address ?? .name(host: configuration.name.latin1, port: configuration.port ?? 80)
            var name = configuration.name
            if let port = configuration.port, !name.hasPrefix("unix:") { name += ByteString(":\(port)") }
            // No connections are kept to what is no block, in any release.
            self = .implicit(name: name, addresses: [address], source: configuration.source)
            return
        }
        let automatic =
            behaviour.keepsUpstreamsAlive
            ? KeepaliveSettings(capacity: 32, isLocal: true, source: nil) : nil
        let servers = block.children("server").compactMap(UpstreamServer.init)
        self.init(
            name: configuration.name, servers: servers, method: .roundRobin,
            keepalive: Self.keepalive(block, automatic, behaviour), countsDownServers: behaviour.countsDownServers,
            source: block.location)
        for line in block.children ?? [] {
            switch line.name.text {
            case "least_conn": method = .leastConnections
            case "ip_hash": method = .ipHash
            case "hash":
                method = .hash(consistent: line.arguments.dropFirst().first?.text == "consistent")
            case "random": method = .random(two: line.arguments.first?.text == "two")
            default: continue
            }
            methodSource = line.location
        }
    }

    private static func keepalive(
        _ block: NginxDirective, _ automatic: KeepaliveSettings?, _ behaviour: NginxBehaviour
    ) -> KeepaliveSettings? {
        var settings = automatic
        if let line = block.child("keepalive") {
            let capacity = line.arguments.first.flatMap { DirectiveValue.int($0.text) }.flatMap(Int.init(exactly:)) ?? 0
            settings = KeepaliveSettings(
                capacity: capacity, isLocal: line.arguments.dropFirst().first?.text == "local", source: line.location)
        }
        guard var settings else { return nil }
        if behaviour.keepaliveRequestsDefault == 100 {
            settings.requests = 100
            settings.time = TimeSpan(nanoseconds: .max)
        }
        func value(_ name: ByteString) -> ByteString? { block.child(name)?.arguments.first?.text }
        if let count = value("keepalive_requests").flatMap(DirectiveValue.int).flatMap(Int.init(exactly:)) {
            settings.requests = count
        }
        if let time = value("keepalive_timeout").flatMap(DirectiveValue.time) { settings.timeout = time }
        if let time = value("keepalive_time").flatMap(DirectiveValue.time) { settings.time = time }
        return settings
    }
}

extension UpstreamServer {
    /// A `server` line of an `upstream` block; nil where it cannot be read.
    init?(_ line: NginxDirective) {
        guard let word = line.arguments.first?.text else { return nil }
        let address: PeerAddress
        if let path = word.dropping(prefix: "unix:") {
            address = .unix(path: path.latin1)
        } else if let target = ProxyTarget(url: "http://" + word) {
            address = target.address
        } else {
            return nil
        }
        self.init(name: word, addresses: [address], source: line.location)
        for option in line.arguments.dropFirst().map(\.text) {
            let (key, value) = option.splitOnce(at: UInt8(ascii: "="))
            let number = value.flatMap(DirectiveValue.int).flatMap(Int.init(exactly:))
            switch key {
            case "weight": weight = number ?? 1
            case "max_fails": maxFails = number ?? 1
            case "fail_timeout":
                failTimeout = value.flatMap(DirectiveValue.time).map { $0.nanoseconds / 1_000_000_000 } ?? 10
            case "max_conns": maxConnections = number ?? 0
            case "backup": isBackup = true
            case "down": isDown = true
            default: break
            }
        }
    }
}
