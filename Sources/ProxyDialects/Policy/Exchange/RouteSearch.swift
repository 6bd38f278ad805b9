import HTTPWire
import ProxyModel
import WireBasics

extension Policy {
    /// The first route that takes a request, and what its expression matched.
    func route(for facts: RequestFacts) -> (index: Int, groups: [ByteString])? {
        for (index, route) in routes.enumerated() {
            if let groups = route.match.groups(for: facts) { return (index, groups) }
        }
        return nil
    }
}

extension RouteMatch {
    /// What the expression for the path matched, empty where there is none; nil when the request is not of this route.
    fileprivate func groups(for facts: RequestFacts) -> [ByteString]? {
        guard hosts.isEmpty || hosts.contains(where: { $0.takes(facts.host) }),
            methods.isEmpty || methods.contains(facts.head.method),
            headers.allSatisfy({ $0.value.holds(for: facts.head.headers.values($0.name)) })
        else { return nil }
        switch path {
        case nil: return []
        case .exact(let path): return path == facts.path ? [] : nil
        case .prefix(let prefix): return facts.path.hasPrefix(prefix) ? [] : nil
        case .pattern(let pattern):
            // A search that runs into its limit finds nothing, as the expression cannot be meant so.
            guard let match = (try? pattern.firstMatch(in: facts.path)) ?? nil else { return nil }
            return match.ranges.indices.map { match[$0] ?? "" }
        }
    }
}

extension RouteMatch.Host {
    fileprivate func takes(_ host: ByteString) -> Bool {
        switch self {
        case .exact(let name): host == name
        case .suffix(let suffix): host.count > suffix.count && host.hasSuffix(suffix)
        }
    }
}
