import ProxyModel
import WireBasics
public import YAMLDocuments
import Yams

extension CaseFile {
    /// Reads a `case.yaml`.
    ///
    /// - Parameters:
    ///   - text: the file's contents.
    ///   - file: its name, for messages.
    /// - Throws: `CaseFileError` for what is no YAML, unknown or missing keys, wrong types, and a case that expects
    ///   nothing.
    public init(yaml text: String, file: String) throws(CaseFileError) {
        let needs = "a case needs `description`, `captures`, `proxy` and `expect`"
        let reader = YAMLReader(file: file, kind: "case", needs: needs)
        let root = try reader.root(text)
        let known = ["description", "captures", "proxy", "proxyVersion", "at", "reloadAt", "backends", "expect"]
        let members = try reader.members(of: root, known: known)
        func required(_ key: String) throws(CaseFileError) -> Node {
            guard let node = members[key] else {
                throw CaseFileError(message: "`\(key)` is missing", location: reader.location(root), mend: needs)
            }
            return node
        }
        description = try reader.text(try required("description"))
        captures = []
        for node in reader.list(try required("captures")) { captures.append(try reader.text(node)) }
        proxies = []
        for node in reader.list(try required("proxy")) { proxies.append(try reader.text(node)) }
        proxyVersion = nil
        if let node = members["proxyVersion"] { proxyVersion = try reader.text(node) }
        listener = nil
        if let node = members["at"] { listener = try reader.endpoint(node) }
        reloads = []
        if let node = members["reloadAt"] { for time in reader.list(node) { reloads.append(try reader.span(time)) } }
        backends = BackendScripts()
        if let node = members["backends"] { backends = try reader.backends(node) }
        expectations = []
        let expect = try required("expect")
        for node in reader.list(expect) { expectations.append(try reader.expectation(node)) }
        guard !captures.isEmpty, !proxies.isEmpty, !expectations.isEmpty else {
            throw CaseFileError(
                message: expectations.isEmpty ? "the case expects nothing" : "the case has no capture or no proxy",
                location: reader.location(expectations.isEmpty ? expect : root),
                mend: "name at least one capture, one proxy and one expectation")
        }
    }
}

extension YAMLReader {
    fileprivate func endpoint(_ node: Node) throws(CaseFileError) -> Endpoint {
        guard let endpoint = Endpoint(try text(node)) else {
            throw wrong(node, "ADDRESS:PORT, for example 127.0.0.1:8080")
        }
        return endpoint
    }

    // MARK: backends

    fileprivate func backends(_ node: Node) throws(CaseFileError) -> BackendScripts {
        guard let mapping = node.mapping else { throw wrong(node, "a mapping of upstream addresses to behaviours") }
        var scripts = BackendScripts()
        for (key, value) in mapping {
            let address = try text(key)
            let members = try members(of: value, known: ["answer", "after"])
            var script = BackendScript(.asCaptured)
            if let answer = members["answer"] { script.answer = try self.answer(answer) }
            if let after = members["after"] { script.delay = try span(after) }
            if address == "*" { scripts.others = script } else { scripts.byAddress[address] = script }
        }
        return scripts
    }

    private func answer(_ node: Node) throws(CaseFileError) -> BackendScript.Answer {
        guard let name = node.scalar?.string, let answer = BackendScript.Answer(named: name) else {
            throw wrong(node, "one of " + BackendScript.Answer.names.joined(separator: ", "))
        }
        return answer
    }

    // MARK: expectations

    private static let expectationKeys = [
        "sessions", "verdict", "status", "upgraded", "upstream", "response", "frames", "closedBy", "closedAfter",
        "because", "configuration", "message", "line",
    ]

    fileprivate func expectation(_ node: Node) throws(CaseFileError) -> Expectation {
        let members = try members(of: node, known: Self.expectationKeys)
        if let configuration = members["configuration"] { return try refusal(node, configuration, members) }
        var claims: [Claim] = []
        // In the order of the list above, so that failures come in the same order whatever the file's.
        for key in Self.expectationKeys {
            guard let value = members[key] else { continue }
            claims += try self.claims(key, value)
        }
        guard !claims.isEmpty else {
            throw CaseFileError(
                message: "this entry expects nothing", location: location(node),
                mend: "add what must be true, for example `verdict: same` or `status: 101`")
        }
        return Expectation(location: location(node), sessions: try selector(members["sessions"]), claims: claims)
    }

