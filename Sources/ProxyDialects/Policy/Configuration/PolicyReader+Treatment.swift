import WireBasics
import YAMLDocuments
import Yams

extension PolicyReader {
    static let treatmentKeys = [
        "upgrade", "hopByHop", "fieldNames", "version", "rewrite", "request", "response", "subprotocols", "extensions",
        "origins", "refusal", "timeouts",
    ]

    /// Reads those keys of a route, or of `defaults`, that say how exchanges are treated.
    func read(_ members: [String: Node], into treatment: inout Treatment) throws(DocumentError) {
        if let node = members["upgrade"] { treatment.upgrade = try setting(node, Treatment.Upgrade.self) }
        if let node = members["hopByHop"] { treatment.hopByHop = try setting(node, Treatment.HopByHop.self) }
        if let node = members["fieldNames"] { treatment.nameCase = try setting(node, Treatment.NameCase.self) }
        if let node = members["version"] { treatment.version = try setting(node, Treatment.Version.self) }
        if let node = members["rewrite"] { treatment.rewrite = Setting(try rewrite(node), source: yaml.location(node)) }
        if let node = members["request"] { treatment.request = try headerRules(node) }
        if let node = members["response"] { treatment.response = try headerRules(node) }
        if let node = members["subprotocols"] { treatment.subprotocols = try allowed(node) }
        if let node = members["extensions"] { treatment.extensions = try allowed(node) }
        if let node = members["origins"] { treatment.origins = try origins(node) }
        if let node = members["refusal"] { treatment.refusal = try answer(node) }
        if let node = members["timeouts"] { try readTimeouts(node, into: &treatment) }
    }

    private func setting<Word: RawRepresentable & CaseIterable & Sendable>(
        _ node: Node, _ type: Word.Type
    ) throws(DocumentError) -> Setting<Word> where Word.RawValue == String {
        Setting(try yaml.word(node, of: type), source: yaml.location(node))
    }

    private func readTimeouts(_ node: Node, into treatment: inout Treatment) throws(DocumentError) {
        let members = try yaml.members(of: node, known: ["connect", "answer", "idle"])
        func span(_ key: String) throws(DocumentError) -> Setting<TimeSpan>? {
            guard let node = members[key] else { return nil }
            let span = try yaml.span(node)
            guard span > .zero else { throw yaml.wrong(node, "a time longer than nothing") }
            return Setting(span, source: yaml.location(node))
        }
        treatment.connectTimeout = try span("connect") ?? treatment.connectTimeout
        treatment.answerTimeout = try span("answer") ?? treatment.answerTimeout
        treatment.idleTimeout = try span("idle") ?? treatment.idleTimeout
    }

    private func rewrite(_ node: Node) throws(DocumentError) -> PathRewrite {
        let members = try yaml.members(of: node, known: ["stripPrefix", "addPrefix", "prefix", "path"])
        guard members.count == 1, let (key, value) = members.first else {
            throw yaml.wrong(node, "one of stripPrefix, addPrefix, prefix, path")
        }
        switch key {
        case "stripPrefix": return .prefix(from: try pathText(value), to: "")
        case "addPrefix": return .prefix(from: "", to: try pathText(value))
        case "prefix":
            let ends = try yaml.members(of: value, known: ["from", "to"])
            return .prefix(
                from: try pathText(try yaml.required("from", of: ends, in: value)),
                to: try pathText(try yaml.required("to", of: ends, in: value)))
        default: return .set(try template(value))
        }
    }

    private func allowed(_ node: Node) throws(DocumentError) -> Setting<[ByteString]> {
        let members = try yaml.members(of: node, known: ["allow"])
        var names: [ByteString] = []
        for entry in yaml.list(try yaml.required("allow", of: members, in: node)) {
            names.append(ByteString(try yaml.text(entry)))
        }
        return Setting(names, source: yaml.location(node))
    }

    private func origins(_ node: Node) throws(DocumentError) -> OriginRule {
        let members = try yaml.members(of: node, known: ["allow", "required"])
        var allowed: [Glob] = []
        for entry in yaml.list(try yaml.required("allow", of: members, in: node)) {
            let text = try yaml.text(entry)
            guard text == "null" || text == "*" || text.contains("://"), !text.hasSuffix("/") else {
                throw yaml.wrong(entry, "an origin such as https://chat.example.test, without a path")
            }
            allowed.append(Glob(ByteString(text).lowercased, questionMarks: false))
        }
        let isRequired = try members["required"].map { node throws(DocumentError) in try yaml.truth(node) } ?? false
        return OriginRule(allowed: allowed, isRequired: isRequired, source: yaml.location(node))
    }

    // MARK: header rules

    private static let ruleKeys = ["set", "add", "append", "default", "rename", "remove", "keep", "passIf"]

    private func headerRules(_ node: Node) throws(DocumentError) -> [HeaderRule] {
        var rules: [HeaderRule] = []
        for entry in yaml.list(node) {
            let members = try yaml.members(of: entry, known: Self.ruleKeys)
            guard members.count == 1, let (key, value) = members.first else {
                throw yaml.wrong(entry, "one of \(Self.ruleKeys.joined(separator: ", "))")
            }
            if key == "remove" || key == "keep" {
                var names: [Glob] = []
                for name in yaml.list(value) {
                    names.append(Glob(ByteString(try yaml.text(name)).lowercased, questionMarks: false))
                }
                rules.append(
                    HeaderRule(action: key == "keep" ? .keep(names) : .remove(names), source: yaml.location(entry)))
                continue
            }
            guard let mapping = value.mapping else { throw yaml.wrong(value, "a mapping of header names") }
            for (name, value) in mapping {
                rules.append(
                    HeaderRule(action: try action(key, try fieldName(name), value), source: yaml.location(name)))
            }
        }
        return rules
    }

    private func action(_ key: String, _ name: ByteString, _ value: Node) throws(DocumentError) -> HeaderRule.Action {
        switch key {
        case "set": .set(name, try template(value))
        case "add": .add(name, try template(value))
        case "append": .append(name, try template(value))
        case "default": .default(name, try template(value))
        case "rename": .rename(name, to: try fieldName(value))
        default: .passIf(name, try condition(value))
        }
    }

    private func template(_ node: Node) throws(DocumentError) -> PolicyTemplate {
        do {
            let text = try yaml.text(node)
            guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
                throw yaml.wrong(node, "a value without control characters")
            }
            return try PolicyTemplate(text)
        } catch let mistake as PolicyTemplate.Mistake {
            throw DocumentError(message: mistake.message, location: yaml.location(node), mend: mistake.mend)
        } catch let error as DocumentError {
            throw error
        } catch {
            throw yaml.wrong(node, "a text with variables")
        }
    }
}
