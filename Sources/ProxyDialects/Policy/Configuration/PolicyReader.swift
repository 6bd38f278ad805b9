import ProxyModel
import WireBasics
import YAMLDocuments
import Yams

/// Reads a policy: its keys, each with its place; what is unknown or missing is an error.
struct PolicyReader {
    let yaml: YAMLReader

    /// A reader of that file.
    init(file: String) {
        yaml = YAMLReader(
            file: file, kind: "policy",
            needs: "a policy needs `policy: 1`, `listeners` and `routes`; see Documentation/policy.md")
    }

    private static let keys = [
        "policy", "name", "description", "listeners", "limits", "defaults", "upstreams", "routes",
    ]

    /// The policy that a text writes down.
    func policy(_ text: String) throws(DocumentError) -> Policy {
        let root = try yaml.root(text)
        let members = try yaml.members(of: root, known: Self.keys)
        let version = try yaml.required("policy", of: members, in: root)
        guard try yaml.number(version) == 1 else {
            throw DocumentError(
                message: "this policy is written in version \(VisibleText.escape(version.scalar?.string ?? ""))",
                location: yaml.location(version), mend: "write `policy: 1`, the only version there is")
        }
        var policy = Policy(
            file: yaml.file,
            title: try members["name"].map { node throws(DocumentError) in try yaml.text(node) } ?? "policy",
            listeners: [], routes: [], upstreams: [], headLimit: Setting(64 << 10))
        if let description = members["description"] { _ = try yaml.text(description) }
        policy.listeners = try listeners(try yaml.required("listeners", of: members, in: root))
        if let limits = members["limits"] { try read(limits, into: &policy) }
        if let upstreams = members["upstreams"] { policy.upstreams = try self.upstreams(upstreams) }
        var defaults = Treatment()
        if let node = members["defaults"] {
            let keys = try yaml.members(of: node, known: Self.treatmentKeys)
            try read(keys, into: &defaults)
        }
        policy.routes = try routes(
            try yaml.required("routes", of: members, in: root), defaults: defaults, upstreams: policy.upstreams)
        return policy
    }

    private func listeners(_ node: Node) throws(DocumentError) -> [Listener] {
        var listeners: [Listener] = []
        for entry in yaml.list(node) {
            let members: [String: Node]
            if entry.scalar != nil {
                members = ["address": entry]
            } else {
                members = try yaml.members(of: entry, known: ["address", "tls"])
            }
            let place = try yaml.required("address", of: members, in: entry)
            let usesTLS = try members["tls"].map { node throws(DocumentError) in try yaml.truth(node) } ?? false
            let listener = Listener(
                address: try address(place, isListener: true), usesTLS: usesTLS, source: yaml.location(entry))
            guard !listeners.contains(where: { $0.address == listener.address }) else {
                throw DocumentError(
                    message: "\(listener.address) is listened at twice", location: yaml.location(entry),
                    mend: "keep one of them")
            }
            listeners.append(listener)
        }
        guard !listeners.isEmpty else { throw yaml.wrong(node, "a list with an address, for example 0.0.0.0:80") }
        return listeners
    }

    private func read(_ node: Node, into policy: inout Policy) throws(DocumentError) {
        let members = try yaml.members(of: node, known: ["head", "tunnels"])
        if let head = members["head"] {
            policy.headLimit = Setting(try yaml.size(head), source: yaml.location(head))
        }
        if let tunnels = members["tunnels"] {
            policy.tunnelLimit = Setting(
                try yaml.number(tunnels, in: 0...Int(Int32.max)), source: yaml.location(tunnels))
        }
    }

    private func upstreams(_ node: Node) throws(DocumentError) -> [PolicyUpstream] {
        guard let mapping = node.mapping else { throw yaml.wrong(node, "a mapping of names to servers") }
        var upstreams: [PolicyUpstream] = []
        for (key, value) in mapping {
            var members = ["servers": value]
            if value.mapping != nil { members = try yaml.members(of: value, known: ["balance", "servers"]) }
            let balance = try members["balance"].map { node throws(DocumentError) in
                try yaml.word(node, of: PolicyUpstream.Balance.self)
            }
            let list = try yaml.required("servers", of: members, in: value)
            var servers: [PolicyServer] = []
            for entry in yaml.list(list) { servers.append(try server(entry)) }
            guard servers.contains(where: { !$0.isBackup }) else {
                throw yaml.wrong(list, "a list with at least one server that is no backup")
            }
            upstreams.append(
                PolicyUpstream(
                    name: try yaml.text(key), balance: balance ?? .roundRobin, servers: servers,
                    source: yaml.location(key)))
        }
        return upstreams
    }

    private func server(_ node: Node) throws(DocumentError) -> PolicyServer {
        var members = ["address": node]
        if node.mapping != nil { members = try yaml.members(of: node, known: ["address", "weight", "backup"]) }
        let place = try yaml.required("address", of: members, in: node)
        return PolicyServer(
            address: try address(place, isListener: false),
            weight: try members["weight"].map { node throws(DocumentError) in try yaml.number(node, in: 1...1_000_000) }
                ?? 1,
            isBackup: try members["backup"].map { node throws(DocumentError) in try yaml.truth(node) } ?? false,
            source: yaml.location(node))
    }

    /// `127.0.0.1:80`, `[::1]:80`, `unix:/run/app.sock`; for a server also `app:3000`.
    private func address(_ node: Node, isListener: Bool) throws(DocumentError) -> PeerAddress {
        let text = try yaml.text(node)
        if text.hasPrefix("unix:/") { return .unix(path: String(text.dropFirst(5))) }
        if let endpoint = Endpoint(text) { return .tcp(endpoint) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if !isListener, parts.count == 2, let port = UInt16(parts[1]), port > 0, Self.isHostName(parts[0]) {
            return .name(host: String(parts[0]), port: port)
        }
        throw yaml.wrong(
            node,
            isListener
                ? "ADDRESS:PORT or unix:/PATH, for example 0.0.0.0:80" : "HOST:PORT or unix:/PATH, for example app:3000"
        )
    }

    private static func isHostName(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, 45, 46, 95: true
                default: false
                }
            }
    }
}

extension YAMLReader {
    /// A member that must be there.
    func required(_ key: String, of members: [String: Node], in node: Node) throws(DocumentError) -> Node {
        guard let member = members[key] else {
            throw DocumentError(
                message: "`\(key)` is missing", location: location(node), mend: "add `\(key)` here")
        }
        return member
    }

    /// A whole number within bounds.
    func number(_ node: Node, in range: ClosedRange<Int>) throws(DocumentError) -> Int {
        let number = try number(node)
        guard range.contains(number) else {
            throw wrong(node, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A number of bytes: `512`, `64k`, `1M`.
    func size(_ node: Node) throws(DocumentError) -> Int {
        let text = try text(node)
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units: [Substring: Int] = ["": 1, "k": 1 << 10, "K": 1 << 10, "m": 1 << 20, "M": 1 << 20]
        guard let count = Int(digits), let unit = units[text.dropFirst(digits.count)], count > 0, count <= 1 << 30
        else { throw wrong(node, "a size such as 8k, 64k or 1M") }
        return count * unit
    }
}
