import HTTPWire
import WireBasics
import YAMLDocuments
import Yams

extension PolicyReader {
    private static let routeKeys = ["name", "match", "priority", "upstream", "respond"]

    /// The routes, in the order in which they are tried.
    func routes(
        _ node: Node, defaults: Treatment, upstreams: [PolicyUpstream]
    ) throws(DocumentError) -> [PolicyRoute] {
        var routes: [PolicyRoute] = []
        for (index, entry) in yaml.list(node).enumerated() {
            let members = try yaml.members(of: entry, known: Self.routeKeys + Self.treatmentKeys)
            var treatment = defaults
            try read(members, into: &treatment)
            var match = RouteMatch()
            if let node = members["match"] { match = try self.match(node) }
            let name = try members["name"].map { node throws(DocumentError) in try yaml.text(node) }
            guard name == nil || !routes.contains(where: { $0.name == name }) else {
                throw DocumentError(
                    message: "there are two routes of the name `\(VisibleText.escape(name ?? ""))`",
                    location: yaml.location(entry), mend: "give one of them another name")
            }
            let priority = try members["priority"].map { node throws(DocumentError) in try yaml.number(node) }
            routes.append(
                PolicyRoute(
                    name: name ?? "routes[\(index)]", match: match, priority: priority ?? 0,
                    target: try target(members, of: entry, upstreams), treatment: treatment,
                    source: yaml.location(entry)))
        }
        guard !routes.isEmpty else { throw yaml.wrong(node, "a list with at least one route") }
        // Stable: of equal priorities the order of the file counts.
        return routes.enumerated().sorted { ($1.element.priority, $0.offset) < ($0.element.priority, $1.offset) }
            .map(\.element)
    }

    private func target(
        _ members: [String: Node], of route: Node, _ upstreams: [PolicyUpstream]
    ) throws(DocumentError) -> PolicyRoute.Target {
        switch (members["upstream"], members["respond"]) {
        case (let node?, nil):
            let name = try yaml.text(node)
            guard let index = upstreams.firstIndex(where: { $0.name == name }) else {
                let near = NearestName.find(name, in: upstreams.map(\.name)).map { "write `upstream: \($0)`" }
                throw DocumentError(
                    message: "there is no upstream `\(VisibleText.escape(name))`", location: yaml.location(node),
                    mend: near ?? "add it to `upstreams`")
            }
            return .upstream(index)
        case (nil, let node?): return .answer(try answer(node))
        case (_?, let second?):
            throw DocumentError(
                message: "a route has both `upstream` and `respond`", location: yaml.location(second),
                mend: "keep one of them")
        case (nil, nil):
            throw DocumentError(
                message: "the route sends its requests nowhere", location: yaml.location(route),
                mend: "add `upstream: NAME` or `respond: {status: 404}`")
        }
    }

    /// `404`, or `{status: 404, body: nothing here}`.
    func answer(_ node: Node) throws(DocumentError) -> PolicyAnswer {
        var members = ["status": node]
        if node.mapping != nil { members = try yaml.members(of: node, known: ["status", "body"]) }
        let status = try yaml.required("status", of: members, in: node)
        return PolicyAnswer(
            status: try yaml.number(status, in: 200...599),
            body: try members["body"].map { node throws(DocumentError) in try yaml.text(node) } ?? "",
            source: yaml.location(node))
    }

    // MARK: conditions

    private func match(_ node: Node) throws(DocumentError) -> RouteMatch {
        let members = try yaml.members(of: node, known: ["host", "path", "method", "headers"])
        var match = RouteMatch()
        if let node = members["host"] {
            for entry in yaml.list(node) { match.hosts.append(try host(entry)) }
        }
        if let node = members["path"] { match.path = try path(node) }
        if let node = members["method"] {
            for entry in yaml.list(node) { match.methods.append(ByteString(try yaml.text(entry))) }
        }
        if let node = members["headers"] {
            guard let mapping = node.mapping else { throw yaml.wrong(node, "a mapping of header names to values") }
            for (key, value) in mapping {
                match.headers.append(HeaderCondition(name: try fieldName(key), value: try condition(value)))
            }
        }
        return match
    }

    private func host(_ node: Node) throws(DocumentError) -> RouteMatch.Host {
        let text = try yaml.text(node).lowercased()
        if text.hasPrefix("*.") { return .suffix(ByteString(String(text.dropFirst()))) }
        guard !text.isEmpty, !text.contains("*"), !text.contains("/") else {
            throw yaml.wrong(node, "a host name without port, or *.example.test")
        }
        return .exact(ByteString(text))
    }

    private func path(_ node: Node) throws(DocumentError) -> RouteMatch.Path {
        guard node.mapping != nil else { return .exact(try pathText(node)) }
        let members = try yaml.members(of: node, known: ["exact", "prefix", "regex"])
        guard members.count == 1, let (key, value) = members.first else {
            throw yaml.wrong(node, "one of exact, prefix, regex")
        }
        return switch key {
        case "exact": .exact(try pathText(value))
        case "prefix": .prefix(try pathText(value))
        default: .pattern(try pattern(value))
        }
    }

    /// A path, which starts with a slash.
    func pathText(_ node: Node) throws(DocumentError) -> ByteString {
        let text = try yaml.text(node)
        guard text.hasPrefix("/") else { throw yaml.wrong(node, "a path that starts with /") }
        return ByteString(text)
    }

    /// What must be true of a header: a text, or one of `present`, `equals`, `matches`.
    func condition(_ node: Node) throws(DocumentError) -> ValueCondition {
        guard node.mapping != nil else { return .equals(ByteString(try yaml.text(node))) }
        let members = try yaml.members(of: node, known: ["present", "equals", "matches"])
        guard members.count == 1, let (key, value) = members.first else {
            throw yaml.wrong(node, "one of present, equals, matches")
        }
        return switch key {
        case "present": .present(try yaml.truth(value))
        case "equals": .equals(ByteString(try yaml.text(value)))
        default: .matches(try pattern(value))
        }
    }

    private func pattern(_ node: Node) throws(DocumentError) -> PCRE2Pattern {
        let text = try yaml.text(node)
        do {
            return try PCRE2Pattern(ByteString(text))
        } catch {
            throw DocumentError(
                message: "`\(VisibleText.escape(text))` is no regular expression: \(error.message) at \(error.offset)",
                location: yaml.location(node), mend: "see pcre2pattern(3)")
        }
    }

    /// The name of a header field.
    func fieldName(_ node: Node) throws(DocumentError) -> ByteString {
        let name = ByteString(try yaml.text(node))
        guard !name.isEmpty, name.bytes.allSatisfy(\.isTokenCharacter) else {
            throw yaml.wrong(node, "the name of a header field")
        }
        return name
    }
}
