import WireBasics

/// A text with variables: `${client.address}, ${request.header.X-Forwarded-For}`.
struct PolicyTemplate: Sendable, Hashable {
    /// A piece of it.
    enum Part: Sendable, Hashable {
        case text(ByteString)
        case variable(PolicyVariable)
    }

    let parts: [Part]

    /// What is wrong with a text that is no template.
    struct Mistake: Error {
        var message: String
        var mend: String
    }

    /// Reads a text; `$$` stands for one dollar sign.
    init(_ text: String) throws(Mistake) {
        var parts: [Part] = []
        var plain = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "$" else {
                plain.append(character)
                continue
            }
            if rest.first == "$" {
                plain.append("$")
                rest.removeFirst()
                continue
            }
            guard rest.first == "{", let end = rest.firstIndex(of: "}") else {
                throw Mistake(
                    message: "a `$` without a name in braces", mend: "write ${request.host}, or $$ for a dollar sign")
            }
            let name = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
            guard let variable = PolicyVariable(name) else {
                let near = NearestName.find(name, in: PolicyVariable.names).map { "write ${\($0)}" }
                throw Mistake(
                    message: "there is no variable `\(VisibleText.escape(name))`",
                    mend: near ?? "known are \(PolicyVariable.names.joined(separator: ", "))")
            }
            if !plain.isEmpty { parts.append(.text(ByteString(plain))) }
            plain = ""
            parts.append(.variable(variable))
        }
        if !plain.isEmpty || parts.isEmpty { parts.append(.text(ByteString(plain))) }
        self.parts = parts
    }

    /// The text with the values of a request in the place of the variables.
    func value(for facts: RequestFacts) -> ByteString {
        parts.reduce(into: ByteString()) { text, part in
            switch part {
            case .text(let plain): text += plain
            case .variable(let variable): text += facts.value(of: variable)
            }
        }
    }
}

/// What a template can name.
enum PolicyVariable: Sendable, Hashable {
    case clientAddress, clientPort, listenerAddress, listenerPort, scheme
    case host, method, target, path, query
    /// The server that was chosen.
    case upstreamAddress
    /// The first line of that name in the client's request.
    case header(ByteString)
    /// What a group of the route's expression matched; 0 is the whole match.
    case group(Int)

    private static let plain: [(name: String, variable: PolicyVariable)] = [
        ("client.address", .clientAddress), ("client.port", .clientPort), ("listener.address", .listenerAddress),
        ("listener.port", .listenerPort), ("scheme", .scheme), ("request.host", .host), ("request.method", .method),
        ("request.target", .target), ("request.path", .path), ("request.query", .query),
        ("upstream.address", .upstreamAddress),
    ]

    /// The names, those with a part to fill in last.
    static let names = plain.map(\.name) + ["request.header.NAME", "match.N"]

    /// The variable of that name.
    init?(_ name: String) {
        if let known = Self.plain.first(where: { $0.name == name }) {
            self = known.variable
        } else if name.hasPrefix("request.header."), name.utf8.count > 15 {
            self = .header(ByteString(String(name.dropFirst(15))))
        } else if name.hasPrefix("match."), let group = Int(name.dropFirst(6)), (0...99).contains(group) {
            self = .group(group)
        } else {
            return nil
        }
    }
}
