import WireBasics

/// One rule of a policy: which requests it takes, where they go, and how they are treated.
struct PolicyRoute: Sendable {
    /// Where requests go.
    enum Target: Sendable {
        /// To a server of the upstream with that index.
        case upstream(Int)
        /// Nowhere: the proxy answers.
        case answer(PolicyAnswer)
    }

    /// What the policy calls it, or `routes[0]`.
    var name: String
    var match: RouteMatch
    /// Higher ones are tried first; of equal ones the first in the file.
    var priority: Int
    var target: Target
    var treatment: Treatment
    var source: ConfigLocation
}

/// Which requests a route takes: those that meet every condition.
struct RouteMatch: Sendable {
    /// The host of the request.
    enum Host: Sendable, Hashable {
        /// This name, whatever the case of its letters.
        case exact(ByteString)
        /// Any name that ends so: `.example.test` for `*.example.test`.
        case suffix(ByteString)
    }

    /// The path of the request target.
    enum Path: Sendable, Hashable {
        case exact(ByteString)
        case prefix(ByteString)
        case pattern(PCRE2Pattern)
    }

    /// One of these; empty for any.
    var hosts: [Host] = []
    var path: Path?
    /// One of these; empty for any.
    var methods: [ByteString] = []
    /// All of these.
    var headers: [HeaderCondition] = []
}

/// What must be true of a header field.
struct HeaderCondition: Sendable {
    var name: ByteString
    var value: ValueCondition
}

/// What must be true of a value.
enum ValueCondition: Sendable, Hashable {
    /// A line of that name is there, or none is.
    case present(Bool)
    /// Exactly this, whatever the case of its letters: what `Upgrade` and `Connection` need.
    case equals(ByteString)
    /// An expression is found in it.
    case matches(PCRE2Pattern)

    /// Whether it is true of the lines of that name.
    func holds(for values: [ByteString]) -> Bool {
        switch self {
        case .present(let isThere): isThere != values.isEmpty
        case .equals(let wanted): values.contains { $0.equalsIgnoringCase(wanted) }
        case .matches(let pattern): values.contains { pattern.matches($0) }
        }
    }
}
