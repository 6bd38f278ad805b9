import HTTPWire
import ProxyModel
import WireBasics

/// The header lines of a message on its way through a proxy: what goes on and why, and what does not.
struct HeaderLines {
    /// What goes on, in order.
    private(set) var lines: [OutgoingHeader]
    private var removed: [LostHeader] = []

    /// The lines of a peer, as they came.
    init(_ fields: HeaderFields, from origin: HeaderOrigin) {
        let because = Explanation(because: "passed on as the \(origin.rawValue) sent it")
        lines = fields.fields.map { OutgoingHeader($0, origin: origin, explanation: because) }
    }

    var fields: HeaderFields { HeaderFields(lines.map(\.field)) }

    /// The peer's lines that do not go on as they were.
    var lost: [LostHeader] {
        let kept = fields.fields
        return removed.filter { line in
            !kept.contains { $0.name.equalsIgnoringCase(line.field.name) && $0.value == line.field.value }
        }
    }

    /// Takes lines out.
    mutating func remove(_ because: Explanation, where matches: (HeaderField) -> Bool) {
        lines.removeAll { line in
            guard matches(line.field) else { return false }
            // Only what a peer sent can be lost.
            if line.origin == .client || line.origin == .backend {
                removed.append(LostHeader(line.field, explanation: because))
            }
            return true
        }
    }

    /// Puts one line in the place of all of that name: where the first of them stood, else at the end.
    mutating func set(_ name: ByteString, to value: ByteString, origin: HeaderOrigin, _ because: Explanation) {
        let place = lines.firstIndex { $0.field.name.equalsIgnoringCase(name) } ?? lines.endIndex
        remove(because) { $0.name.equalsIgnoringCase(name) }
        lines.insert(
            OutgoingHeader(HeaderField(name, value), origin: origin, explanation: because),
            at: min(place, lines.endIndex))
    }

    /// Adds a line behind all others.
    mutating func add(_ name: ByteString, _ value: ByteString, origin: HeaderOrigin, _ because: Explanation) {
        lines.append(OutgoingHeader(HeaderField(name, value), origin: origin, explanation: because))
    }

    /// Writes every name in lower case, as HTTP/2 and what stands behind it do.
    mutating func lowerNames() {
        for index in lines.indices { lines[index].field.name = lines[index].field.name.lowercased }
    }

    /// Does what the rules of a route say, in order.
    mutating func apply(_ rules: [HeaderRule], of route: String, for facts: RequestFacts) {
        for rule in rules { apply(rule, of: route, for: facts) }
    }

    private mutating func apply(_ rule: HeaderRule, of route: String, for facts: RequestFacts) {
        func because(_ what: String, mend: String = "") -> Explanation {
            Explanation(because: "route \(route) \(what)", source: rule.source, mend: mend)
        }
        switch rule.action {
        case .set(let name, let template):
            set(name, to: template.value(for: facts), origin: .directive, because("sets \(name)"))
        case .add(let name, let template):
            add(name, template.value(for: facts), origin: .directive, because("adds \(name)"))
        case .append(let name, let template):
            append(name, template.value(for: facts), because("appends to \(name)"))
        case .default(let name, let template):
            guard !fields.contains(name) else { return }
            add(name, template.value(for: facts), origin: .directive, because("sets \(name) where it is missing"))
        case .rename(let name, let other):
            for index in lines.indices where lines[index].field.name.equalsIgnoringCase(name) {
                let because = because("renames \(name) to \(other)")
                if lines[index].origin != .directive {
                    removed.append(LostHeader(lines[index].field, explanation: because))
                }
                lines[index].field.name = other
                lines[index].origin = .directive
                lines[index].explanation = because
            }
        case .remove(let names):
            remove(because("removes it", mend: "take it out of the `remove` rule")) { field in
                names.contains { $0.matches(field.name.lowercased) }
            }
        case .keep(let names):
            remove(because("keeps other headers only", mend: "name it in the `keep` rule")) { field in
                !names.contains { $0.matches(field.name.lowercased) }
            }
        case .passIf(let name, let condition):
            remove(because("passes \(name) on only where its value is as it should be")) { field in
                field.name.equalsIgnoringCase(name) && !condition.holds(for: [field.value])
            }
        }
    }

    private mutating func append(_ name: ByteString, _ value: ByteString, _ because: Explanation) {
        guard let last = lines.lastIndex(where: { $0.field.name.equalsIgnoringCase(name) }) else {
            return add(name, value, origin: .directive, because)
        }
        let field = lines[last].field
        if lines[last].origin != .directive { removed.append(LostHeader(field, explanation: because)) }
        lines[last] = OutgoingHeader(
            HeaderField(field.name, field.value.isEmpty ? value : field.value + ", " + value), origin: .directive,
            explanation: because)
    }
}