    private func refusal(
        _ node: Node, _ configuration: Node, _ members: [String: Node]
    ) throws(CaseFileError) -> Expectation {
        guard try text(configuration) == "refused" else { throw wrong(configuration, "refused") }
        if let other = members.first(where: { !["configuration", "message", "line"].contains($0.key) }) {
            throw CaseFileError(
                message: "`\(other.key)` says nothing about a refused configuration", location: location(other.value),
                mend: "a refused configuration has a `message` and a `line`, no sessions")
        }
        var message: String?
        var line: Int?
        if let node = members["message"] { message = try text(node) }
        if let node = members["line"] { line = try number(node) }
        let claim = Claim(location: location(configuration), what: .refused(message: message, line: line))
        return Expectation(location: location(node), sessions: .configuration, claims: [claim])
    }

    private func selector(_ node: Node?) throws(CaseFileError) -> SessionSelector {
        guard let node else { return .all }
        if let sequence = node.sequence {
            var numbers: [Int] = []
            for member in sequence { numbers.append(try number(member)) }
            return .numbers(numbers)
        }
        if node.mapping != nil {
            let members = try members(of: node, known: ["path", "client"])
            if let path = members["path"], members.count == 1 { return .path(try text(path)) }
            if let client = members["client"], members.count == 1 { return .client(try endpoint(client)) }
        }
        guard node.scalar?.string == "all" else {
            throw wrong(node, "all, a list of numbers, {path: …} or {client: …}")
        }
        return .all
    }

    private func claims(_ key: String, _ node: Node) throws(CaseFileError) -> [Claim] {
        func claim(_ what: Claim.What) -> [Claim] { [Claim(location: location(node), what: what)] }
        switch key {
        case "verdict": return claim(.verdict(try word(node, of: Verdict.self)))
        case "status": return claim(.status(try number(node)))
        case "upgraded": return claim(.upgraded(try truth(node)))
        case "closedBy": return claim(.closedBy(try word(node, of: Closer.self)))
        case "because": return claim(.because(try text(node)))
        case "closedAfter": return claim(try closedAfter(node))
        case "upstream": return try upstream(node)
        case "response":
            let members = try members(of: node, known: ["headers"])
            return try members["headers"].map { node throws(CaseFileError) in
                try headers(node) { .responseHeader($0, $1) }
            } ?? []
        case "frames": return try frames(node)
        default: return []
        }
    }

    private func closedAfter(_ node: Node) throws(CaseFileError) -> Claim.What {
        guard node.mapping != nil else {
            let exact = try span(node)
            return .closedAfter(from: exact, to: exact)
        }
        let members = try members(of: node, known: ["between"])
        guard let between = members["between"]?.sequence, between.count == 2 else {
            throw wrong(node, "a time or {between: [3s, 4s]}")
        }
        return .closedAfter(from: try span(between[0]), to: try span(between[1]))
    }

    private func upstream(_ node: Node) throws(CaseFileError) -> [Claim] {
        let members = try members(of: node, known: ["address", "target", "headers"])
        var claims: [Claim] = []
        if let address = members["address"] {
            claims.append(Claim(location: location(address), what: .upstreamAddress(try text(address))))
        }
        if let target = members["target"] {
            claims.append(Claim(location: location(target), what: .upstreamTarget(try rule(target))))
        }
        if let headers = members["headers"] { claims += try self.headers(headers) { .upstreamHeader($0, $1) } }
        return claims
    }

    private func headers(
        _ node: Node, _ what: (String, ValueRule) -> Claim.What
    ) throws(CaseFileError) -> [Claim] {
        guard let mapping = node.mapping else { throw wrong(node, "a mapping of header names to values") }
        var claims: [Claim] = []
        for (key, value) in mapping {
            claims.append(Claim(location: location(key), what: what(try text(key), try rule(value))))
        }
        return claims
    }

    private func rule(_ node: Node) throws(CaseFileError) -> ValueRule {
        guard node.mapping != nil else { return .equals(try text(node)) }
        let members = try members(of: node, known: ["equals", "matches", "present", "absent"])
        guard members.count == 1, let (key, value) = members.first else {
            throw wrong(node, "one of equals, matches, present, absent")
        }
        switch key {
        case "equals": return .equals(try text(value))
        case "matches":
            let pattern = try text(value)
            guard (try? Regex(pattern)) != nil else { throw wrong(value, "a regular expression") }
            return .matches(pattern)
        case "present": return try truth(value) ? .present : .absent
        default: return try truth(value) ? .absent : .present
        }
    }

    private func frames(_ node: Node) throws(CaseFileError) -> [Claim] {
        let members = try members(of: node, known: ["client", "server"])
        var claims: [Claim] = []
        for party in Party.allCases {
            guard let counts = members[party.rawValue] else { continue }
            let numbers = try self.members(of: counts, known: ["delivered", "lost"])
            if let delivered = numbers["delivered"] {
                claims.append(Claim(location: location(delivered), what: .delivered(party, try number(delivered))))
            }
            if let lost = numbers["lost"] {
                claims.append(Claim(location: location(lost), what: .lost(party, try number(lost))))
            }
        }
        return claims
    }
}
